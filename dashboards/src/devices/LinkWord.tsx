/** A device's link as mark and word. */
import type { JSX } from 'preact';
import type { Link } from '../../../hub/domains/fleet/view.ts';
import { useWords } from '../parts/app.tsx';

export function LinkWord({ link }: { readonly link: Link }): JSX.Element {
  const { t } = useWords();
  return (
    <span class="link-word">
      <span class={`link-mark link-${link}`} aria-hidden="true" /> {t(`link.${link}`)}
    </span>
  );
}

/** What stands at the right of the desk in place of an incident: the queue stays in sight. */
import type { ComponentChildren, JSX } from 'preact';
import { Icon } from '../parts/Icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { useDeskWords } from './desk-words.ts';

type Props = { readonly title: string; onClose(): void; readonly children: ComponentChildren };

export function Drawer({ title, onClose, children }: Props): JSX.Element {
  const { t } = useDeskWords();
  useKeys((key) => {
    if (key === 'Escape') onClose();
    return key === 'Escape';
  });
  return (
    <aside class="panel" aria-label={title}>
      <button type="button" class="icon-button panel-close" aria-label={t('help.close')} title="Esc" onClick={onClose}>
        <Icon name="close" />
      </button>
      <h2 class="drawer-title">{title}</h2>
      {children}
    </aside>
  );
}

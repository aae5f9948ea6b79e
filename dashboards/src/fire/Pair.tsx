/** A name and what stands for it. */
import type { ComponentChildren, JSX } from 'preact';

type Props = { readonly name: string; readonly children: ComponentChildren };

export function Pair({ name, children }: Props): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

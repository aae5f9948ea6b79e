/** Points by name, folded away when they are many. */
import type { JSX } from 'preact';

// More than a glance holds.
const shownOpen = 6;

export function PointNames({
  title,
  names,
}: {
  readonly title: string;
  readonly names: readonly string[];
}): JSX.Element {
  const list = names.map((name) => name.replace(/\/$/, '')).join(', ');
  if (names.length <= shownOpen) {
    return (
      <p class="point-names">
        {title}: <b>{list}</b>
      </p>
    );
  }
  return (
    <details class="point-names">
      <summary>
        {title}: <b>{names.length}</b>
      </summary>
      <p>{list}</p>
    </details>
  );
}

/** The few things above the canvas that are elements: rings that flash by style, and the name under the pointer. */
import type { JSX } from 'preact';
import type { PlacedPoint } from './points.ts';

// Each ring is an element; a flood must not make the page heavy. The points themselves are all drawn.
const ringsAtMost = 20;

type Props = { readonly points: readonly PlacedPoint[]; readonly hovered: PlacedPoint | undefined };

export function MapMarks({ points, hovered }: Props): JSX.Element {
  const ringed = points.filter(({ point }) => point.ringed === true).slice(-ringsAtMost);
  return (
    <div aria-hidden="true">
      {ringed.map(({ point, left, top }) => (
        <span
          key={point.id}
          class={point.tone === 'drill' ? 'map-ring map-ring-drill' : 'map-ring'}
          style={{ transform: `translate(${left}px, ${top}px)` }}
        />
      ))}
      {hovered !== undefined && (
        <span class="map-tip" style={{ transform: `translate(${hovered.left}px, ${hovered.top}px)` }}>
          {hovered.point.title}
        </span>
      )}
    </div>
  );
}

/** The few things above the canvas that are elements: rings that flash by style, and the name under the pointer. */
import type { JSX } from 'preact';
import type { PlacedPoint } from './points.ts';
import { fittingLabels } from './points.ts';

// Each ring is an element; a flood must not make the page heavy. The points themselves are all drawn.
const ringsAtMost = 20;

// Room that a label needs to its right; with less it stands to the left.
const labelPx = 170;

type Props = {
  readonly points: readonly PlacedPoint[];
  readonly hovered: PlacedPoint | undefined;
  /** Of the map, px. */
  readonly width: number;
};

export function MapMarks({ points, hovered, width }: Props): JSX.Element {
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
      {fittingLabels(points).map(({ point, left, top }) => (
        <span
          key={point.id}
          class={left > width - labelPx ? 'map-label at-left' : 'map-label'}
          style={{ transform: `translate(${left}px, ${top}px)` }}
        >
          {point.label}
        </span>
      ))}
      {hovered !== undefined && (
        <span class="map-tip" style={{ transform: `translate(${hovered.left}px, ${hovered.top}px)` }}>
          {hovered.point.title}
        </span>
      )}
    </div>
  );
}

/** A priority as shape, digit and colour together: none of the three alone. */
import type { JSX } from 'preact';
import type { Level, Tone } from '../fire/queue.ts';
import { fillOf, levelPath } from '../map/sprites.ts';
import { useWords } from './app.tsx';

type Props = { readonly level: Level; readonly flashing?: boolean; readonly tone?: Tone };

export function Chip({ level, flashing, tone = 'real' }: Props): JSX.Element {
  const { word } = useWords();
  return (
    <svg
      class={flashing === true ? 'chip flashing' : 'chip'}
      viewBox="-16 -16 32 32"
      role="img"
      aria-label={word('level', String(level))}
    >
      <path d={levelPath(level, 13)} fill={fillOf(level, tone)} stroke="#0b0f13" stroke-width="1.500" />
      <text x="0" y={level === 1 ? 9 : 5} text-anchor="middle">
        {level}
      </text>
    </svg>
  );
}

/** How long a window may be asked for at once, minutes, the usual first; the longest is the hub's bound. */
import type { FireWindowView } from '../../../../hub/domains/fire/view.ts';

export type WindowKind = FireWindowView['kind'];

export const windowKinds: readonly WindowKind[] = ['drill', 'walkTest', 'isolation', 'commissioning'];

export const lengthsOf: Readonly<Record<WindowKind, readonly [number, ...number[]]>> = {
  drill: [60, 30, 120, 240],
  walkTest: [120, 60, 240, 480],
  isolation: [480, 60, 240, 1_440],
  commissioning: [120, 480, 1_440],
};

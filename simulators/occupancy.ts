/** How full car parks of each kind are over the day: drawn by hand after what offices, markets and hospitals look like. Pure. */
import { daySeconds } from './clock.ts';

/** Share of places taken at a time of the city's day, by what people come for. */
export function shareAt(kind: string, citySeconds: number): number {
  const hour = (((citySeconds % daySeconds) + daySeconds) % daySeconds) / 3600;
  const curve = curves[kind] ?? [[0, 0.5] as const];
  const after = curve.findIndex(([at]) => at > hour);
  const [toHour, toShare] = curve[after === -1 ? curve.length - 1 : after] ?? [24, 0.5];
  const [fromHour, fromShare] = curve[Math.max(0, (after === -1 ? curve.length : after) - 1)] ?? [0, 0.5];
  if (toHour <= fromHour) return toShare;
  return fromShare + ((toShare - fromShare) * (hour - fromHour)) / (toHour - fromHour);
}

type Curve = readonly (readonly [hour: number, share: number])[];

const curves: Readonly<Record<string, Curve>> = {
  office: [
    [0, 0.12],
    [6.5, 0.12],
    [8.5, 0.86],
    [11.5, 0.9],
    [12.5, 0.8],
    [13.5, 0.9],
    [16.5, 0.85],
    [18.5, 0.3],
    [21, 0.15],
    [24, 0.12],
  ],
  market: [
    [0, 0.1],
    [4.5, 0.2],
    [7, 0.75],
    [10, 0.85],
    [13, 0.6],
    [17, 0.8],
    [19.5, 0.45],
    [22, 0.15],
    [24, 0.1],
  ],
  hospital: [
    [0, 0.35],
    [6, 0.5],
    [8, 0.93],
    [11, 0.95],
    [13, 0.85],
    [15, 0.92],
    [18, 0.6],
    [21, 0.4],
    [24, 0.35],
  ],
  residential: [
    [0, 0.93],
    [6, 0.92],
    [8.5, 0.5],
    [12, 0.45],
    [16.5, 0.5],
    [19, 0.82],
    [22, 0.92],
    [24, 0.93],
  ],
  leisure: [
    [0, 0.1],
    [7, 0.2],
    [10, 0.55],
    [14, 0.5],
    [17, 0.65],
    [20, 0.92],
    [22, 0.6],
    [24, 0.1],
  ],
};

/** A fire in a narrow alley of the old quarter: one detector, a neighbour's call point, then two more houses within 90 s. */
import { oldQuarterAlley } from '../city/street-table.ts';
import { type FireDevice, fireEvent } from '../fire.ts';
import type { Planned } from '../plan.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { cookingAlarms } from './cooking.ts';

export const oldQuarterFire: Scenario = {
  name: 'old-quarter-fire',
  title: { vi: 'Cháy trong ngõ phố cổ', en: 'Fire in an old-quarter alley' },
  slowness: 1.05,
  busyness: 1,
  stories: (stage) => [burnAlley(stage), cookingAlarms(stage, { firstMs: 20 * 60_000, meanMs: 15 * 60_000 })],
};

const fireMs = 12_000;

function* burnAlley(stage: Stage): Generator<Planned, void> {
  const alley = stage.fireDevices.filter((device) => device.address?.endsWith(oldQuarterAlley) === true);
  const detectors = alley.filter((device) => device.model === 'smoke-detector');
  const callPoints = new Map(
    alley.filter((device) => device.model === 'call-point').map((point) => [point.address, point]),
  );
  // A house with a call point of its own, as near the middle of the alley as there is one: it has neighbours on both sides.
  const middle = detectors.length / 2;
  const houses = detectors.map((device, index) => ({ device, index, awayBy: Math.abs(index - middle) }));
  const withCallPoint = houses.filter(({ device }) => callPoints.has(device.address));
  const [house] = (withCallPoint.length > 0 ? withCallPoint : houses).sort((left, right) => left.awayBy - right.awayBy);
  if (house === undefined) return;
  const first = house.device;
  const [before, after] = [detectors[house.index - 1], detectors[house.index + 1]];
  const callPoint = callPoints.get(first.address);
  const said = [
    ...alarm(first, fireMs, 18),
    ...(callPoint ? alarm(callPoint, fireMs + 25_000, undefined) : []),
    ...(before ? alarm(before, fireMs + 55_000, 27) : []),
    ...(after ? alarm(after, fireMs + 90_000, 41) : []),
    // Six minutes on, the pumps are at work; the call point stays pressed until somebody turns the key.
    restore(first, fireMs + 420_000),
    ...(before ? [restore(before, fireMs + 385_000)] : []),
    ...(after ? [restore(after, fireMs + 450_000)] : []),
    ...(callPoint ? [restore(callPoint, fireMs + 600_000)] : []),
  ];
  yield* said.sort((left, right) => left.atMs - right.atMs);
}

/** An alarm, said three times as a device does that still burns: twice the same event, then a new one of the same point. */
function alarm(device: FireDevice, atMs: number, smoke: number | undefined): readonly Planned[] {
  const values = smoke === undefined ? {} : { values: { smoke } };
  const first = fireEvent(device, atMs, 'fire/alarm', { kind: 'alarm', ...values });
  const still = fireEvent(device, atMs + 40_000, 'fire/still', { kind: 'alarm', ...values });
  return [first, { ...first, atMs: atMs + 10_000 }, still];
}

function restore(device: FireDevice, atMs: number): Planned {
  return fireEvent(device, atMs, 'fire/restore', { kind: 'restore' });
}

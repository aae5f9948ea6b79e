/**
 * An announced exercise in one building: everything sounds and is restored. Nothing that a device says makes it an exercise:
 * only a window that a person opened at the hub does (POST /api/v1/fire/windows); without one these are real alarms.
 */
import { type FireDevice, fireEvent, twice } from '../fire.ts';
import type { Actor } from '../plan.ts';
import type { Scenario, Stage } from '../scenario.ts';

export const drill: Scenario = {
  name: 'drill',
  title: { vi: 'Diễn tập', en: 'Drill' },
  slowness: 1,
  busyness: 1,
  stories: (stage) => [exercise(stage)],
};

/** Time enough to open the window after the start. */
const beginMs = 60_000;

/** The building with the most devices; the first of the list when several have as many. */
export function drillBuilding(fireDevices: readonly FireDevice[]): readonly FireDevice[] {
  const buildings = Map.groupBy(fireDevices, (device) => device.address ?? device.deviceId);
  return [...buildings.values()].reduce((most, some) => (some.length > most.length ? some : most), []);
}

/** A call point is pressed, the others follow every 20 s, and five minutes later all is reset. */
function exercise(stage: Stage): Actor {
  const building = drillBuilding(stage.fireDevices);
  const isPressed = (device: FireDevice): boolean => device.model === 'call-point';
  const inOrder = building.toSorted((left, right) => Number(isPressed(right)) - Number(isPressed(left)));
  const said = inOrder.flatMap((device, index) => [
    ...twice(fireEvent(device, beginMs + index * 20_000, 'drill/alarm', { kind: 'alarm' }), 10_000),
    fireEvent(device, beginMs + 300_000 + index * 5_000, 'drill/restore', { kind: 'restore' }),
  ]);
  return said.sort((left, right) => left.atMs - right.atMs).values();
}

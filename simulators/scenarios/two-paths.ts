/** A panel with two ways to the hub says everything twice: over the building's network, and seconds later over mobile radio. */
import { fireEvent } from '../fire.ts';
import type { Actor, Planned } from '../plan.ts';
import type { Scenario, Stage } from '../scenario.ts';

export const twoPaths: Scenario = {
  name: 'two-paths',
  title: { vi: 'Hai đường truyền', en: 'Two paths' },
  slowness: 1,
  busyness: 1,
  stories: (stage) => [burnOverBoth(stage)],
};

const fireMs = 15_000;

/** Alarm and restore, each over both ways. */
function burnOverBoth(stage: Stage): Actor {
  const panel = stage.fireDevices.find((device) => device.model === 'fire-panel') ?? stage.fireDevices[0];
  if (panel === undefined) return [].values();
  const body = { point: '3', values: {} };
  return [
    ...overBoth(fireEvent(panel, fireMs, 'paths/alarm', { ...body, kind: 'alarm' })),
    ...overBoth(fireEvent(panel, fireMs + 240_000, 'paths/restore', { ...body, kind: 'restore' })),
  ].values();
}

/** Each way numbers for itself, so the hub has only the device's own moment and words to know one alarm by. */
function overBoth(planned: Planned): readonly Planned[] {
  const { action } = planned;
  if (action.kind !== 'fireEvent') return [planned];
  const by = (path: string, afterMs: number): Planned => ({
    ...planned,
    atMs: planned.atMs + afterMs,
    action: { ...action, key: `${action.key}/${path}`, body: { ...action.body, values: { path } } },
  });
  return [by('ethernet', 0), by('cellular', 2_500)];
}

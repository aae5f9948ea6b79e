/** Dinner time: three pans in twelve minutes, two of them in the same kitchen, which the hub's ledger should notice. */
import type { Actor } from '../plan.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { burn, cookingAlarms } from './cooking.ts';

export const falseAlarmCooking: Scenario = {
  name: 'false-alarm-cooking',
  title: { vi: 'Báo cháy giả do nấu ăn', en: 'False alarms from cooking' },
  slowness: 1,
  busyness: 1,
  stories: (stage) => [...dinner(stage), cookingAlarms(stage, { firstMs: 15 * 60_000, meanMs: 3 * 60_000 })],
};

function dinner(stage: Stage): readonly Actor[] {
  const [first, second] = stage.fireDevices.filter((device) => device.model === 'smoke-detector');
  if (first === undefined) return [];
  const random = stage.random('dinner');
  return [
    burn(first, 12_000, random),
    burn(second ?? first, 3.5 * 60_000, random),
    // The same pan again: this place's alarms are then known to be mostly unwanted, and still as loud.
    burn(first, 10 * 60_000, random),
  ];
}

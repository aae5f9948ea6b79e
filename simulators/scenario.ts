/** What a scenario is, and the list of them. Pure. */
import type { FireDevice } from './fire.ts';
import type { Actor } from './plan.ts';
import type { Random } from './random.ts';
import { calmDay } from './scenarios/calm-day.ts';
import { drill } from './scenarios/drill.ts';
import { falseAlarmCooking } from './scenarios/false-alarm-cooking.ts';
import { lostGateway } from './scenarios/lost-gateway.ts';
import { mainsFailure } from './scenarios/mains-failure.ts';
import { oldQuarterFire } from './scenarios/old-quarter-fire.ts';
import { rushHour } from './scenarios/rush-hour.ts';
import { staleClock } from './scenarios/stale-clock.ts';
import { twoPaths } from './scenarios/two-paths.ts';

/** The fire devices that take part, and chance. */
export type Stage = { readonly fireDevices: readonly FireDevice[]; random(name: string): Random };

/** A day with a story. */
export type Scenario = {
  readonly name: string;
  readonly title: { readonly vi: string; readonly en: string };
  /** Time of the city's day at the start; absent: the real one, or 14:00 when the buses sleep. */
  readonly startSeconds?: number;
  /** Factor on bus running times. */
  readonly slowness: number;
  /** Factor on comings and goings at car parks. */
  readonly busyness: number;
  /** What happens beyond the ordinary. An actor that names devices which are not there is left out by the scenario itself. */
  stories(stage: Stage): readonly Actor[];
  /** Milliseconds by which the clocks of some devices are ahead (negative: behind); true where absent. */
  clockErrors?(stage: Stage): ReadonlyMap<string, number>;
};

/** Every scenario. */
export const scenarios: readonly Scenario[] = [
  calmDay,
  oldQuarterFire,
  rushHour,
  falseAlarmCooking,
  mainsFailure,
  lostGateway,
  drill,
  staleClock,
  twoPaths,
];

/** The scenario of this name. @throws Error that lists the names. */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  throw new Error(`there is no scenario "${name}"; known are ${scenarios.map((known) => known.name).join(', ')}`);
}

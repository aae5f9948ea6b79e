/** A radio gateway loses its power: everything behind it falls silent within a second, without a word, and is back in ten minutes. */
import type { Actor } from '../plan.ts';
import type { Scenario, Stage } from '../scenario.ts';

export const lostGateway: Scenario = {
  name: 'lost-gateway',
  title: { vi: 'Mất bộ tập trung', en: 'Lost gateway' },
  slowness: 1,
  busyness: 1,
  stories: (stage) => [silence(stage)],
};

/** More than the twenty that make one line of many; as many as a gateway of a street carries. */
const behindGateway = 60;
const silentMs = 30_000;
const backAfterMs = 10 * 60_000;

/** The first devices by radio lie in neighbouring streets; panels have a line of their own. */
function silence(stage: Stage): Actor {
  const behind = stage.fireDevices.filter((device) => device.model !== 'fire-panel').slice(0, behindGateway);
  const random = stage.random('gateway');
  return behind
    .map(({ deviceId }) => ({
      atMs: silentMs + random.whole(0, 999),
      deviceId,
      // The broker tells their last wills; they come back as a city does, not all in one moment.
      action: { kind: 'cut' as const, forMs: backAfterMs + random.whole(0, 20_000) },
    }))
    .sort((left, right) => left.atMs - right.atMs)
    .values();
}

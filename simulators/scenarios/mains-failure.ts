/** The power fails in a whole quarter: every panel says so within 10 s, and among them one building burns. */
import { type FireDevice, fireEvent } from '../fire.ts';
import type { Actor, Planned } from '../plan.ts';
import type { Random } from '../random.ts';
import type { Scenario, Stage } from '../scenario.ts';

export const mainsFailure: Scenario = {
  name: 'mains-failure',
  title: { vi: 'Mất điện diện rộng', en: 'Mains failure' },
  slowness: 1.1,
  busyness: 1,
  stories: (stage) => {
    const wired = stage.fireDevices.filter((device) => mainsModels.has(device.model));
    const lost = wired.map((device) => loseMains(device, stage.random(`mains/${device.deviceId}`)));
    return [...lost, realFire(stage)];
  },
};

const mainsModels = new Set(['fire-panel', 'call-point', 'heat-detector']);
const failureMs = 15_000;
const backMs = failureMs + 10 * 60_000;

function loseMains(device: FireDevice, random: Random): Actor {
  const lostMs = failureMs + random.whole(0, 9_999);
  const values = { code: 'mainsLost' };
  return [
    fireEvent(device, lostMs, 'mains/lost', { kind: 'trouble', class: 'other', point: 'mains', values }),
    fireEvent(device, backMs + random.whole(0, 59_999), 'mains/back', {
      kind: 'troubleRestore',
      class: 'other',
      point: 'mains',
    }),
  ].values();
}

/** In the middle of the flood: a karaoke's panel, which has verified the smoke itself, and four minutes later its restore. */
function* realFire(stage: Stage): Generator<Planned, void> {
  const panels = stage.fireDevices.filter((device) => device.model === 'fire-panel');
  const panel = panels.find((device) => device.use === 'karaoke') ?? panels[0];
  if (panel === undefined) return;
  const atMs = failureMs + 5_000;
  const alarm = fireEvent(panel, atMs, 'fire/alarm', { kind: 'alarm', point: '2', panelVerified: true });
  yield alarm;
  yield { ...alarm, atMs: atMs + 10_000 };
  yield fireEvent(panel, atMs + 240_000, 'fire/restore', { kind: 'restore', point: '2' });
}

/** Devices whose last frame could not be believed: a trouble of each that is registered, ended by its next whole frame. */
import type { Adapted } from '../../devices/adapters/adapted.ts';
import { wellAgain } from '../../devices/adapters/doubtful.ts';
import { BoundedMap } from './bounded-map.ts';
import type { GatewayParts } from './hand-on.ts';

export type Doubts = {
  /** Keeps the trouble. A stranger's leaves nothing but a line in the log: anybody can send it. */
  note(trouble: Adapted, why: string): Promise<void>;
  /** A whole frame came: what there is to tell besides, empty when nothing was wrong. */
  end(deviceId: string): readonly Adapted[];
  /** That could not be stored: it is still to be told. */
  restore(deviceId: string, told: readonly Adapted[]): void;
};

export function createDoubts(
  { registry, now, log, limits, recent }: GatewayParts,
  dialect: string,
  store: (messages: readonly Adapted[]) => Promise<boolean>,
): Doubts {
  const doubtful = new BoundedMap<string, true>(limits.remembered);
  for (const device of recent.doubtful) doubtful.set(device, true);
  return {
    async note(trouble, why) {
      const { deviceId } = trouble;
      // Told once: whoever forges a panel's frames must not fill the log either. A stranger's are few, see strangers.ts.
      const isKnown = doubtful.get(deviceId) !== undefined;
      log[isKnown ? 'debug' : 'info']({ device: deviceId, why }, 'a frame could not be believed');
      if (registry.device(deviceId)?.domain !== 'fire') return;
      doubtful.set(deviceId, true);
      await store([trouble]);
    },
    end: (deviceId) => (doubtful.delete(deviceId) ? [wellAgain(dialect, deviceId, now())] : []),
    restore(deviceId, told) {
      if (told.length > 0) doubtful.set(deviceId, true);
    },
  };
}

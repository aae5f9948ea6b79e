/**
 * Room for devices that nobody has registered: anybody who reaches a door can speak as a thousand of them, and must neither
 * keep the known ones out nor fill the disk.
 */
import type { GatewayParts } from './hand-on.ts';

export type Strangers = {
  /**
   * Lets a frame in; `undefined` when it is a stranger's and there is no room. `isSilent`: it leaves nothing behind, such as a
   * link test. Call what is returned once the frame is done.
   */
  enter(deviceId: string | undefined, isSilent: boolean): (() => void) | undefined;
};

export function createStrangers({
  registry,
  now,
  limits,
}: Pick<GatewayParts, 'registry' | 'now' | 'limits'>): Strangers {
  let open = 0;
  let left: number = limits.strangerFrames;
  let countedAt = now();

  function hasRoom(isSilent: boolean): boolean {
    // A clock that was set back takes nothing away.
    const earned = Math.max(0, now() - countedAt) / limits.strangerFrameMs;
    left = Math.min(limits.strangerFrames, left + earned);
    countedAt = now();
    if (open >= limits.openStrangers || (!isSilent && left < 1)) return false;
    if (!isSilent) left--;
    return true;
  }

  return {
    enter(deviceId, isSilent) {
      if (deviceId !== undefined && registry.device(deviceId)?.domain === 'fire') return () => undefined;
      if (!hasRoom(isSilent)) return undefined;
      open++;
      return () => {
        open--;
      };
    },
  };
}

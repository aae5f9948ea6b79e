/** When each device was last heard of: changed 30,000 times a second, so it is one lookup and three additions. */
import type { Millis } from '../../devices/wire.ts';

type Presence = { lastAt: Millis; messages: number; refused: number; battery?: number };

/** Devices noted; only authenticated ones come here, so a city stays far below. At the bound new ones are not noted. */
const maxDevices = 500_000;

export class PresenceBook {
  readonly #devices = new Map<string, Presence>();

  /** Notes a message; true for the first one since the hub started. */
  note(deviceId: string, at: Millis, refused: boolean): boolean {
    const known = this.#devices.get(deviceId);
    if (known !== undefined) {
      known.messages++;
      if (at > known.lastAt) known.lastAt = at;
      if (refused) known.refused++;
      return false;
    }
    if (this.#devices.size < maxDevices) {
      this.#devices.set(deviceId, { lastAt: at, messages: 1, refused: refused ? 1 : 0 });
    }
    return true;
  }

  /** What a device told of its battery, in %; nothing for a device that was never heard of. */
  noteBattery(deviceId: string, percent: number): void {
    const known = this.#devices.get(deviceId);
    if (known !== undefined) known.battery = percent;
  }

  /** A copy: the book goes on. */
  get(deviceId: string): Readonly<Presence> | undefined {
    const known = this.#devices.get(deviceId);
    return known === undefined ? undefined : { ...known };
  }

  forget(deviceId: string): void {
    this.#devices.delete(deviceId);
  }
}

/** The six bytes of a Milesight GS524N smoke detector. Pure. */
import type { Condition } from '../edges.ts';

/** What one uplink says. */
export type SmokeUplink = {
  readonly message: string;
  readonly conditions: readonly Condition[];
  /** % */
  readonly battery?: number;
  /** % */
  readonly smoke?: number;
  /** °C */
  readonly temperature: number;
};

const smokeType = 1;

/** Takes an uplink apart; `undefined` when it is of another device: length, type and sum must all fit. */
export function decodeGs524n(bytes: Uint8Array): SmokeUplink | undefined {
  const [, kind = 0, battery = 0, smoke = 0, temperature = 0] = bytes;
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  if (bytes.length !== 6 || sum % 256 !== 0 || kind >> 4 !== smokeType) return undefined;
  const code = kind & 0x0f;
  const known = Object.hasOwn(messages, code) ? messages[code] : undefined;
  return {
    message: known?.[0] ?? `message ${code}`,
    conditions: known?.[1] ?? [{ ...alarm(true), class: 'other', point: `message ${code}`, isUnknown: true }],
    temperature: temperature > 127 ? temperature - 256 : temperature,
    ...(battery <= 100 ? { battery } : {}),
    ...(smoke <= 100 ? { smoke } : {}),
  };
}

const alarm = (isOn: boolean): Condition => ({ kind: 'alarm', class: 'smoke', point: '', isOn });
const silenced = (isOn: boolean): Condition => ({ kind: 'supervisory', class: 'smoke', point: 'silenced', isOn });
const trouble = (point: string, isOn: boolean): Condition => ({ kind: 'trouble', class: 'other', point, isOn });
const removed = (isOn: boolean): Condition => ({ kind: 'tamper', class: 'other', point: 'mounting', isOn });
const tested: Condition = { kind: 'test', class: 'smoke', point: '', isOn: true };
const testEnded: Condition = { ...tested, isOn: false };

const messages: Readonly<Record<number, readonly [name: string, conditions: readonly Condition[]]>> = {
  1: ['alarm', [alarm(true)]],
  // Somebody pressed the button; the smoke may still be there.
  2: ['silenced', [silenced(true)]],
  4: ['low battery', [trouble('battery', true)]],
  5: ['fault', [trouble('fault', true)]],
  7: ['normal', [alarm(false), silenced(false), trouble('battery', false), trouble('fault', false), testEnded]],
  10: ['removed', [removed(true)]],
  11: ['installed', [removed(false)]],
  14: ['test', [tested, trouble('battery', false)]],
  15: ['test, low battery', [tested, trouble('battery', true)]],
};

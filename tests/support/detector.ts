/** What a detector says in browser tests, acknowledged by the hub before the test goes on. */
import mqtt from 'mqtt';
import type { TestHub } from './hub.ts';

let clock = 0;
let sequence = 0;

/** Anything a detector may say, as `event`; its id, times and numbers are filled in. */
export async function say(hub: TestHub, device: string, words: Readonly<Record<string, unknown>>): Promise<void> {
  const client = await mqtt.connectAsync(hub.mqttUrl, { ...hub.device(device), clientId: device });
  clock = Math.max(clock + 1, Date.now());
  sequence += 1;
  const event = { id: `${device}-${sequence}`, ts: clock, boot: 'boot-1', seq: sequence, class: 'smoke', ...words };
  await client.publishAsync(`city/v1/fire/${device}/event`, JSON.stringify(event), { qos: 1 });
  await client.endAsync();
}

/** An alarm of its point 1. */
export function alarm(hub: TestHub, device: string, words: Readonly<Record<string, unknown>> = {}): Promise<void> {
  return say(hub, device, { kind: 'alarm', point: '1', ...words });
}

/** Its point 1 is well again. */
export function restore(hub: TestHub, device: string, words: Readonly<Record<string, unknown>> = {}): Promise<void> {
  return say(hub, device, { kind: 'restore', point: '1', ...words });
}

/**
 * Fire devices of a bench: a steady, low rate of QoS 1 alarms, each a new point, so that each must reach the screen.
 *
 * `node tests/bench/fire.ts --url mqtt://127.0.0.1:1883 --credentials file --devices 20 --rate 10 --seconds 60 --run a1`
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectDevice, type Device } from '../../devices/client.ts';
import type { FireEvent } from '../../devices/fire/message.ts';
import { type DeviceCredentials, readCredentials } from '../../simulators/credentials.ts';
import { printResult, usualOptions } from './child.ts';
import { percentile, preciseNow, writeMark } from './mark.ts';

/** What was done. Latencies in ms from publish to PUBACK, which means "on disk". */
export type FireResult = {
  readonly run: string;
  readonly sent: number;
  readonly acknowledged: number;
  readonly acknowledgedP50: number;
  readonly acknowledgedP99: number;
  readonly acknowledgedMax: number;
  readonly seconds: number;
};

/** Sends the alarms one after the other in equal steps, whether or not earlier ones are acknowledged. */
export async function runFire(options: {
  readonly url: string;
  readonly devices: readonly DeviceCredentials[];
  /** Alarms a second, all devices together. */
  readonly rate: number;
  readonly seconds: number;
  readonly run: string;
}): Promise<FireResult> {
  const { url, run } = options;
  const devices: Device[] = [];
  for (const { id, password, domain } of options.devices) {
    devices.push(await connectDevice({ url, id, password, domain, boot: run }));
  }
  const latencies: number[] = [];
  const total = Math.round(options.rate * options.seconds);
  const startedAt = preciseNow();
  const answers: Promise<void>[] = [];
  for (let number = 1; number <= total; number++) {
    const waitMs = startedAt + ((number - 1) * 1000) / options.rate - preciseNow();
    if (waitMs > 0) await sleep(waitMs);
    const device = devices[number % devices.length];
    if (device === undefined) throw new Error('there is no fire device to send with');
    const sentAt = preciseNow();
    const answer = device.publishEvent('event', alarm(run, number, sentAt));
    answers.push(answer.then(() => void latencies.push(preciseNow() - sentAt)));
  }
  await Promise.race([Promise.allSettled(answers), sleep(15_000)]);
  const seconds = (preciseNow() - startedAt) / 1000;
  await Promise.all(devices.map((device) => device.close()));
  latencies.sort((left, right) => left - right);
  return {
    run,
    sent: total,
    acknowledged: latencies.length,
    acknowledgedP50: tenth(percentile(latencies, 0.5)),
    acknowledgedP99: tenth(percentile(latencies, 0.99)),
    acknowledgedMax: tenth(latencies.at(-1) ?? Number.NaN),
    seconds: tenth(seconds),
  };
}

function alarm(run: string, number: number, sentAt: number): FireEvent {
  const point = writeMark(run, number, sentAt);
  const ids = { id: `${run}-${number}`, boot: run, seq: number };
  return { ...ids, ts: Math.round(sentAt), kind: 'alarm', class: 'smoke', point, values: { sentAt } };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

async function main(): Promise<FireResult> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...usualOptions,
      seconds: { ...string, default: '60' },
      devices: { ...string, default: '20' },
      rate: { ...string, default: '10' },
      run: { ...string, default: Date.now().toString(36) },
    },
  });
  const fire = readCredentials(values.credentials).filter((device) => device.domain === 'fire');
  const devices = fire.slice(0, Number(values.devices));
  if (devices.length === 0) throw new Error(`${values.credentials} has no fire device`);
  const { url, run } = values;
  return await runFire({ url, devices, rate: Number(values.rate), seconds: Number(values.seconds), run });
}

if (import.meta.main) printResult(main);

/** Nobody looks: the running hub takes the next step by itself, once, and goes on where it was after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { device, raise } from '../support/clients.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nhip-escalation-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('an alarm that no screen receives is escalated after 5 s, and a restart neither repeats nor forgets', async () => {
  const first = await startTestHub({ directory });
  const detector = await device(first, 'fd-1');
  await raise(detector, 'fd-1');
  await until('the second channel', async () => (await stepsOf(first)).includes('secondChannel: noReceipt'));
  await detector.endAsync();
  await first.stop();
  const second = await startTestHub({ directory });
  await until('the voice channel', async () => (await stepsOf(second)).includes('voice: noReceipt'), 30_000);
  expect((await stepsOf(second)).slice(0, 2)).toEqual(['secondChannel: noReceipt', 'voice: noReceipt']);
  await second.stop();
}, 60_000);

/** The steps of the only open incident, as its time line tells them. */
async function stepsOf(hub: TestHub): Promise<string[]> {
  const { body } = await hub.request('/api/v1/incidents?state=open', { token: hub.tokens.fire });
  return [...JSON.stringify(body).matchAll(/"incident\.escalated","by":"hub","text":"([^"]+)"/g)].map(
    ([, step]) => step ?? '',
  );
}

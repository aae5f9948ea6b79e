/** The storms of the bench: ten thousand panels lose their mains in ten seconds; alarms among them must reach the screen. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestHub } from '../support/hub.ts';
import { startHubProcess } from '../support/hub-process.ts';
import { runChild } from './child.ts';
import type { ListenResult } from './listener.ts';
import { hasAlarm, type StormResult } from './storm.ts';

/** One storm: how many panels raise an alarm too. */
export type StormScene = { readonly name: string; readonly every: number };
export const stormScenes: readonly StormScene[] = [
  { name: 'mains: 10,000 panels in 10 s, one fire', every: 0 },
  { name: '1,000 fire events a second, each tenth panel burns', every: 10 },
];

const wanted = 10_000;
const panelsPerSecond = 1_000;
/** Wards of Hanoi since July 2025. */
const wards = 126;

/** As many panels as this shell's limit of open files lets hub and storm hold; says so when they are fewer. */
export function panelsThatFit(say: (line: string) => void): number {
  const soft = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0);
  const fit = Math.min(wanted, soft - 500);
  if (fit < wanted)
    say(`only ${fit} panels instead of ${wanted}: this shell may open ${soft} files; try "ulimit -n 20000"`);
  return fit;
}

/** Runs one storm on a fresh hub and answers its row. */
export async function runStormScene(scene: StormScene, panels: number): Promise<Record<string, unknown>> {
  const city = await makePanels(panels);
  const hub = await startHubProcess(city.directory);
  const run = `b${Date.now() % 1_000_000}`;
  const alarms = Array.from({ length: panels }, (_, index) => hasAlarm(index, panels, scene.every)).filter(Boolean);
  const listening = runChild<ListenResult>('listener.ts', [
    ...['--url', hub.url, '--token', city.fireToken, '--run', run],
    ...['--expect', String(alarms.length), '--seconds', '150'],
  ]);
  const storm = await runChild<StormResult>('storm.ts', [
    ...['--url', `mqtt://127.0.0.1:${hub.mqttPort}`, '--credentials', city.credentials],
    ...['--rate', String(panelsPerSecond), '--every', String(scene.every), '--run', run],
  ]);
  const seen = await listening;
  const isCounted = await areaCounts(hub.url, city.fireToken, panels);
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  const code = await hub.end('SIGTERM');
  const stored = readJournal(city.directory, run, panels, scene.every);
  rmSync(city.directory, { recursive: true, force: true });
  return {
    scene: scene.name,
    ...storm,
    'alarm p50 ms': seen.p50,
    'alarm p99 ms': seen.p99,
    'alarm max ms': seen.max,
    'alarms not on the screen': storm.alarms - seen.count,
    'sent to the screen again': seen.repeated,
    'delivery by receipts p99 under ms': receiptsP99(metrics),
    'area line counts all panels': isCounted,
    ...stored,
    'stopped with': code,
  };
}

/** A data folder with so many panels, each at a place of its own; made anew for each run. */
async function makePanels(count: number) {
  const directory = mkdtempSync(join(tmpdir(), 'nhip-bench-'));
  const hub = await startTestHub({ directory });
  const ids = Array.from({ length: count }, (_, index) => `panel-${index}`);
  hub.hub.registry.write({
    places: ids.map((id, index) => ({
      id: `at-${id}`,
      name: `Nhà ${index}`,
      address: `${index} phố Thử Nghiệm`,
      wardCode: `ward-${index % wards}`,
      position: { lat: 20.9 + (index % 100) / 500, lon: 105.7 + Math.floor(index / 100) / 500 },
    })),
    devices: ids.map((id) => ({
      id,
      domain: 'fire',
      model: 'fire-panel',
      name: id,
      heartbeatMs: 600_000,
      binding: { kind: 'place', target: `at-${id}`, state: 'verified', since: 0, by: 'bench' },
      synthetic: false,
    })),
  });
  const secrets = hub.hub.access.importDeviceSecrets(ids.map((deviceId) => ({ deviceId, domain: 'fire' })));
  const devices = ids.map((id, index) => ({ id, username: id, password: secrets[index], domain: 'fire' }));
  const credentials = join(directory, 'bench-credentials.json');
  writeFileSync(credentials, JSON.stringify({ tokens: hub.tokens, devices }), { mode: 0o600 });
  const fireToken = hub.tokens.fire;
  await hub.stop();
  return { directory, credentials, fireToken };
}

/** Reconciles what was sent with what the stopped hub's journal holds, id by id. */
function readJournal(directory: string, run: string, panels: number, every: number): Record<string, unknown> {
  const journal = new DatabaseSync(join(directory, 'journal.db'), { readOnly: true });
  const times = new Map<string, number>();
  const received = `SELECT json_extract(data, '$.event') AS event FROM events WHERE type = 'signal.received'`;
  for (const { event } of journal.prepare(received).iterate()) {
    times.set(String(event), (times.get(String(event)) ?? 0) + 1);
  }
  const sent = Array.from({ length: panels }, (_, index) => [
    `${run}-panel-${index}-1`,
    ...(hasAlarm(index, panels, every) ? [`${run}-panel-${index}-2`] : []),
  ]).flat();
  const count = (type: string): unknown =>
    journal.prepare('SELECT count(*) AS number FROM events WHERE type = ?').get(type)?.number;
  const firstAt = (type: string): number =>
    Number(
      journal.prepare("SELECT min(at) AS at FROM events WHERE type = ? AND deviceId IS NOT 'hub-watchdog'").get(type)
        ?.at,
    );
  const answer = {
    'events not in the journal': sent.filter((id) => !times.has(id)).length,
    'events twice in the journal': sent.filter((id) => (times.get(id) ?? 0) > 1).length,
    'area incidents': count('incident.areaRaised'),
    'area line after the first panel, s': (firstAt('incident.areaRaised') - firstAt('signal.received')) / 1000,
    'fire incidents': count('incident.raised'),
  };
  journal.close();
  return answer;
}

/** Whether the open area incident comes to count every panel; its counter reaches the screens each 10 s. */
async function areaCounts(url: string, token: string, panels: number): Promise<boolean> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/api/v1/incidents?state=open`, { headers: { authorization: `Bearer ${token}` } });
    if ((await answer.text()).includes(`"members":${panels},`)) return true;
    await sleep(250);
  }
  return false;
}

/** The bucket's upper bound, in ms, that 99 % of `hub_alarm_delivery_seconds` lie under. */
function receiptsP99(metrics: string): number {
  const bucket = /^hub_alarm_delivery_seconds_bucket\{le="([^"]+)"[^}]*\} (\d+)$/gm;
  const buckets = [...metrics.matchAll(bucket)].map(([, bound, count]) => ({ bound, count: Number(count) }));
  const all = buckets.at(-1)?.count ?? 0;
  const enough = buckets.find(({ count }) => all > 0 && count >= all * 0.99);
  return Math.round(Number(enough?.bound === '+Inf' ? Number.POSITIVE_INFINITY : enough?.bound) * 1000);
}

/**
 * Measures the whole road on this machine: `npm run bench` (about 6 minutes; `-- --seconds 10` for a quick look).
 * The hub is a process of its own with the embedded stores and an empty data folder; load, alarms and screen are others.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTestHub } from '../support/hub.ts';
import { type HubProcess, startHubProcess } from '../support/hub-process.ts';
import { until } from '../support/until.ts';
import { runChild } from './child.ts';
import type { FireResult } from './fire.ts';
import type { ListenResult } from './listener.ts';
import type { LoadResult } from './load.ts';
import { panelsThatFit, runStormScene, stormScenes } from './mains.ts';
import { percentile } from './mark.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    runs: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const seconds = Number(values.seconds);

/** One row of the bench: a load, with alarms running through it. */
type Scene = { readonly name: string; readonly load?: { readonly mode: string; readonly rate: number } };
const scenes: readonly Scene[] = [
  { name: 'no load' },
  { name: '30,000/s paced', load: { mode: 'paced', rate: 30_000 } },
  { name: '20,000 in one burst a second', load: { mode: 'burst', rate: 20_000 } },
  { name: '80,000/s offered', load: { mode: 'flood', rate: 80_000 } },
];
const buses = 500;
const detectors = 20;
const alarmsPerSecond = 10;

type City = { readonly directory: string; readonly credentials: string; readonly fireToken: string };

/** A data folder with the bench's devices and one token; made anew for each scene. */
async function makeCity(): Promise<City> {
  const directory = mkdtempSync(join(tmpdir(), 'nhip-bench-'));
  const hub = await startTestHub({ directory });
  const place = (id: string) => ({ kind: 'place', target: id, state: 'verified', since: 0, by: 'bench' }) as const;
  const records = [
    ...Array.from({ length: buses }, (_, index) => ({ id: `bus-${index}`, domain: 'bus', model: 'bus-tracker' })),
    ...Array.from({ length: detectors }, (_, index) => ({
      id: `fire-${index}`,
      domain: 'fire',
      model: 'smoke-detector',
      binding: place(`bench-${index}`),
    })),
  ];
  hub.hub.registry.write({
    places: Array.from({ length: detectors }, (_, index) => ({
      id: `bench-${index}`,
      name: `Nhà ${index}`,
      address: `${index} Hàng Bạc`,
      position: { lat: 21.03, lon: 105.85 },
    })),
    devices: records.map((record) => ({ ...record, name: record.id, heartbeatMs: 60_000, synthetic: true })),
  });
  const secrets = hub.hub.access.importDeviceSecrets(records.map(({ id, domain }) => ({ deviceId: id, domain })));
  const devices = records.map(({ id, domain }, index) => ({ id, username: id, password: secrets[index], domain }));
  const credentials = join(directory, 'bench-credentials.json');
  writeFileSync(credentials, JSON.stringify({ tokens: hub.tokens, devices }), { mode: 0o600 });
  const fireToken = hub.tokens.fire;
  await hub.stop();
  return { directory, credentials, fireToken };
}

/** Highest resident memory and CPU seconds of a process, read from /proc each 200 ms. */
function watchProcess(pid: number) {
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(
      peakBytes,
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    );
  }, 200);
  const cpuSeconds = (): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  const cpuBefore = cpuSeconds();
  return {
    stop(): { peakMb: number; cpuSeconds: number } {
      clearInterval(timer);
      return { peakMb: Math.round(peakBytes / 1e6), cpuSeconds: cpuSeconds() - cpuBefore };
    },
  };
}

/** Sums of a Prometheus counter by label text, e.g. `hub_history_points_total{result="written"}`. */
async function readMetrics(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map([...text.matchAll(/^(hub_\S+) ([\d.e+-]+)$/gm)].map(([, key = '', value]) => [key, Number(value)]));
}

async function runScene(scene: Scene): Promise<Record<string, unknown>> {
  const city = await makeCity();
  const hub: HubProcess = await startHubProcess(city.directory);
  const watch = watchProcess(hub.child.pid ?? 0);
  const run = `b${Date.now() % 1_000_000}`;
  const mqtt = ['--url', `mqtt://127.0.0.1:${hub.mqttPort}`, '--credentials', city.credentials];
  const total = Math.round(alarmsPerSecond * seconds);
  const listening = runChild<ListenResult>('listener.ts', [
    '--url',
    hub.url,
    '--token',
    city.fireToken,
    '--run',
    run,
    '--expect',
    String(total),
    '--seconds',
    String(seconds + 45),
  ]);
  const loading = scene.load
    ? runChild<LoadResult>('load.ts', [
        ...mqtt,
        '--connections',
        String(buses),
        '--rate',
        String(scene.load.rate),
        '--seconds',
        String(seconds),
        '--mode',
        scene.load.mode,
      ])
    : undefined;
  const fire = await runChild<FireResult>('fire.ts', [
    ...mqtt,
    '--devices',
    String(detectors),
    '--rate',
    String(alarmsPerSecond),
    '--seconds',
    String(seconds),
    '--run',
    run,
  ]);
  const load = await loading;
  const seen = await listening;
  const metrics = await until(
    'everything received is stored',
    async () => {
      const now = await readMetrics(hub.url);
      const points = (result: string): number => now.get(`hub_history_points_total{result="${result}"}`) ?? 0;
      return points('offered') === points('written') + points('shed') + points('refused') ? now : undefined;
    },
    60_000,
  );
  const used = watch.stop();
  const code = await hub.end('SIGTERM');
  rmSync(city.directory, { recursive: true, force: true });
  const received = metrics.get('hub_mqtt_messages_total{domain="bus",result="received"}') ?? 0;
  const history = (result: string): number => metrics.get(`hub_history_points_total{result="${result}"}`) ?? 0;
  return {
    scene: scene.name,
    'positions sent': load?.sent ?? 0,
    received,
    'stored points': history('written'),
    dead: metrics.get('hub_mqtt_messages_total{domain="all",result="dead"}') ?? 0,
    shed: (metrics.get('hub_mqtt_messages_total{domain="all",result="shed"}') ?? 0) + history('shed'),
    balance: (load?.sent ?? 0) - received,
    'per second': load ? Math.round(load.sent / load.seconds) : 0,
    'alarm p50 ms': seen.p50,
    'alarm p99 ms': seen.p99,
    'alarm max ms': seen.max,
    'alarms lost': total - seen.count,
    'PUBACK p99 ms': fire.acknowledgedP99,
    'RSS peak MB': used.peakMb,
    'hub CPU cores': Math.round((used.cpuSeconds / (load?.seconds ?? seconds)) * 100) / 100,
    'load CPU cores': load ? Math.round(load.cpu * 100) / 100 : 0,
    'stopped with': code,
  };
}

/** From the start of the process to the first answer, with an empty data folder. Milliseconds, sorted. */
async function measureStarts(times: number): Promise<readonly number[]> {
  const measured: number[] = [];
  for (let round = 0; round < times; round++) {
    const directory = mkdtempSync(join(tmpdir(), 'nhip-bench-'));
    const startedAt = performance.now();
    const hub = await startHubProcess(directory);
    measured.push(Math.round(performance.now() - startedAt));
    await hub.end('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  }
  return measured.sort((a, b) => a - b);
}

const { log } = console;
log(
  `${cpus()[0]?.model}, ${availableParallelism()} cores, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}; ${seconds} s a scene`,
);
const starts = await measureStarts(5);
log(`ready after (ms, 5 starts with an empty data folder): ${starts.join(', ')}`);
const isWanted = (name: string): boolean => values.only === undefined || name.includes(values.only);
for (const scene of scenes.filter(({ name }) => isWanted(name))) {
  for (let round = 0; round < Number(values.runs); round++) log(await runScene(scene));
}
for (const scene of stormScenes.filter(({ name }) => isWanted(name))) {
  const panels = panelsThatFit(log);
  const worst: number[] = [];
  for (let round = 0; round < Number(values.runs); round++) {
    const row = await runStormScene(scene, panels);
    worst.push(Number(row['alarm max ms']));
    log(row);
  }
  worst.sort((left, right) => left - right);
  log(`slowest alarm of ${worst.length} runs, ms: p50 ${percentile(worst, 0.5)}, p99 ${percentile(worst, 0.99)}`);
}

/** A real InfluxDB 2 for the contract suite: one that is named, one that is installed, or one in a container. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, Wait } from 'testcontainers';

export type InfluxServer = {
  readonly url: string;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
  stop(): Promise<void>;
};

/** Where a server can be had from; `undefined` with the reason when nowhere. */
export type InfluxSource = { readonly kind: 'address' | 'binary' | 'container' } | { readonly kind: 'none' };

/** Looks around without starting anything. */
export function findInflux(environment: NodeJS.ProcessEnv): InfluxSource {
  if (environment.HUB_TEST_INFLUX_URL) return { kind: 'address' };
  if (succeeds('influxd', ['version'])) return { kind: 'binary' };
  return succeeds('docker', ['info']) ? { kind: 'container' } : { kind: 'none' };
}

/** Starts or finds the server and sets it up with an organisation, a bucket and a token. */
export function startInflux(source: InfluxSource, environment: NodeJS.ProcessEnv): Promise<InfluxServer> {
  switch (source.kind) {
    case 'address':
      return useAddress(environment);
    case 'binary':
      return startBinary();
    case 'container':
      return startContainer();
    case 'none':
      return Promise.reject(new Error('no InfluxDB can be had here'));
  }
}

const owner = { username: 'nhip', password: 'nhip-test-password', org: 'nhip', bucket: 'telemetry' };

async function useAddress(environment: NodeJS.ProcessEnv): Promise<InfluxServer> {
  const url = environment.HUB_TEST_INFLUX_URL ?? '';
  const org = environment.HUB_TEST_INFLUX_ORG ?? owner.org;
  const bucket = environment.HUB_TEST_INFLUX_BUCKET ?? owner.bucket;
  const token = environment.HUB_TEST_INFLUX_TOKEN ?? (await setUp(url, org, bucket));
  return { url, token, org, bucket, stop: () => Promise.resolve() };
}

async function startBinary(): Promise<InfluxServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nhip-influxd-'));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'influxd',
    [
      ...['--bolt-path', join(folder, 'influxd.bolt'), '--engine-path', join(folder, 'engine')],
      ...['--sqlite-path', join(folder, 'influxd.sqlite'), '--http-bind-address', address],
      ...['--reporting-disabled', '--log-level', 'error'],
    ],
    { stdio: 'ignore' },
  );
  const url = `http://${address}`;
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilHealthy(url);
    const token = await setUp(url, owner.org, owner.bucket);
    return { url, token, org: owner.org, bucket: owner.bucket, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function startContainer(): Promise<InfluxServer> {
  const container = await new GenericContainer('influxdb:2.7-alpine')
    .withExposedPorts(8086)
    .withWaitStrategy(Wait.forHttp('/health', 8086))
    .start();
  const url = `http://${container.getHost()}:${container.getMappedPort(8086)}`;
  const token = await setUp(url, owner.org, owner.bucket);
  return { url, token, org: owner.org, bucket: owner.bucket, stop: async () => void (await container.stop()) };
}

/** https://docs.influxdata.com/influxdb/v2/api/#operation/PostSetup */
async function setUp(url: string, org: string, bucket: string): Promise<string> {
  const response = await fetch(`${url}/api/v2/setup`, {
    method: 'POST',
    body: JSON.stringify({ username: owner.username, password: owner.password, org, bucket }),
  });
  const body: unknown = await response.json();
  if (typeof body === 'object' && body !== null && 'auth' in body) {
    const { auth } = body;
    if (typeof auth === 'object' && auth !== null && 'token' in auth) return String(auth.token);
  }
  throw new Error(`InfluxDB could not be set up (${response.status}): ${JSON.stringify(body)}`);
}

async function untilHealthy(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const isHealthy = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isHealthy) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('InfluxDB did not become healthy within 30 s');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(late);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no free port'));
        else resolve(address.port);
      });
    });
  });
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}

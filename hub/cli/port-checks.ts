/** The doctor's look at the ports: free for a start, or the hub answering. */
import { createServer, isIPv6 } from 'node:net';
import type { Config } from '../config.ts';
import { readDoors } from '../doors.ts';
import { canConnect } from './checks.ts';
import type { Finding } from './commands/doctor.ts';
import type { Io } from './io.ts';
import { runningHub } from './running-hub.ts';

/** The ports of the hub that works in this folder; when none does, whether those of the settings are free. */
export async function checkPorts(config: Config, dataDirectory: string, io: Io): Promise<readonly Finding[]> {
  const hub = runningHub(dataDirectory, io);
  const wanted = [
    { setting: 'HUB_HTTP_PORT', port: config.httpPort, kind: 'web' },
    { setting: 'HUB_MQTT_PORT', port: config.brokerUrl === undefined ? config.mqttPort : 0, kind: 'mqtt' },
  ] as const;
  // Port 0 is any free one, so there is nothing to look at.
  if (hub === undefined) {
    return Promise.all(wanted.filter(({ port }) => port !== 0).map((door) => checkFree(door, config.host)));
  }
  const doors = readDoors(dataDirectory, hub);
  const host = reachable(doors?.host ?? config.host);
  const found = wanted.map((door) => {
    const port = door.kind === 'web' ? doors?.httpPort : doors?.mqttPort;
    return { ...door, wanted: door.port, port: port ?? door.port };
  });
  return Promise.all(found.filter(({ port }) => port !== 0).map((door) => checkOpen(door, host, hub)));
}

/** Where this machine reaches what listens on that address. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

type Door = {
  readonly setting: string;
  readonly kind: 'web' | 'mqtt';
  readonly port: number;
};

async function checkOpen(door: Door & { readonly wanted: number }, host: string, hub: number): Promise<Finding> {
  const { port, wanted, setting } = door;
  const check = `port ${port}`;
  const who = `the hub (process ${hub})`;
  const health = await answerOf(door, host);
  if (health === undefined) {
    return { check, state: 'fault', text: `${who} does not answer here; see its log, and start it again` };
  }
  const other = wanted === port || wanted === 0 ? '' : `; ${setting} is ${wanted} here, for the next start`;
  if (door.kind === 'mqtt') return { check, state: 'ok', text: `${who} takes MQTT connections${other}` };
  if (health === 'ready') return { check, state: 'ok', text: `${who} answers and is ready${other}` };
  return { check, state: 'warning', text: `${who} answers but is not ready: ${health}${other}` };
}

async function answerOf({ kind, port }: Door, host: string): Promise<string | undefined> {
  if (kind === 'web') return askHealth(host, port);
  return (await canConnect(host, port)) ? 'ready' : undefined;
}

async function checkFree({ setting, port, kind }: Door, host: string): Promise<Finding> {
  const check = `port ${port}`;
  const fault = await whyNotFree(port, host);
  if (fault === undefined) return { check, state: 'ok', text: 'is free' };
  const isHub = kind === 'web' && (await askHealth(reachable(host), port)) !== undefined;
  return {
    check,
    state: 'fault',
    text: isHub
      ? `a hub of another data folder answers here; stop it, or set ${setting} to another port`
      : `${fault}; stop the other program, or set ${setting} to another port`,
  };
}

/** `ready`, what is not, or `undefined` when no hub answers. */
async function askHealth(host: string, port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${isIPv6(host) ? `[${host}]` : host}:${port}/healthz/ready`, {
      signal: AbortSignal.timeout(3_000),
    });
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null || !('components' in body)) return undefined;
    return response.ok ? 'ready' : faultsOf(body.components);
  } catch {
    // Nobody there, or somebody who is no hub: the look at the port itself says which.
    return undefined;
  }
}

function faultsOf(components: unknown): string {
  if (typeof components !== 'object' || components === null) return 'it does not say why';
  return Object.entries(components)
    .filter(([, component]) => component?.ok === false)
    .map(([name, component]) => `${name} (${String(component.reason)})`)
    .join(', ');
}

/** Tries to listen; answers what was in the way. */
async function whyNotFree(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: Error & { code?: string }) =>
      resolve(error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.message})`),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

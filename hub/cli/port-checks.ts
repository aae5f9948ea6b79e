/** The doctor's look at the ports: free for a start, or the hub answering. */
import { createServer } from 'node:net';
import type { Config } from '../config.ts';
import { canConnect } from './checks.ts';
import type { Finding } from './commands/doctor.ts';
import type { Io } from './io.ts';
import { runningHub } from './running-hub.ts';

/** Port 0 is any free one, so there is nothing to look at. */
export async function checkPorts(config: Config, dataDirectory: string, io: Io): Promise<readonly Finding[]> {
  const hub = runningHub(dataDirectory, io);
  const http = config.httpPort === 0 ? [] : [checkHttp(config.httpPort, config.host, hub)];
  const isOwnBroker = config.brokerUrl === undefined && config.mqttPort !== 0;
  const mqtt = isOwnBroker ? [checkMqtt(config.mqttPort, config.host, hub)] : [];
  return Promise.all([...http, ...mqtt]);
}

async function checkHttp(port: number, host: string, hub: number | undefined): Promise<Finding> {
  const check = `port ${port}`;
  const health = await askHealth(port);
  if (health === 'ready') return { check, state: 'ok', text: 'a hub answers and is ready' };
  if (health !== undefined) return { check, state: 'warning', text: `a hub answers but is not ready: ${health}` };
  return portFinding({ check, port, host, hub, setting: 'HUB_HTTP_PORT' });
}

async function checkMqtt(port: number, host: string, hub: number | undefined): Promise<Finding> {
  const check = `port ${port}`;
  if (hub !== undefined && (await canConnect('127.0.0.1', port))) {
    return { check, state: 'ok', text: `the hub (process ${hub}) takes MQTT connections` };
  }
  return portFinding({ check, port, host, hub, setting: 'HUB_MQTT_PORT' });
}

type Look = {
  readonly check: string;
  readonly port: number;
  readonly host: string;
  readonly hub: number | undefined;
  readonly setting: string;
};

async function portFinding({ check, port, host, hub, setting }: Look): Promise<Finding> {
  const fault = await whyNotFree(port, host);
  if (fault === undefined && hub !== undefined) {
    return {
      check,
      state: 'fault',
      text: `the hub (process ${hub}) does not answer here; was it started with another ${setting}?`,
    };
  }
  if (fault === undefined) return { check, state: 'ok', text: 'is free' };
  return { check, state: 'fault', text: `${fault}; stop the other program, or set ${setting} to another port` };
}

/** `ready`, what is not, or `undefined` when no hub answers. */
async function askHealth(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz/ready`, { signal: AbortSignal.timeout(3_000) });
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

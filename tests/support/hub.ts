/** A real hub on free ports with a small city, for flow and browser tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import type { Role } from '../../hub/access/policy.ts';
import { readConfig } from '../../hub/config.ts';
import { type Hub, type HubOverrides, startHub } from '../../hub/hub.ts';
import type { DeviceRecord } from '../../hub/registry/records.ts';
import { city } from './city.ts';

export type TestHub = {
  readonly url: string;
  readonly mqttUrl: string;
  readonly mqttPort: number;
  readonly directory: string;
  readonly tokens: Readonly<Record<Role, string>>;
  readonly hub: Hub;
  /** Name and password of a device, registering it when the small city has no such one. */
  device(id: string, record?: Partial<DeviceRecord>): { readonly username: string; readonly password: string };
  /** Bearer GET or POST of JSON. */
  request(
    path: string,
    options?: { readonly token?: string; readonly body?: unknown },
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  stop(): Promise<void>;
};

export type TestHubOptions = {
  /** A folder of an earlier hub: a restart. It is kept at `stop`. */
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly overrides?: HubOverrides;
  /** Where the hub logs; silent when absent. */
  readonly log?: Logger;
};

/** Starts a hub with `tests/support/city.ts` in its registry. */
export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'nhip-hub-'));
  const config = readConfig({
    HUB_HTTP_PORT: '0',
    HUB_MQTT_PORT: '0',
    HUB_HOST: '127.0.0.1',
    HUB_DATA_DIR: directory,
    HUB_LOG_LEVEL: 'silent',
    ...options.environment,
  });
  const hub = await startHub(config, options.log ?? pino({ level: config.logLevel }), {
    // Its beats are messages and events too; a test that wants them says so.
    watchdogMs: 0,
    ...options.overrides,
  });
  const url = `http://127.0.0.1:${hub.httpPort}`;
  if (hub.registry.device('fd-1') === undefined) hub.registry.write(city);
  const token = (role: Role): string => hub.access.createToken({ name: `test ${role}`, roles: [role] }).token;
  const tokens = {
    admin: token('admin'),
    fire: token('fire'),
    operator: token('operator'),
    parking: token('parking'),
    transit: token('transit'),
  };
  const passwords = new Map<string, string>();

  return {
    url,
    mqttUrl: `mqtt://127.0.0.1:${hub.mqttPort}`,
    mqttPort: hub.mqttPort,
    directory,
    tokens,
    hub,
    device(id, record = {}) {
      const known = hub.registry.device(id);
      const device = known ?? {
        id,
        domain: 'fire',
        model: 'test',
        name: id,
        heartbeatMs: 60_000,
        synthetic: true,
        ...record,
      };
      if (known === undefined) hub.registry.putDevice(device);
      const password = passwords.get(id) ?? hub.access.setDeviceSecret(id, device.domain);
      passwords.set(id, password);
      return { username: id, password };
    },
    async request(path, { token: bearer, body } = {}) {
      const response = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: isJson(response) ? JSON.parse(text) : text };
    },
    async stop() {
      await hub.stop();
      if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function isJson(response: Response): boolean {
  return /json/.test(response.headers.get('content-type') ?? '');
}

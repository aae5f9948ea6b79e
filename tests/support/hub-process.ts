/** A hub in a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from './until.ts';

export type HubProcess = {
  readonly child: ChildProcess;
  readonly url: string;
  readonly mqttPort: number;
  /** Everything it printed. */
  output(): string;
  /** Sends the signal and resolves with the exit code (`null` after a kill) once it is gone. */
  end(signal: NodeJS.Signals): Promise<number | null>;
};

const root = join(import.meta.dirname, '../..');

/** Runs `nhip <command>` with these settings; answers at once, without waiting for it to be ready. */
export function runNhip(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): { child: ChildProcess; output(): string } {
  // The nursery and the two arenas of the image and of `npx nhip`: the Dockerfile says what they save.
  const child = spawn(process.execPath, ['--max-semi-space-size=4', 'hub/cli/nhip.js', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, MALLOC_ARENA_MAX: '2', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void chunks.push(chunk.toString()));
  return { child, output: () => chunks.join('') };
}

/** Starts `nhip start` on free ports over this data folder, with further settings, and resolves when it is ready. */
export async function startHubProcess(
  directory: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<HubProcess> {
  const [httpPort, mqttPort] = [await freePort(), await freePort()];
  const { child, output } = runNhip(['start'], {
    HUB_HTTP_PORT: String(httpPort),
    HUB_MQTT_PORT: String(mqttPort),
    HUB_HOST: '127.0.0.1',
    HUB_DATA_DIR: directory,
    HUB_LOG_LEVEL: 'error',
    ...environment,
  });
  const url = `http://127.0.0.1:${httpPort}`;
  await until(
    'the hub is ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}: ${output()}`);
      return fetch(`${url}/healthz/live`).then(
        (response) => response.ok,
        () => false,
      );
    },
    20_000,
  );
  return {
    child,
    url,
    mqttPort,
    output,
    async end(signal) {
      const gone = once(child, 'exit');
      child.kill(signal);
      const [code] = await gone;
      return code;
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

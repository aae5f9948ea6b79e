/** Debian's mosquitto as an external broker, where it is installed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { until } from './until.ts';

/** Path of the program; `undefined` where it is not installed. */
export const mosquitto = findMosquitto();

/** Why tests of it are skipped, for their names. */
export const whyNoMosquitto = mosquitto === undefined ? ' (skipped: mosquitto is not installed)' : '';

export type Mosquitto = { readonly child: ChildProcess; stop(): Promise<void> };

function findMosquitto(): string | undefined {
  for (const path of ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto']) {
    if (existsSync(path)) return path;
  }
  try {
    return execFileSync('sh', ['-c', 'command -v mosquitto'], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Starts it on this port and resolves when it answers. With a folder it keeps messages and sessions over a restart there. */
export async function startMosquitto(port: number, keptIn?: string): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'nhip-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  const limits = 'max_inflight_messages 100\nmax_queued_messages 10000\n';
  const persistence = keptIn === undefined ? '' : `persistence true\npersistence_location ${keptIn}/\n`;
  // Started by root it would become another user, who may not write there.
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n${user}${limits}${persistence}`);
  const child = spawn(mosquitto ?? 'mosquitto', ['-c', file], { stdio: 'ignore' });
  await until('mosquitto answers', async () => {
    const probe = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
    const isUp = await new Promise<boolean>((resolve) => {
      probe.once('connect', () => resolve(true));
      probe.once('error', () => resolve(false));
    });
    probe.end(true);
    return isUp;
  });
  return {
    child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill();
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

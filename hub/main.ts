/** The process: environment in, signals in, exit code out. Nothing else in the hub touches it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { setupLink } from './api/setup.ts';
import { type Config, readConfig } from './config.ts';
import { type PreparedDemo, prepareDemo } from './demo.ts';
import { type Hub, startHub } from './hub.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the hub until SIGINT or SIGTERM. A second signal ends it at once.
 *
 * @throws StartError when it cannot start.
 */
export async function runHub(mode: 'start' | 'demo', environment: Environment): Promise<0 | 1> {
  const config = readConfig(environment);
  // The demo's console is for people: a warning there is worth more than a line for each connection.
  const level = mode === 'demo' && environment.HUB_LOG_LEVEL === undefined ? 'warn' : config.logLevel;
  const log = pino({ level }, pino.destination({ dest: 2, sync: true }));
  const crashed = watchCrashes(log);
  const demo = mode === 'demo' ? await prepareDemo(config, log) : undefined;
  const hub = await startHub(config, log);
  announce(config, hub, demo);
  const simulators = demo ? startSimulators(config, hub, demo) : undefined;
  const ending = await Promise.race([signalled(), crashed]);
  await stopSimulators(simulators);
  await hub.stop();
  return ending;
}

async function signalled(): Promise<0> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  process.once('SIGINT', () => process.exit(1));
  return 0;
}

/** Our own mistake: logged whole, then an orderly end, so that a supervisor starts a hub in a known state. */
function watchCrashes(log: Logger): Promise<1> {
  return new Promise((resolve) => {
    const crash = (error: unknown): void => {
      log.fatal({ err: error }, 'a mistake of the hub itself; it stops');
      resolve(1);
    };
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);
  });
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function announce(config: Config, hub: Hub, demo: PreparedDemo | undefined): void {
  const web = `http://localhost:${hub.httpPort}`;
  print(
    `Nhịp listens: ${web} (web), mqtt://localhost:${hub.mqttPort} (devices)${hub.mqttsPort ? `, mqtts on ${hub.mqttsPort}` : ''}`,
  );
  print(`Data: ${config.dataDirectory}`);
  if (hub.setupCode !== undefined)
    print(`\nFirst start. Become the administrator here, once:\n  ${setupLink(web, hub.setupCode)}`);
  if (demo === undefined) return;
  const { tokens } = demo.credentials;
  print(`
A simulated Hanoi is waking up. Open:
  Trực ban 114 / fire dispatcher   ${web}/fire#token=${tokens.fire}
  Điều hành / city operator        ${web}/city#token=${tokens.operator}
  Xe buýt / buses (public)         ${web}/bus
  Bãi đỗ / car parks (public)      ${web}/parking
  Tài liệu / API documents         ${web}/docs

All tokens and device passwords: ${demo.credentialsFile}
Stop with Ctrl-C.`);
}

/** The simulated city is an outside client: a process of its own, at a lower priority than the hub. */
function startSimulators(config: Config, hub: Hub, demo: PreparedDemo): ChildProcess {
  const script = join(import.meta.dirname, '../simulators/main.ts');
  const { scenario, seed } = config.demo;
  const args = [
    '--url',
    `mqtt://127.0.0.1:${hub.mqttPort}`,
    '--credentials',
    demo.credentialsFile,
    '--scenario',
    scenario,
    '--seed',
    String(seed),
  ];
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  child.on('exit', (code) => {
    if (code) print(`The simulated city stopped (${code}); the hub goes on. See the message above.`);
  });
  return child;
}

async function stopSimulators(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const slow = setTimeout(() => child.kill('SIGKILL'), 500);
  await gone;
  clearTimeout(slow);
}

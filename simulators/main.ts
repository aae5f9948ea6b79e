/** The simulated city as a process: `node simulators/main.ts --url mqtt://127.0.0.1:1883 --credentials data/demo-credentials.json`. */
import { parseArgs } from 'node:util';
import { scenarios } from './scenario.ts';
import { type SimulationOptions, startSimulation } from './simulation.ts';

const usage = `A simulated Hanoi: fire devices, buses and car parks that speak MQTT to a hub.

  --url <mqtt://host:port>   the hub (mqtt://127.0.0.1:1883)
  --credentials <file>       devices and passwords, as the demo writes them (data/demo-credentials.json)
  --scenario <name>          ${scenarios.map((scenario) => scenario.name).join(', ')} (calm-day)
  --seed <number>            the same seed plays the same city (1)
  --speed <number>           0.1 to 100; 1 is real time (1)
  --gtfs <folder or zip>     a bus network instead of the shipped one
  --devices <number>         at most so many devices
  --panels <number>          so many fire panels beyond the shipped city, for which the credentials file must have
                             devices, e.g. --scenario mains-failure --panels 10000
  --for <seconds>            stop after this time
  --help                     this text

The scenario drill plays the alarms of one building (fd-0053 to fd-0056, "Dãy 1 chợ Đồng Xuân") a minute after the start. They are an
exercise only if somebody has opened a window for it at the hub: POST /api/v1/fire/windows with
{"device":"fd-0053","kind":"drill","reason":"…"}; otherwise they are alarms.`;

/** What the command line asks for; a sentence for the user when it cannot be done. */
type Request =
  | { readonly options: SimulationOptions; readonly forSeconds?: number }
  | { readonly text: string; readonly failed: boolean };

/** Reads the command line. Pure. */
export function readArguments(words: readonly string[]): Request {
  const string = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        url: { ...string, default: 'mqtt://127.0.0.1:1883' },
        credentials: { ...string, default: 'data/demo-credentials.json' },
        scenario: { ...string, default: 'calm-day' },
        seed: { ...string, default: '1' },
        speed: { ...string, default: '1' },
        gtfs: string,
        devices: string,
        panels: string,
        for: string,
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { text: usage, failed: false };
    const { url, credentials, scenario, gtfs } = values;
    if (!/^(mqtts?|wss?|tcp):\/\//.test(url))
      throw new Error(`--url is "${url}"; expected something like mqtt://127.0.0.1:1883`);
    const seed = numberOf('seed', values.seed, 0, 4_294_967_295);
    const speed = numberOf('speed', values.speed, 0.1, 100);
    const devices = values.devices === undefined ? {} : { devices: numberOf('devices', values.devices, 1, 100_000) };
    const panels = values.panels === undefined ? {} : { panels: numberOf('panels', values.panels, 1, 50_000) };
    const options = {
      url,
      credentials,
      scenario,
      seed,
      speed,
      ...(gtfs === undefined ? {} : { gtfs }),
      ...devices,
      ...panels,
    };
    return { options, ...(values.for === undefined ? {} : { forSeconds: numberOf('for', values.for, 1, 1e7) }) };
  } catch (cause) {
    return { text: `${messageOf(cause)}\nTry --help.`, failed: true };
  }
}

function numberOf(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= low && value <= high)) {
    throw new Error(`--${name} is "${text}"; expected a number from ${low} to ${high}`);
  }
  return value;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

async function run(words: readonly string[]): Promise<void> {
  const request = readArguments(words);
  if ('text' in request) {
    (request.failed ? process.stderr : process.stdout).write(`${request.text}\n`);
    if (request.failed) process.exitCode = 2;
    return;
  }
  // A hub that started us and was killed cannot say so: its channel ends, and a second city must not fight the next one.
  process.once('disconnect', () => process.exit(0));
  if (process.connected === false) process.exit(0);
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const simulation = await startSimulation({ ...request.options, onFault: (text) => say(`simulator: ${text}`) });
  const report = setInterval(() => {
    const { connected, devices, sent, acknowledged, receipts, unsent, faults } = simulation.stats();
    say(
      `simulator: ${connected} of ${devices} connected, sent ${sent}, acknowledged ${acknowledged}, receipts ${receipts}, unsent ${unsent}, faults ${faults}`,
    );
  }, 10_000);
  const stop = (): void => {
    clearInterval(report);
    clearTimeout(end);
    // A broker that is gone must not keep us: whoever stops us waits at most a second and a half.
    setTimeout(() => process.exit(0), 1_500).unref();
    simulation.stop().catch((cause: unknown) => say(`simulator: ${messageOf(cause)}`));
  };
  const end = request.forSeconds === undefined ? undefined : setTimeout(stop, request.forSeconds * 1000);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

if (import.meta.main) {
  run(process.argv.slice(2)).catch((cause: unknown) => {
    process.stderr.write(`${messageOf(cause)}\n`);
    process.exitCode = 1;
  });
}

/** `nhip start` and `nhip demo`: the hub itself, in the foreground. */
import { readArguments } from '../arguments.ts';
import { type Command, type ExitCode, type Io, UsageError } from '../io.ts';

export const start: Command = {
  name: 'start',
  summary: 'Runs the hub until Ctrl-C',
  usage: '',
  help: ['Settings come from HUB_… variables; see the table in the README. The same as `npm start`.'],
  run: (args, io) => run('start', args, io),
};

export const demo: Command = {
  name: 'demo',
  summary: 'Runs the hub with a simulated Hanoi, ready to look at',
  usage: '[--scenario <name>] [--seed <number>]',
  help: [
    'Nothing else is needed. The same as `npm run demo`.',
    '--scenario   calm-day, old-quarter-fire, rush-hour, false-alarm-cooking, mains-failure, lost-gateway, drill,',
    '             stale-clock or two-paths (HUB_DEMO_SCENARIO)',
    '--seed       another city of the same kind (HUB_DEMO_SEED)',
  ],
  run: (args, io) => run('demo', args, io),
};

async function run(mode: 'start' | 'demo', args: readonly string[], io: Io): Promise<ExitCode> {
  const flags = mode === 'demo' ? ({ scenario: { type: 'string' }, seed: { type: 'string' } } as const) : {};
  const { values, positionals } = readArguments(args, flags);
  if (positionals[0] !== undefined) throw new UsageError(`"${positionals[0]}" is one word too many`);
  const environment = { ...io.environment };
  for (const [flag, setting] of [
    ['scenario', 'HUB_DEMO_SCENARIO'],
    ['seed', 'HUB_DEMO_SEED'],
  ] as const) {
    const value = Object.entries(values).find(([name]) => name === flag)?.[1];
    if (typeof value === 'string') environment[setting] = value;
  }
  return io.runHub(mode, environment);
}

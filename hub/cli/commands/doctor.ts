/** `nhip doctor`: looks at everything that the hub needs and says what to do about what is wrong. */
import { readArguments } from '../arguments.ts';
import { checkClock, checkDatabases, checkFolder, checkNode, checkServers } from '../checks.ts';
import type { Command, Io } from '../io.ts';
import { checkPorts } from '../port-checks.ts';
import { settingsOf } from '../stores.ts';

/** One look at one thing. */
export type Finding = {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'fault';
  /** What was seen, and for a fault what to do. */
  readonly text: string;
};

export const doctor: Command = {
  name: 'doctor',
  summary: 'Checks Node, settings, data folder, ports, databases and servers',
  usage: '[--json]',
  help: ['Exit code 1 when something must be done. Changes nothing.'],
  async run(args, io) {
    const { values } = readArguments(args, {});
    const findings = await examine(io);
    const faults = findings.filter(({ state }) => state === 'fault').length;
    if (values.json) io.out(JSON.stringify({ ok: faults === 0, findings }));
    else {
      for (const { check, state, text } of findings) {
        if (state !== 'ok' || !values.quiet) io.out(`${marks[state]} ${check.padEnd(12)} ${text}`);
      }
      if (!values.quiet) io.out(faults === 0 ? 'All is well.' : `${faults} to put right.`);
    }
    return faults === 0 ? 0 : 1;
  },
};

const marks = { ok: 'ok     ', warning: 'WARNING', fault: 'FAULT  ' } as const;

async function examine(io: Io): Promise<readonly Finding[]> {
  const node = checkNode(io.nodeVersion);
  try {
    const { config, paths } = settingsOf(io);
    const settings: Finding = { check: 'settings', state: 'ok', text: `data folder ${paths.path}` };
    const found = await Promise.all([
      checkFolder(paths.path, io.processId),
      checkPorts(config, paths.path, io),
      checkDatabases(paths.path),
      checkClock(paths.journal, io.now()),
      checkServers(config),
    ]);
    return [node, settings, ...found.flat()];
  } catch (error) {
    return [node, { check: 'settings', state: 'fault', text: error instanceof Error ? error.message : String(error) }];
  }
}

/** `nhip import`: the city's standing facts from a file, tried dry or for good. */
import { resolve } from 'node:path';
import { openAccess } from '../../access/access.ts';
import { placeIdRules } from '../../registry/place-id.ts';
import { onePositional, readArguments } from '../arguments.ts';
import { formatSummary, type ImportKind, type ImportProgress, importFile, importKinds } from '../import.ts';
import { importPeople, peopleLines } from '../import-people.ts';
import { type Command, type Io, UsageError } from '../io.ts';
import { nearestWord } from '../nearest-word.ts';
import { settingsOf } from '../stores.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'Reads places, their names, wards, stations, water, lots, vehicles, devices or a GTFS network from a file',
  usage: '<file> [--kind <kind>] [--dry-run] [--skip-bad]',
  help: [
    `GeoJSON, CSV (UTF-8) or a GTFS zip. Kinds: ${importKinds.join(', ')}; guessed when absent.`,
    'aliases: other names of places and wards, old ones too: place or ward, kind, value, valid_from, valid_to, source, remove.',
    'Residents (--kind people, never guessed) go into a store of their own: place, name, phone, birth_year, needs, note.',
    'The same file again changes nothing. A running hub shows the new facts about a second later.',
    '--dry-run    says what would happen and writes nothing',
    '--skip-bad   leaves wrong records out; without it one wrong record keeps the whole file out',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, {
      kind: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'skip-bad': { type: 'boolean', default: false },
    });
    const file = resolve(io.workingDirectory, onePositional(positionals, 'file'));
    const { config, paths } = settingsOf(io);
    if (values.kind === 'people') {
      const dryRun = values['dry-run'];
      const skipBad = values['skip-bad'];
      const done = await importPeople(file, { path: paths.people, dryRun, skipBad, now: io.now });
      const isRefused = done.refused.length > 0 && !skipBad;
      if (values.json) io.out(JSON.stringify(done));
      else if (!values.quiet || isRefused) for (const line of peopleLines(done, dryRun)) io.out(line);
      return isRefused ? 1 : 0;
    }
    const kind = values.kind === undefined ? undefined : kindOf(values.kind);
    const summary = await importFile(file, {
      dataDirectory: paths.path,
      ...(kind === undefined ? {} : { kind }),
      dryRun: values['dry-run'],
      skipBad: values['skip-bad'],
      placeIdRule: placeIdRules[config.placeIdRule],
      now: io.now,
      ...(io.isTerminal && !values.quiet && !values.json ? { progress: progressLine(io) } : {}),
      onSecrets(secrets) {
        const access = openAccess(paths.access, io);
        try {
          access.importDeviceSecrets(secrets);
        } finally {
          access.close();
        }
      },
    });
    const isRefused = summary.refusedCount > 0 && !values['skip-bad'];
    if (values.json) io.out(JSON.stringify(summary));
    else if (!values.quiet || isRefused) for (const line of formatSummary(summary).split('\n')) io.out(line);
    return isRefused ? 1 : 0;
  },
};

function kindOf(word: string): ImportKind {
  const kind = importKinds.find((known) => known === word);
  if (kind !== undefined) return kind;
  const nearest = nearestWord(word, [...importKinds, 'people']);
  const hint = nearest === undefined ? `known are ${importKinds.join(', ')}, people` : `did you mean "${nearest}"?`;
  throw new UsageError(`"${word}" is no kind; ${hint}`);
}

/** One line that is drawn over itself; only for a terminal. */
function progressLine(io: Io): (progress: ImportProgress) => void {
  return ({ phase, percent }) => {
    const isDone = phase === 'done';
    io.draw(isDone ? '' : `${String(percent).padStart(3)} % ${phase}`);
  };
}

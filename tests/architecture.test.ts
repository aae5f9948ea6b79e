/** The house rules that a machine can check: arrows go one way, files stay small, nobody reads the process. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '');

type Source = {
  readonly file: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly string[];
};

const sources: readonly Source[] = files.map((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return { file, text, lines: text.split('\n').length - 1, imports: importsOf(file, text) };
});

/** Imports as paths from the root; packages as they are named. */
function importsOf(file: string, text: string): string[] {
  const found = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g),
  ];
  return found.map((match) => {
    const target = match[1] ?? match[2] ?? '';
    return target.startsWith('.') ? normalize(relative(root, join(root, dirname(file), target))) : target;
  });
}

const isTypeOnly = (source: Source, target: string): boolean => {
  const name = target.split('/').at(-1) ?? '';
  const statement = source.text.split(';').find((part) => part.includes(`${name}'`) || part.includes(`${name}"`));
  return statement !== undefined && /import\s+type\b/.test(statement);
};

/** What a room may import of the project, besides itself. The first row that fits a file counts. */
const table: readonly { readonly room: RegExp; readonly may: readonly RegExp[] }[] = [
  { room: /^devices\//, may: [/^devices\//] },
  { room: /^simulators\//, may: [/^devices\//, /^simulators\//] },
  {
    room: /^hub\/domains\/index\.ts$/,
    may: [/^hub\/domains\/[^/]+\/index\.ts$/, /^hub\/(domain|mounted|engine)\.ts$/],
  },
  {
    room: /^hub\/domains\/([^/]+)\//,
    may: [
      /^hub\/(domain|ports|errors|box|page)\.ts$/,
      /^hub\/registry\/(geometry|records)\.ts$/,
      /^hub\/access\/policy\.ts$/,
      /^devices\/[^/]+\.ts$/,
    ],
  },
  { room: /^hub\/access\//, may: [/^hub\/(errors|ports|config|private-database)\.ts$/, /^devices\//] },
  { room: /^hub\/registry\//, may: [/^hub\/(errors|ports|config)\.ts$/, /^devices\//] },
  { room: /^hub\/journal\//, may: [/^hub\/(errors|ports|config|domain)\.ts$/, /^devices\/wire\.ts$/] },
  { room: /^hub\/history\//, may: [/^hub\/(errors|ports|config)\.ts$/, /^devices\/wire\.ts$/] },
  { room: /^hub\/broker\//, may: [/^hub\/(errors|ports|config)\.ts$/, /^devices\//] },
  {
    room: /^hub\/channels\//,
    may: [
      /^hub\/(errors|ports|config|domain|notice|private-database|page|settings-reader)\.ts$/,
      /^hub\/access\/policy\.ts$/,
      /^devices\/wire\.ts$/,
    ],
  },
  {
    room: /^hub\/people\//,
    may: [
      /^hub\/(errors|ports|config|domain|private-database|page)\.ts$/,
      /^hub\/access\/policy\.ts$/,
      /^hub\/registry\/(csv-[a-z]+|records)\.ts$/,
      /^devices\/wire\.ts$/,
    ],
  },
  {
    room: /^hub\/bindings\//,
    may: [
      /^hub\/(errors|ports|config|domain|private-database)\.ts$/,
      /^hub\/access\/policy\.ts$/,
      /^hub\/registry\/(geometry|records)\.ts$/,
      /^devices\/wire\.ts$/,
    ],
  },
  { room: /^hub\/gateways\//, may: [/^hub\/(errors|ports|config)\.ts$/, /^devices\//] },
  {
    room: /^hub\/live\//,
    may: [
      /^hub\/(errors|ports|config|domain|mounted|engine)\.ts$/,
      /^hub\/access\/policy\.ts$/,
      /^hub\/domains\/[^/]+\/view\.ts$/,
      /^devices\/wire\.ts$/,
    ],
  },
  {
    room: /^hub\/api\//,
    may: [
      /^hub\/(errors|ports|config|domain|mounted|engine|page)\.ts$/,
      /^hub\/(access|registry)\//,
      /^hub\/domains\/[^/]+\/view\.ts$/,
      /^devices\//,
    ],
  },
  { room: /^hub\/jobs\//, may: [/^hub\/(errors|ports|config)\.ts$/, /^devices\/wire\.ts$/] },
  { room: /^hub\/[^/]+\.ts$/, may: [/^hub\//, /^devices\//] },
  { room: /^hub\/cli\//, may: [/^hub\//, /^devices\//] },
  { room: /^dashboards\//, may: [/^dashboards\//] },
  { room: /^tests\//, may: [/./] },
  { room: /^[^/]+\.ts$/, may: [] },
];

describe('arrows go one way', () => {
  test('no room imports what its row does not allow', () => {
    const wrong: string[] = [];
    for (const source of sources) {
      const row = table.find(({ room }) => room.test(source.file));
      expect(row, `${source.file} stands in no room`).toBeDefined();
      const own = dirname(source.file).split('/').slice(0, roomDepth(source.file)).join('/');
      for (const target of source.imports) {
        if (!isOurs(target) || target.startsWith(`${own}/`)) continue;
        if (row?.may.some((rule) => rule.test(target))) continue;
        if (isDomainsDevice(source.file, target)) continue;
        // The web app and the hub share types, never code.
        if (/^dashboards\//.test(source.file) && /^(hub|devices)\//.test(target) && isTypeOnly(source, target))
          continue;
        wrong.push(`${source.file} → ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

const isOurs = (target: string): boolean => /^(devices|hub|simulators|dashboards|tests)\//.test(target);
const roomDepth = (file: string): number =>
  /^hub\/domains\/[^/]+\//.test(file) ? 3 : /^hub\/[^/]+\//.test(file) ? 2 : 1;

/** A domain may import `devices/<its own name>`. */
function isDomainsDevice(file: string, target: string): boolean {
  const name = /^hub\/domains\/([^/]+)\//.exec(file)?.[1];
  return name !== undefined && target.startsWith(`devices/${name}/`);
}

describe('files stay readable', () => {
  test('no source is longer than 300 lines', () => {
    const long = sources.filter(({ file, lines }) => lines > 300 && !/^tests\/|\/i18n\//.test(file));
    expect(long.map(({ file, lines }) => `${file}: ${lines}`)).toEqual([]);
  });

  test('names are kebab-case, components PascalCase', () => {
    const wrong = files.filter((file) => {
      const name = file.split('/').at(-1) ?? '';
      return file.endsWith('.tsx')
        ? !/^[A-Za-z][A-Za-z0-9]*(\.test)?\.tsx$/.test(name)
        : !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.ts$/.test(name);
    });
    expect(wrong).toEqual([]);
  });

  test('no check is switched off and nothing is left open', () => {
    const marks = new RegExp(
      [
        '@ts-' + 'ignore',
        '@ts-' + 'expect-error',
        'biome-' + 'ignore',
        '\\bTO' + 'DO\\b',
        '\\bFIX' + 'ME\\b',
        ':\\s*any\\s*[;,)=|&\\]}>]',
        '\\bas ' + 'any\\b',
        '<any' + '>',
      ].join('|'),
    );
    expect(sources.filter(({ text }) => marks.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

describe('the world comes in as an argument', () => {
  test('only the entries touch process.* in the hub', () => {
    const allowed = /^hub\/(main|data-directory|cli\/nhip)\.ts$|^hub\/.*-worker\.ts$/;
    const wrong = sources.filter(
      ({ file, text }) =>
        /^(hub|devices)\//.test(file) &&
        !allowed.test(file) &&
        /\bprocess\.(env|argv|exit|on|stdout|stderr|stdin|cwd|kill)\b/.test(text),
    );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });

  test('a pure step reads no clock, no randomness and no store', () => {
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(|from 'node:(fs|net|http|sqlite|worker_threads)'/;
    const pure = sources.filter(
      ({ file }) =>
        /^devices\/(?!client)/.test(file) || (/^hub\/domains\/[^/]+\//.test(file) && !/routes\.ts$/.test(file)),
    );
    expect(pure.length).toBeGreaterThan(0);
    expect(pure.filter(({ text }) => impure.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

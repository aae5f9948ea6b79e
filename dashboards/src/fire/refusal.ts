/** Why the hub said no, in the reader's words. The hub answers in English sentences; these are the ones it has for fire. Pure. */
import type { DeskKey } from '../i18n/desk.ts';
import type { Blanks } from '../i18n/translate.ts';
import type { TextKey } from '../i18n/vi.ts';

type Sentence = {
  readonly pattern: RegExp;
  readonly key: TextKey;
  blanks(found: RegExpExecArray): Blanks;
};

const none = (): Blanks => ({});

const sentences: readonly Sentence[] = [
  {
    pattern: /^Already .+? by (.+) at (\d\d:\d\d:\d\d)\.$/,
    key: 'refusal.already',
    blanks: ([, name = '', time = '']) => ({ name, time }),
  },
  { pattern: /^No unit was dispatched yet/, key: 'refusal.notDispatched', blanks: none },
  { pattern: /^(\d+) points are in alarm/, key: 'refusal.points', blanks: ([, count = '']) => ({ count }) },
  { pattern: /^A call point is pulled/, key: 'refusal.callPoint', blanks: none },
  {
    pattern: /^Still in alarm: (.+)\. Restore/,
    key: 'refusal.active',
    blanks: ([, devices = '']) => ({ devices: devices.replace(/ and (\d+) more$/, ' +$1') }),
  },
  { pattern: /^There is no (open )?incident/, key: 'refusal.gone', blanks: none },
];

/** What stands in the hub's way of showing residents, and what to do about it. `undefined`: the hub cannot be reached. */
export function peopleRefusal(
  t: (key: TextKey | DeskKey, blanks?: Blanks) => string,
  problem: { readonly message: string; readonly status: number } | undefined,
): string {
  if (problem === undefined) return t('people.unreachable');
  if (/^You are not assigned/.test(problem.message)) return t('people.notAssigned');
  if (/closed/.test(problem.message)) return t('people.closed');
  const [, name] = /^Several tokens are named "(.+)";/.exec(problem.message) ?? [];
  if (name !== undefined) return t('people.sharedName', { name });
  if (problem.status === 403) return t('people.notFire');
  return t('refusal.other', { reason: problem.message });
}

/** The reason as a text of the app; a sentence that it does not know is shown within one that it does. */
export function refusalText(
  t: (key: TextKey, blanks?: Blanks) => string,
  { reason = '', code }: { readonly reason?: string; readonly code?: string },
): string {
  if (code === 'forbidden') return t('refusal.forbidden');
  for (const { pattern, key, blanks } of sentences) {
    const found = pattern.exec(reason);
    if (found !== null) return t(key, blanks(found));
  }
  return t('refusal.other', { reason });
}

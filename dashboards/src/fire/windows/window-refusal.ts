/** Why the hub would not open, extend or end a window, in the reader's words. Pure. */
import type { DeskKey } from '../../i18n/desk.ts';
import type { Blanks } from '../../i18n/translate.ts';
import type { TextKey } from '../../i18n/vi.ts';

const sentences: readonly (readonly [RegExp, DeskKey, readonly string[]])[] = [
  [/^There is no device "(.+)" at this place/, 'windows.no.stranger', ['device']],
  [/^There is no device at this place/, 'windows.no.empty', []],
  [/^An isolation names its devices/, 'windows.no.isolation', []],
  [/lasts at most (\d+) minutes/, 'windows.no.long', ['minutes']],
  [/^A window \((.+)\) of (.+) already stands open/, 'windows.no.other', ['kind', 'name']],
  [/^Nothing was heard of "(.+)" yet/, 'windows.no.silent', ['device']],
  [/^The address of "(.+)" is not verified/, 'windows.no.unverified', ['device']],
  [/stands open/, 'windows.no.gone', []],
];

/** `undefined`: the hub cannot be reached. */
export function windowRefusal(
  t: (key: DeskKey | TextKey, blanks?: Blanks) => string,
  reason: string | undefined,
): string {
  if (reason === undefined) return t('load.failed', { reason: t('load.unreachable') });
  for (const [pattern, key, names] of sentences) {
    const found = pattern.exec(reason);
    if (found === null) continue;
    return t(key, Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ''])));
  }
  return t('refusal.other', { reason });
}

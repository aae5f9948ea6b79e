/** Finds the text of a key in the chosen language and fills its blanks. Pure. */
import { en } from './en.ts';
import type { TextKey } from './vi.ts';
import { vi } from './vi.ts';

export type Language = 'vi' | 'en';

/** Values for the blanks `{name}` of a text. */
export type Blanks = Readonly<Record<string, string | number>>;

const texts: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { vi, en };

const plurals: Readonly<Record<Language, Intl.PluralRules>> = {
  vi: new Intl.PluralRules('vi'),
  en: new Intl.PluralRules('en'),
};

/**
 * The text with its blanks filled; a blank without a value stays visible, so that it is found.
 * `one|many` are the forms for the number `n`, where a language tells them apart.
 */
export function translate(language: Language, key: TextKey, blanks: Blanks = {}): string {
  return fill(language, texts[language][key], blanks);
}

/** A text of any table of this language with its blanks filled, by the same rules. */
export function fill(language: Language, source: string, blanks: Blanks = {}): string {
  const forms = source.split('|');
  const isOne = typeof blanks.n === 'number' && plurals[language].select(blanks.n) === 'one';
  const text = (isOne ? forms[0] : forms.at(-1)) ?? source;
  return text.replace(/\{(\w+)\}/g, (blank, name: string) => String(blanks[name] ?? blank));
}

/** Whether there is a text of this name; for words that come from the hub, such as a device class. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(vi, key);
}

/** Lower case without diacritics, so that `ho tay` finds `Hồ Tây`. */
export function foldForSearch(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}

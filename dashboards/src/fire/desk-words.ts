/** The desk's words together with the app's: one `t` for both tables. */
import type { DeskKey } from '../i18n/desk.ts';
import { deskTexts, isDeskKey } from '../i18n/desk.ts';
import type { Blanks, Language } from '../i18n/translate.ts';
import { fill, isTextKey, translate } from '../i18n/translate.ts';
import type { TextKey } from '../i18n/vi.ts';
import type { Words } from '../parts/app.tsx';
import { useWords } from '../parts/app.tsx';

export type DeskWords = Omit<Words, 't'> & { t(key: TextKey | DeskKey, blanks?: Blanks): string };

/** The words of the chosen language for a panel of the desk. */
export function useDeskWords(): DeskWords {
  const words = useWords();
  return { ...words, ...deskSpeech(words.language) };
}

/** Both tables in one language. Pure. */
export function deskSpeech(language: Language): Pick<DeskWords, 't' | 'word' | 'language'> {
  const texts = deskTexts[language];
  const t = (key: TextKey | DeskKey, blanks?: Blanks): string =>
    isDeskKey(key) ? fill(language, texts[key], blanks) : translate(language, key, blanks);
  return {
    language,
    t,
    word: (group, word) => {
      const key = `${group}.${word}`;
      return isDeskKey(key) || isTextKey(key) ? t(key) : word;
    },
  };
}

/** The desk's words together with the app's: one `t` for both tables. */
import type { DeskKey } from '../i18n/desk.ts';
import { deskTexts, isDeskKey } from '../i18n/desk.ts';
import type { Blanks } from '../i18n/translate.ts';
import { fill } from '../i18n/translate.ts';
import type { TextKey } from '../i18n/vi.ts';
import type { Words } from '../parts/app.tsx';
import { useWords } from '../parts/app.tsx';

export type DeskWords = Omit<Words, 't'> & { t(key: TextKey | DeskKey, blanks?: Blanks): string };

/** The words of the chosen language for a panel of the desk. */
export function useDeskWords(): DeskWords {
  const words = useWords();
  const texts = deskTexts[words.language];
  return {
    ...words,
    t: (key, blanks) => (isDeskKey(key) ? fill(words.language, texts[key], blanks) : words.t(key, blanks)),
    word: (group, word) => {
      const key = `${group}.${word}`;
      return isDeskKey(key) ? fill(words.language, texts[key]) : words.word(group, word);
    },
  };
}

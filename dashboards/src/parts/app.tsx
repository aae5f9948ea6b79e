/** What every panel may use: the store, the words, the bell. Handed down once, at the root. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Ringer } from '../fire/ringer.ts';
import { formatAge } from '../i18n/format.ts';
import type { Blanks, Language } from '../i18n/translate.ts';
import { isTextKey, translate } from '../i18n/translate.ts';
import type { TextKey } from '../i18n/vi.ts';
import type { Outbox } from '../live/outbox.ts';
import type { Store } from '../live/store.ts';
import type { Settings } from './settings.ts';

export type App = {
  readonly store: Store;
  readonly settings: Settings;
  readonly ringer: Ringer;
  readonly outbox: Outbox;
};

export const AppContext = createContext<App | undefined>(undefined);

/** The app; panels live below its provider. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('A panel stands outside the app.');
  return app;
}

export type Words = {
  readonly language: Language;
  t(key: TextKey, blanks?: Blanks): string;
  /** The text `<group>.<word>` of a word that the hub sent; the word itself when there is none. */
  word(group: string, word: string): string;
  ago(ageMs: number): string;
};

/** The words of the chosen language; the panel is drawn again when it changes. */
export function useWords(): Words {
  const language = useApp().settings.language.value;
  return {
    language,
    t: (key, blanks) => translate(language, key, blanks),
    word: (group, word) => {
      const key = `${group}.${word}`;
      return isTextKey(key) ? translate(language, key) : word;
    },
    ago: (ageMs) =>
      ageMs < 1_000
        ? translate(language, 'age.now')
        : translate(language, 'age.ago', { age: formatAge(ageMs, language) }),
  };
}

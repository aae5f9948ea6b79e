/** What this console prefers: language, theme, keys. Kept in the browser; the token only for this tab. */
import type { Signal } from '@preact/signals';
import { effect, signal } from '@preact/signals';
import type { Language } from '../i18n/translate.ts';

export type Theme = 'light' | 'dark' | 'auto';

export type Settings = {
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
  /** Single-letter shortcuts may be turned off (WCAG 2.1.4). */
  readonly keys: Signal<boolean>;
};

/** Reads the preferences and keeps them when they change. */
export function openSettings(storage: Storage): Settings {
  const language = signal<Language>(storage.getItem('language') === 'en' ? 'en' : 'vi');
  const stored = storage.getItem('theme');
  const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'auto');
  const keys = signal(storage.getItem('keys') !== 'off');
  effect(() => {
    storage.setItem('language', language.value);
    storage.setItem('theme', theme.value);
    storage.setItem('keys', keys.value ? 'on' : 'off');
  });
  return { language, theme, keys };
}

/** Takes the token out of `#token=…` (and out of the address at once), or from this tab's memory. */
export function takeToken(): string | undefined {
  const match = /^#token=(.+)$/.exec(location.hash);
  const given = match?.[1];
  if (given !== undefined) {
    history.replaceState(null, '', location.pathname + location.search);
    keepToken(decodeURIComponent(given));
  }
  return sessionStorage.getItem('token') ?? undefined;
}

/** Keeps the token for this tab; `undefined` forgets it. */
export function keepToken(token: string | undefined): void {
  if (token === undefined) sessionStorage.removeItem('token');
  else sessionStorage.setItem('token', token.trim());
}

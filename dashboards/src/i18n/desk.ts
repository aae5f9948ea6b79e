/** The words of the fire desk's own panels. They come with the desk, not with the shell that the public loads too. */
import { enDesk } from './en-desk.ts';
import type { Language } from './translate.ts';
import { viDesk } from './vi-desk.ts';

/** Every text of the desk, by name. */
export type DeskKey = keyof typeof viDesk;

export const deskTexts: Readonly<Record<Language, Readonly<Record<DeskKey, string>>>> = { vi: viDesk, en: enDesk };

/** Whether there is a desk text of this name. */
export function isDeskKey(key: string): key is DeskKey {
  return Object.hasOwn(viDesk, key);
}

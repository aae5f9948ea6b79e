/** A SIA data block: `Nri1/FA005/FH006`, `Nti20:50:26RP99`, `Nri1CL0^text^`. Pure. */
import type { Report } from './meaning.ts';
import { siaMeaning } from './sia-codes.ts';

/** The reports in it, and the free text. */
export type SiaData = { readonly reports: readonly Report[]; readonly text: string };

// In this order: text, time, date, any modifier (`ri1`, `id23`), a code with its zone, else one character.
const token =
  /\^([^^]*)\^?|ti\d{1,2}:\d{2}(?::\d{2})?|da\d{1,2}-\d{1,2}-\d{2,4}|([a-z]{2})([0-9]*)|([A-Z]{2})([0-9]{0,8})|./gs;

/** More reports in one frame than any panel sends; the rest is told by the flag that nothing was understood. */
const maxReports = 32;

/** Reads a block. Whatever cannot be read as a code leaves it without reports, which the caller shows to a person. */
export function readSiaData(data: string): SiaData {
  const reports: Report[] = [];
  const texts: string[] = [];
  let area = '';
  // The first letter says new (N) or old (O, sent again); the same to us.
  for (const match of data.replace(/^[NO](?=[a-z/^]|[A-Z]{2})/, '').matchAll(token)) {
    const [, text, modifier, value = '', code, zone = ''] = match;
    if (text !== undefined) texts.push(text);
    else if (modifier === 'ri') area = value;
    else if (code !== undefined && reports.length < maxReports) {
      reports.push({ code, meaning: siaMeaning(code), area, zone });
    }
  }
  return { reports, text: texts.join(' ').trim() };
}

/** Contact ID (SIA DC-05): `1110 01 005`, or the raw digits `181110010050` with a checksum. Pure. */
import type { FireEvent } from '../../fire/message.ts';
import { type Meaning, type Report, unknownAlarm } from './meaning.ts';

export type ContactId = { readonly report: Report; readonly checksumOk: boolean };

const spaced = /^([136])([0-9A-F]{3}) ?([0-9A-F]{2}) ?([0-9A-F]{3})(?![0-9A-F])/i;
/** Message type 18 or 98, then qualifier, code, area, zone and a checksum digit. */
const raw = /^(18|98)([136])([0-9A-F]{3})([0-9A-F]{2})([0-9A-F]{3})([0-9A-F])$/i;

/** Reads one event; `undefined` when it has no such shape. `account` takes part in the checksum. */
export function readContactId(data: string, account: string): ContactId | undefined {
  const text = data.trim();
  const whole = raw.exec(text);
  if (whole !== null) {
    const [, , qualifier = '', code = '', area = '', zone = ''] = whole;
    const report = reportOf(qualifier, code, area, zone);
    return { report, checksumOk: digitSum(account.slice(-4) + text) % 15 === 0 };
  }
  const match = spaced.exec(text);
  if (match === null) return undefined;
  const [, qualifier = '', code = '', area = '', zone = ''] = match;
  return { report: reportOf(qualifier, code, area, zone), checksumOk: true };
}

/** DC-05: the digit 0 counts ten; the sum is a multiple of fifteen. */
function digitSum(digits: string): number {
  let sum = 0;
  for (const digit of digits) sum += digit === '0' ? 10 : Number.parseInt(digit, 16);
  return sum;
}

function reportOf(qualifier: string, code: string, area: string, zone: string): Report {
  const meaning = contactIdMeaning(code);
  return { code: `${qualifier}${code}`, meaning: qualifier === '3' ? restoreOf(meaning) : meaning, area, zone };
}

function restoreOf(meaning: Meaning): Meaning {
  switch (meaning.kind) {
    case 'alarm':
    case 'prealarm':
    case 'supervisory':
      return { ...meaning, kind: 'restore' };
    case 'trouble':
    case 'tamper':
      return { ...meaning, kind: 'troubleRestore' };
    // The end of a reset, a test or a piece of information restores nothing.
    case 'restore':
      return { kind: 'info', class: 'other' };
    default:
      return meaning;
  }
}

const alarm = (sensor: FireEvent['class']): Meaning => ({ kind: 'alarm', class: sensor });
const trouble = (cause?: string): Meaning => ({
  kind: 'trouble',
  class: 'other',
  ...(cause === undefined ? {} : { cause }),
});
const tamper: Meaning = { kind: 'tamper', class: 'other', cause: 'tamper' };
const supervisory: Meaning = { kind: 'supervisory', class: 'other' };
const test: Meaning = { kind: 'test', class: 'other' };
const info: Meaning = { kind: 'info', class: 'other' };

/** Codes one by one. */
const single: Readonly<Record<string, Meaning>> = {
  110: alarm('other'),
  111: alarm('smoke'),
  112: alarm('smoke'),
  113: alarm('waterflow'),
  114: alarm('heat'),
  115: alarm('callPoint'),
  116: alarm('smoke'),
  117: alarm('flame'),
  118: { kind: 'prealarm', class: 'other' },
  140: alarm('other'),
  151: alarm('gas'),
  158: { kind: 'prealarm', class: 'heat' },
  162: alarm('co'),
  301: trouble('mains'),
  302: trouble('battery'),
  // The panel was reset: whatever still burns it reports anew.
  305: { kind: 'restore', class: 'other', isWhole: true },
  306: info,
  308: trouble('shutdown'),
  309: trouble('battery'),
  310: trouble('ground'),
  311: trouble('battery'),
  312: trouble('power supply'),
  320: trouble('sounder'),
  321: trouble('sounder'),
  322: trouble('sounder'),
  323: trouble('relay'),
  324: trouble('relay'),
  333: trouble('module'),
  337: trouble('power supply'),
  338: trouble('battery'),
  341: tamper,
  342: trouble('power supply'),
  373: trouble(),
  383: tamper,
  384: trouble('sensor battery'),
  393: trouble('clean me'),
  611: test,
  612: trouble('not tested'),
};

/** Ranges for the rest, first to last. */
const ranges: readonly (readonly [first: number, last: number, meaning: Meaning])[] = [
  // Medical, panic, burglary, gas supply, water, temperature: somebody's alarm, not a fire.
  [100, 109, supervisory],
  [120, 136, supervisory],
  [137, 137, tamper],
  [138, 139, supervisory],
  [141, 143, supervisory],
  [144, 145, tamper],
  [146, 149, supervisory],
  [150, 163, supervisory],
  [200, 206, supervisory],
  [300, 349, trouble('system')],
  [350, 359, trouble('line')],
  [370, 379, trouble('loop')],
  [380, 399, trouble('sensor')],
  [400, 469, info],
  [500, 569, trouble('disabled')],
  [570, 579, trouble('bypass')],
  [601, 609, test],
  [613, 616, test],
  [621, 632, info],
  [651, 655, info],
];

/** The meaning of a three-digit code as a new event; one that nobody knows is a possible fire. */
export function contactIdMeaning(code: string): Meaning {
  const exact = Object.hasOwn(single, code) ? single[code] : undefined;
  if (exact !== undefined) return exact;
  const number = /^\d{3}$/.test(code) ? Number(code) : Number.NaN;
  return ranges.find(([first, last]) => number >= first && number <= last)?.[2] ?? unknownAlarm;
}

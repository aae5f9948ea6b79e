/** The inside of a frame: `"id"seq[R][L][#acct][content][xdata…][_time]`, plain or decrypted. Pure. */
import type { Millis } from '../../wire.ts';
import { decrypt } from './cipher.ts';
import { splitTime } from './timestamp.ts';

/** What stands in clear in every frame. */
export type Header = {
  readonly isEncrypted: boolean;
  /** `SIA-DCS`, `ADM-CID`, `NULL`, `ACK`, `NAK`, `DUH`, or a word we do not know. */
  readonly id: string;
  /** Four digits. */
  readonly seq: string;
  readonly receiver?: string;
  /** The account prefix; the standard demands it, some panels leave it out. */
  readonly line?: string;
  readonly account?: string;
};

/** What the panel says. */
export type Content = {
  /** `Nri1/FA005` or `1110 01 005`; empty when it says nothing. */
  readonly data: string;
  /** The account inside, when it stands there. */
  readonly account?: string;
  /** Further parts after `|`, e.g. `Atest`. */
  readonly more: readonly string[];
  /** Extended data by its letter: `X` longitude, `Y` latitude, `M` MAC … */
  readonly extended: Readonly<Record<string, string>>;
  /** NaN: a time stands there, and is none. */
  readonly time?: Millis;
};

// The standard's accounts are hexadecimal; other letters do occur, and their alarms count.
const grammar =
  /^"(\*?)([A-Za-z0-9-]{1,16})"(\d{4})(?:R([0-9A-Fa-f]{1,6}))?(?:L([0-9A-Fa-f]{1,6}))?(?:#([0-9A-Za-z]{1,16}))?\[(.*)$/s;
const legacy = /^SR(\d+)L(\d+) +0*([0-9A-Fa-f]{3,16}?)X* +\[([^\]]*)\]$/;

/** Header and the rest after `[`; `undefined` when it is no DC-09. */
export function splitBody(body: string): { readonly header: Header; readonly rest: string } | undefined {
  const match = grammar.exec(body);
  if (match === null) return undefined;
  const [, star, id = '', seq = '', receiver, line, account, rest = ''] = match;
  const header = {
    isEncrypted: star === '*',
    id: id.toUpperCase(),
    seq,
    ...(receiver === undefined ? {} : { receiver }),
    // A NAK has a third field: `R0L0A0`.
    ...(line === undefined ? {} : { line: id === 'NAK' ? line.replace(/A0$/, '') : line }),
    ...(account === undefined ? {} : { account: account.toUpperCase() }),
  };
  return { header, rest };
}

/** What can be saved of a body that is no DC-09: its number, to say "not understood" to. */
export function guessHeader(body: string): Header {
  return { isEncrypted: false, id: '?', seq: /^"[^"]{0,16}"(\d{4})/.exec(body)?.[1] ?? '0000' };
}

/** A line of the older protocol as a link test. */
export function splitLegacy(body: string): { readonly header: Header; readonly data: string } | undefined {
  const match = legacy.exec(body);
  if (match === null) return undefined;
  const [, receiver = '', line = '', account = '', data = ''] = match;
  return {
    header: { isEncrypted: false, id: 'NULL', seq: '0000', receiver, line, account: account.toUpperCase() },
    data,
  };
}

/** Reads what stands between the brackets of a plain frame. */
export function readPlain(rest: string): Content {
  const { rest: beforeTime, time } = splitTime(rest);
  // A `]` inside ^text^ does not end the content.
  const match = /^((?:\^[^^]*\^|[^\]])*)\]?(.*)$/s.exec(beforeTime);
  const parts = splitParts(match?.[1] ?? '');
  const [first = '', ...others] = parts;
  const account = /^#([0-9A-Za-z]{1,16})$/.exec(first)?.[1]?.toUpperCase();
  // `[#acct|data|…]`, `[|data]` and `[data]` all occur.
  const [data = '', ...more] = account === undefined && first !== '' ? [first, ...others] : others;
  return {
    data,
    more,
    extended: readExtended(match?.[2] ?? ''),
    ...(account === undefined ? {} : { account }),
    ...(time === undefined ? {} : { time }),
  };
}

/** Decrypts and reads; `undefined` when the key does not fit: the time at the end is mandatory and proves it. */
export function readEncrypted(rest: string, key: Buffer): Content | undefined {
  const plain = decrypt(rest.replace(/\]$/, ''), key);
  if (plain === undefined) return undefined;
  const end = plain.indexOf(']');
  if (end < 0) return undefined;
  const bar = plain.indexOf('|');
  const isPadded = bar >= 0 && bar < end && !/^#[0-9A-Fa-f]{3,16}$/.test(plain.slice(0, bar));
  // A panel that has nothing to say may send padding alone, without the bar: `ppppp]_time`.
  const content = readPlain(isPadded ? plain.slice(bar + 1) : bar < 0 || bar > end ? plain.slice(end) : plain);
  return content.time === undefined ? undefined : content;
}

function splitParts(content: string): string[] {
  const parts: string[] = [''];
  let isText = false;
  for (const character of content) {
    if (character === '^') isText = !isText;
    if (character === '|' && !isText) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

const maxExtended = 12;

function readExtended(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/\[([A-Z])([^\]]{0,256})\]/g)].slice(0, maxExtended);
  return Object.fromEntries(found.map((match) => [match[1] ?? '', match[2] ?? '']));
}

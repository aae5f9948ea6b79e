/** From a panel's words to messages of ours. Pure. */
import type { FireDoubt, FireEvent } from '../../fire/message.ts';
import type { Millis } from '../../wire.ts';
import { type Adapted, adaptedEvent, believable, stableId, valueText } from '../adapted.ts';
import type { Content, Header } from './body.ts';
import { readContactId } from './contact-id.ts';
import { pointOf, type Report, unknownAlarm } from './meaning.ts';
import { readSiaData } from './sia-data.ts';

/** A link test is a heartbeat. */
export function linkTest(deviceId: string, { time }: Pick<Content, 'time'>, at: Millis): Adapted {
  const { ts, isWrong } = believable(time, at);
  return { deviceId, message: 'heartbeat', body: { ts }, quality: isWrong ? ['clock'] : [] };
}

export type PanelWords = {
  readonly deviceId: string;
  readonly account: string;
  readonly header: Header;
  readonly content: Content;
  readonly frameDoubts: readonly FireDoubt[];
  readonly at: Millis;
  /** The panel's time of these words, or the hub's of their first reception where it gives none. */
  readonly moment: Millis;
  /** Codes that this panel sends only after it has verified the alarm itself, without the qualifier: `111`, `FA`. */
  readonly verified?: ReadonlySet<string>;
};

/** What tells a panel's words from other words of it, whatever time is on them; stands at the end of `boot`. */
export function wordsDigest({ seq, id }: Pick<Header, 'seq' | 'id'>, data: string): string {
  return stableId('w', seq, id, data).slice(2, 14);
}

/** One event for each report; words that hold no report are one unknown alarm, because a person must see them. */
export function contentEvents(words: PanelWords): readonly Adapted[] {
  const { reports, text, doubts } = readReports(words);
  return reports.map((report, index) => eventOf(words, report, index, text, doubts));
}

type Read = { readonly reports: readonly Report[]; readonly text: string; readonly doubts: readonly FireDoubt[] };

function readReports({ header, content, account }: PanelWords): Read {
  const unknown = { code: `${header.id} ${content.data}`.slice(0, 16), meaning: unknownAlarm, area: '', zone: '' };
  if (header.id === 'ADM-CID') {
    const read = readContactId(content.data, account);
    if (read === undefined) return { reports: [unknown], text: content.data, doubts: [] };
    return { reports: [read.report], text: '', doubts: read.checksumOk ? [] : ['checksum'] };
  }
  if (header.id === 'SIA-DCS') {
    const { reports, text } = readSiaData(content.data);
    return { reports: reports.length === 0 ? [unknown] : reports, text: text || content.data, doubts: [] };
  }
  return { reports: [unknown], text: content.data, doubts: [] };
}

function eventOf(
  words: PanelWords,
  report: Report,
  index: number,
  text: string,
  doubts: readonly FireDoubt[],
): Adapted {
  const { deviceId, header, content, moment } = words;
  const meaning = withVerification(report, words.verified);
  const hasTime = content.time !== undefined && Number.isFinite(content.time);
  const { ts, isWrong } = hasTime ? believable(moment, words.at) : believable(content.time, moment);
  const said = hasTime ? `${moment}` : `first ${moment}`;
  const quality: FireDoubt[] = [...words.frameDoubts, ...doubts];
  if (isWrong) quality.push('clock');
  if (meaning.isUnknown) quality.push('unknownCode');
  const event: FireEvent = {
    id: stableId('dc09', deviceId, header.seq, said, header.id, content.data, index),
    ts,
    // The words' digest lets a hub that was killed know the repetition of what it had stored.
    boot: `${said} ${wordsDigest(header, content.data)}`,
    seq: Number(header.seq) * 64 + index,
    // Arming, logs and access have no kind of their own: a trouble's end that clears nothing is the quietest (P8).
    kind: meaning.kind === 'info' ? 'troubleRestore' : meaning.kind,
    class: meaning.class,
    point: pointOf(report),
    ...(meaning.panelVerified ? { panelVerified: true } : {}),
    values: valuesOf(words, report, text, isWrong),
  };
  return adaptedEvent(deviceId, event, quality);
}

function withVerification({ code, meaning }: Report, verified: ReadonlySet<string> | undefined): Report['meaning'] {
  // Contact ID has a qualifier in front: `1111` is a new 111.
  const isVerified = verified?.has(code.length === 4 ? code.slice(1) : code) === true && meaning.kind === 'alarm';
  return isVerified ? { ...meaning, panelVerified: true } : meaning;
}

function valuesOf({ header, content }: PanelWords, report: Report, text: string, isWrong: boolean) {
  const values: Record<string, string | number> = {
    code: readable(`${header.id} ${report.code}`),
    sequence: header.seq,
    ...(report.area === '' ? {} : { area: report.area }),
    ...(report.zone === '' ? {} : { zone: report.zone }),
  };
  const free = [text, ...content.more.map((part) => part.replace(/^A/, ''))].filter((part) => part !== '').join(' | ');
  if (free !== '') values.text = readable(free);
  if (isWrong && content.time !== undefined && Number.isFinite(content.time)) {
    values.deviceTime = new Date(content.time).toISOString();
  }
  for (const [letter, value] of Object.entries(content.extended)) values[`extended${letter}`] = readable(value);
  return values;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Names come as UTF-8 or as single bytes; nothing in them may break a screen. */
function readable(bytes: string): string {
  try {
    return valueText(utf8.decode(Buffer.from(bytes, 'latin1')));
  } catch {
    // Not UTF-8: each byte is a character of ISO 8859-1.
    return valueText(bytes);
  }
}

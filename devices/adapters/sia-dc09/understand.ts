/** From a raw frame to what the hub understands of it: messages, doubts, and the answer it deserves. Pure. */
import type { FireDoubt } from '../../fire/message.ts';
import type { Millis } from '../../wire.ts';
import { type Adapted, valueText } from '../adapted.ts';
import { doubtfulFrame, type WhyDoubtful } from '../doubtful.ts';
import { type Content, guessHeader, type Header, readEncrypted, readPlain, splitBody, splitLegacy } from './body.ts';
import { contentEvents, linkTest, wordsDigest } from './events.ts';
import type { RawFrame } from './frame.ts';
import { isTimely } from './timestamp.ts';

/** What is to be done with a frame. */
export type Understood = {
  /**
   * `ack`: once the messages are stored, or at once for a link test. `duh`: once they are stored. `none`: silence, the panel
   * sends again.
   */
  readonly answer: 'ack' | 'nak' | 'duh' | 'none';
  readonly why: 'whole' | 'crc' | 'grammar' | 'decrypt' | 'time' | 'answer';
  readonly header?: Header;
  readonly content?: Content;
  readonly deviceId?: string;
  /** It carries nothing: answered before anything is stored. */
  readonly isLinkTest: boolean;
  /** The key that opened it; the answer is encrypted with it too. */
  readonly key?: Buffer;
  readonly quality: readonly FireDoubt[];
  readonly messages: readonly Adapted[];
};

export type UnderstandContext = {
  readonly at: Millis;
  /** The key of an account, if one is set; the account is empty where a frame names none. */
  keyOf(account: string): Buffer | undefined;
  /** Codes that this panel sends only after it has verified the alarm itself. */
  verifiedOf?(account: string): ReadonlySet<string> | undefined;
  /**
   * The time that stands for these words in ids, which must not differ when the panel sends them again: its own, or of the
   * first reception where it gives none.
   */
  momentOf?(deviceId: string, digest: string, time: Millis | undefined): Millis;
};

/** `dc09-<account>`, as the registry knows the panel. */
export const panelId = (account: string): string => `dc09-${account.toUpperCase()}`;

/** Whose frames that name no account are. Small letters: no account is written so. */
export const namelessPanel = 'dc09-unknown';

/** Understands one frame. Never throws, whatever the bytes are. */
export function understandFrame(frame: RawFrame, context: UnderstandContext): Understood {
  if (frame.isLegacy) return understandLegacy(frame, context);
  const split = splitBody(frame.body);
  if (!frame.crcOk) return unreadable('crc', 'none', split?.header, context);
  if (split === undefined) return foreign(frame.body, context);
  const { header, rest } = split;
  // An answer of another receiver: nothing to say to it.
  if (answers.has(header.id)) {
    return { answer: 'none', why: 'answer', header, isLinkTest: false, quality: [], messages: [] };
  }
  const key = context.keyOf(header.account ?? '');
  const lengthDoubt: readonly FireDoubt[] = frame.lengthOk ? [] : ['length'];
  if (!header.isEncrypted) {
    const doubts: readonly FireDoubt[] = key === undefined ? lengthDoubt : [...lengthDoubt, 'plain'];
    return whole(header, readPlain(rest), doubts, context);
  }
  const content = key === undefined ? undefined : readEncrypted(rest, key);
  if (content === undefined || key === undefined) return unreadable('decrypt', 'nak', header, context);
  const understood = { ...whole(header, content, lengthDoubt, context), key };
  const isInTime = content.time !== undefined && isTimely(content.time, context.at);
  return isInTime ? understood : { ...understood, answer: 'nak', why: 'time' };
}

const answers: ReadonlySet<string> = new Set(['ACK', 'NAK', 'DUH', 'RSP']);

function whole(
  header: Header,
  content: Content,
  frameDoubts: readonly FireDoubt[],
  context: UnderstandContext,
): Understood {
  const account = header.account ?? content.account;
  const isLinkTest = header.id === 'NULL';
  const saysNothing = isLinkTest || (content.data === '' && content.more.length === 0);
  if (account === undefined && saysNothing) {
    const answer = isLinkTest ? 'ack' : 'duh';
    return { answer, why: 'grammar', header, content, isLinkTest, quality: [], messages: [] };
  }
  const deviceId = account === undefined ? namelessPanel : panelId(account);
  const messages = saysNothing
    ? [linkTest(deviceId, content, context.at)]
    : eventsOf(deviceId, account ?? '', header, content, frameDoubts, context);
  const quality = [...new Set([...frameDoubts, ...messages.flatMap((message) => message.quality)])];
  return { answer: 'ack', why: 'whole', header, content, deviceId, isLinkTest, quality, messages };
}

function eventsOf(
  deviceId: string,
  account: string,
  header: Header,
  content: Content,
  frameDoubts: readonly FireDoubt[],
  context: UnderstandContext,
): readonly Adapted[] {
  const time = Number.isFinite(content.time) ? content.time : undefined;
  const moment = context.momentOf?.(deviceId, wordsDigest(header, content.data), time) ?? time ?? context.at;
  const verified = context.verifiedOf?.(account);
  return contentEvents({
    deviceId,
    account,
    header,
    content,
    frameDoubts,
    at: context.at,
    moment,
    ...(verified === undefined ? {} : { verified }),
  });
}

/** The checksum is right and the inside is not of this grammar: an alarm may be in it, so a person looks. */
function foreign(body: string, context: UnderstandContext): Understood {
  const header = guessHeader(body);
  const content: Content = { data: body, more: [], extended: {} };
  const messages = eventsOf(namelessPanel, '', header, content, [], context);
  const quality = [...new Set(messages.flatMap((message) => message.quality))];
  return {
    answer: 'duh',
    why: 'grammar',
    header,
    content,
    deviceId: namelessPanel,
    isLinkTest: false,
    quality,
    messages,
  };
}

/** A frame that cannot be believed leaves a trace when the account is readable, but is no alarm. */
function unreadable(
  why: 'crc' | 'decrypt',
  answer: 'nak' | 'none',
  header: Header | undefined,
  { at }: UnderstandContext,
): Understood {
  const quality: readonly FireDoubt[] = [why];
  const isLinkTest = header?.id === 'NULL';
  if (header?.account === undefined)
    return { answer, why, isLinkTest, quality, messages: [], ...(header && { header }) };
  const deviceId = panelId(header.account);
  const messages = isLinkTest ? [] : [panelDoubt(deviceId, header, why, at, quality)];
  return { answer, why, header, deviceId, isLinkTest, quality, messages };
}

/** The trouble that a frame which cannot be believed is to its panel. */
export function panelDoubt(
  deviceId: string,
  header: Header,
  why: WhyDoubtful,
  at: Millis,
  quality: readonly FireDoubt[] = [],
  values: Readonly<Record<string, string>> = {},
): Adapted {
  const texts = Object.entries(values).map(([name, text]) => [name, valueText(text)] as const);
  const said = { code: `${header.id} ${why}`, sequence: header.seq, ...Object.fromEntries(texts) };
  return doubtfulFrame({ dialect: 'dc09', deviceId, why, values: said, quality, at });
}

function understandLegacy(frame: RawFrame, { at }: UnderstandContext): Understood {
  const split = splitLegacy(frame.body);
  if (split === undefined) return { answer: 'none', why: 'grammar', isLinkTest: false, quality: [], messages: [] };
  const { header } = split;
  const content: Content = { data: split.data, more: [], extended: {} };
  const deviceId = panelId(header.account ?? '');
  const messages = [linkTest(deviceId, content, at)];
  return { answer: 'ack', why: 'whole', header, content, deviceId, isLinkTest: true, quality: [], messages };
}

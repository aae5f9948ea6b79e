/** From a raw frame to what the hub understands of it: messages, doubts, and the answer it deserves. Pure. */
import type { FireDoubt } from '../../fire/message.ts';
import type { Millis } from '../../wire.ts';
import type { Adapted } from '../adapted.ts';
import { type Content, type Header, readEncrypted, readPlain, splitBody, splitLegacy } from './body.ts';
import { contentEvents, doubtfulFrame, linkTest } from './events.ts';
import type { RawFrame } from './frame.ts';
import { isTimely } from './timestamp.ts';

/** What is to be done with a frame. */
export type Understood = {
  /** `ack`: once the messages are stored, or at once for a link test. `none`: silence, the panel sends again. */
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
  /** The key of an account, if one is set. */
  keyOf(account: string): Buffer | undefined;
  /**
   * The hub's time of the first reception of the same words, for events whose panel gives no time: ids must not differ when
   * it sends again. `at` when it is new.
   */
  firstAt?(deviceId: string, words: string): Millis;
};

/** `dc09-<account>`, as the registry knows the panel. */
export const panelId = (account: string): string => `dc09-${account.toUpperCase()}`;

/** Understands one frame. Never throws, whatever the bytes are. */
export function understandFrame(frame: RawFrame, context: UnderstandContext): Understood {
  if (frame.isLegacy) return understandLegacy(frame, context);
  const split = splitBody(frame.body);
  if (!frame.crcOk) return unreadable('crc', 'none', split?.header, context);
  // The framing is whole, the inside is not of this grammar: without a number there is nothing to answer to.
  if (split === undefined) return unreadable('grammar', 'none', undefined, context);
  const { header, rest } = split;
  // An answer of another receiver: nothing to say to it.
  if (header.id === 'ACK' || header.id === 'NAK' || header.id === 'DUH') {
    return { answer: 'none', why: 'answer', header, isLinkTest: false, quality: [], messages: [] };
  }
  const key = header.account === undefined ? undefined : context.keyOf(header.account);
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

function whole(
  header: Header,
  content: Content,
  frameDoubts: readonly FireDoubt[],
  context: UnderstandContext,
): Understood {
  const account = header.account ?? content.account;
  const isLinkTest = header.id === 'NULL';
  // Nobody to attribute it to: told as "not understood", counted, never acknowledged.
  if (account === undefined) {
    return {
      answer: isLinkTest ? 'ack' : 'duh',
      why: 'grammar',
      header,
      content,
      isLinkTest,
      quality: [],
      messages: [],
    };
  }
  const deviceId = panelId(account);
  const saysNothing = isLinkTest || (content.data === '' && content.more.length === 0);
  // Only words without a time need to be remembered.
  const needsFirst = !saysNothing && !Number.isFinite(content.time);
  const words = `${header.seq} ${content.data}`;
  const firstAt = (needsFirst ? context.firstAt?.(deviceId, words) : undefined) ?? context.at;
  const messages = saysNothing
    ? [linkTest(deviceId, content, context.at)]
    : contentEvents({ deviceId, account, header, content, frameDoubts, at: context.at, firstAt });
  const quality = [...new Set([...frameDoubts, ...messages.flatMap((message) => message.quality)])];
  return { answer: 'ack', why: 'whole', header, content, deviceId, isLinkTest, quality, messages };
}

/** A frame that cannot be believed leaves a trace when the account is readable, but is no alarm. */
function unreadable(
  why: 'crc' | 'grammar' | 'decrypt',
  answer: 'nak' | 'none',
  header: Header | undefined,
  { at }: UnderstandContext,
): Understood {
  const quality: readonly FireDoubt[] = why === 'crc' ? ['crc'] : why === 'decrypt' ? ['decrypt'] : [];
  const isLinkTest = header?.id === 'NULL';
  if (header?.account === undefined)
    return { answer, why, isLinkTest, quality, messages: [], ...(header && { header }) };
  const deviceId = panelId(header.account);
  const messages = isLinkTest ? [] : [doubtfulFrame(deviceId, header, why, quality, at)];
  return { answer, why, header, deviceId, isLinkTest, quality, messages };
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

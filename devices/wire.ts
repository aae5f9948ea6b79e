/** The language every device speaks: the topic grammar, the JSON envelope and what a refusal is. Pure. */

/** Milliseconds since 1970-01-01 UTC. */
export type Millis = number;

/** Everything the hub and its devices say to each other lives below this prefix. */
export const topicRoot = 'city/v1';

const topicPattern = /^city\/v1\/([a-z][a-z0-9-]{0,31})\/([A-Za-z0-9_-]{1,64})\/([a-z]{1,32})$/;
const deviceIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** `city/v1/<domain>/<deviceId>/<message>`, taken apart. */
export type Topic = { readonly domain: string; readonly deviceId: string; readonly message: string };

/** Takes a topic apart; `undefined` when it is not one of ours (wildcards, `$`, empty levels, control characters). */
export function parseTopic(topic: string): Topic | undefined {
  const match = topicPattern.exec(topic);
  if (match === null) return undefined;
  const [, domain, deviceId, message] = match;
  if (domain === undefined || deviceId === undefined || message === undefined) return undefined;
  return { domain, deviceId, message };
}

/** Puts a topic together; the parts are trusted. */
export function buildTopic(domain: string, deviceId: string, message: string): string {
  return `${topicRoot}/${domain}/${deviceId}/${message}`;
}

/** True for an id that may stand in a topic: `[A-Za-z0-9_-]{1,64}`. */
export function isDeviceId(id: string): boolean {
  return deviceIdPattern.test(id);
}

/** Why a message was refused. Counted by this word, so the list stays short and closed. */
export type BadMessageReason =
  | 'topic'
  | 'size'
  | 'json'
  | 'depth'
  | 'schema'
  | 'range'
  | 'time'
  | 'unknownDevice'
  | 'unknownMessage'
  | 'conflict';

/** A device's mistake: what was wrong, what was expected, and where in the payload. */
export class BadMessage extends Error {
  readonly reason: BadMessageReason;
  /** JSON pointer into the payload, empty for the whole of it. */
  readonly path: string;

  constructor(reason: BadMessageReason, detail: string, path = '') {
    super(detail);
    this.name = 'BadMessage';
    this.reason = reason;
    this.path = path;
  }
}

/** JSON deeper than this is refused before parsing: recursive readers of it would overflow the stack. */
export const maxJsonDepth = 16;

/** No device message is larger; the broker's guard cuts larger packets before they are read. */
export const maxPayloadBytes = 64 * 1024;

/**
 * Decodes a JSON payload without trusting it: size, depth and UTF-8 first, then the parse, then no
 * `__proto__`, `constructor` or `prototype` key at any level.
 *
 * @throws BadMessage with reason `size`, `depth` or `json`.
 */
export function decodeJson(payload: Uint8Array, maxBytes = maxPayloadBytes): unknown {
  if (payload.length > maxBytes) {
    throw new BadMessage('size', `payload has ${payload.length} bytes, at most ${maxBytes} are allowed`);
  }
  const text = decodeText(payload);
  const deepest = jsonDepth(text);
  if (deepest > maxJsonDepth) {
    throw new BadMessage('depth', `JSON is nested ${deepest} levels deep, at most ${maxJsonDepth} are allowed`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadMessage('json', `not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (suspectKey.test(text)) refuseSuspectKeys(value);
  return value;
}

// A cheap test on the text keeps the walk off the hot path; escapes (\u005f) make it a suspicion, not a proof.
const suspectKey = /__proto__|constructor|prototype|\\u/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeText(payload: Uint8Array): string {
  try {
    return utf8.decode(payload);
  } catch {
    throw new BadMessage('json', 'not valid UTF-8');
  }
}

/** Depth of nesting by brackets outside strings, in one pass over the text. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

function refuseSuspectKeys(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      throw new BadMessage('json', `the key "${key}" is not allowed`, `/${key}`);
    }
  }
  for (const child of Object.values(value)) refuseSuspectKeys(child);
}

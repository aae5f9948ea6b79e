/** Which topics a device may use: below its own id, and nothing else. */
import { parseTopic, topicRoot } from '../../devices/wire.ts';

/** A device that proved who it is. `first`: its bytes pass before everybody's queue. */
export type Identity = { readonly deviceId: string; readonly domain: string; readonly first: boolean };

/** `city/v1/<domain>/<deviceId>/`: what every topic of the device begins with. */
export function topicPrefix(identity: Identity): string {
  return `${topicRoot}/${identity.domain}/${identity.deviceId}/`;
}

/** Whether the device may publish to it. Wildcards, `$`, control characters and other devices' topics are not. */
export function mayPublish(identity: Identity, topic: string): boolean {
  const parsed = topic.length <= 256 ? parseTopic(topic) : undefined;
  return parsed !== undefined && parsed.domain === identity.domain && parsed.deviceId === identity.deviceId;
}

/** Whether the device may subscribe to it: exactly its own `command` and `receipt`, no filter that matches more. */
export function maySubscribe(identity: Identity, filter: string): boolean {
  const prefix = topicPrefix(identity);
  return filter === `${prefix}command` || filter === `${prefix}receipt`;
}

/** Recognises a device's own topics in raw bytes; the last one is kept as a string, so a stream of positions allocates none. */
export class TopicReader {
  readonly #prefix: Buffer;
  #lastBytes: Buffer | undefined;
  #last = '';

  constructor(identity: Identity) {
    this.#prefix = Buffer.from(topicPrefix(identity));
  }

  /** The topic in these bytes, or `undefined` when it is not one the device may publish to. */
  read(bytes: Buffer, start: number, end: number): string | undefined {
    if (this.#lastBytes !== undefined && equals(this.#lastBytes, bytes, start, end)) return this.#last;
    const nameStart = start + this.#prefix.length;
    // The last level is `[a-z]{1,32}`, as the topic grammar in devices/wire.ts says.
    if (end <= nameStart || end > nameStart + 32) return undefined;
    if (!equals(this.#prefix, bytes, start, nameStart)) return undefined;
    for (let index = nameStart; index < end; index++) {
      const code = bytes[index] ?? 0;
      if (code < 0x61 || code > 0x7a) return undefined;
    }
    this.#lastBytes = Buffer.from(bytes.subarray(start, end));
    this.#last = bytes.toString('latin1', start, end);
    return this.#last;
  }
}

function equals(expected: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (expected.length !== end - start) return false;
  for (let index = 0; index < expected.length; index++) {
    if (expected[index] !== bytes[start + index]) return false;
  }
  return true;
}

/** Whether a CONNECT is let in: who it is, with which keepalive and last will. Pure. */
import type { Authenticate } from '../ports.ts';
import type { RefusalReason } from './ledger.ts';
import { type Identity, mayPublish } from './own-topics.ts';
import { malformed, packetLength, packetType } from './packet.ts';

/** A longer silence is no connection for life safety: a device that asks for more, or for none, is cut after this and comes back. */
export const longestKeepaliveSeconds = 300;

/** What a CONNECT says, besides its name and secret. */
export type Connect = {
  readonly keepaliveSeconds: number;
  readonly willTopic: string | undefined;
  /** The device asked to be remembered (clean session = 0). */
  readonly keep: boolean;
};

/** Let in, or refused with a reason and the return code of CONNACK (MQTT 3.1.1, table 3.1). */
export type Verdict =
  | { readonly kind: 'admitted'; readonly identity: Identity }
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly returnCode: 4 | 5;
      readonly detail: string;
    };

/** Judges a CONNECT by the device's name and secret; its client id is not asked. */
export function judgeConnect(
  connect: Connect,
  credential: { readonly username: string | undefined; readonly password: Buffer | undefined; readonly remote: string },
  authenticate: Authenticate,
): Verdict {
  const { username, password, remote } = credential;
  if (username === undefined || password === undefined) {
    return refused('credentials', 4, 'no user name or no password');
  }
  const identity = authenticate(username, password.toString(), remote);
  if (identity === undefined) return refused('credentials', 4, 'unknown device or wrong secret');
  if (connect.willTopic !== undefined && !mayPublish(identity, connect.willTopic)) {
    return refused('topic', 5, 'the last will is not for a topic of this device');
  }
  return { kind: 'admitted', identity };
}

/** The keepalive that is watched: what the device asked for, within our own. */
export function watchedKeepalive(askedSeconds: number): number {
  return askedSeconds === 0 ? longestKeepaliveSeconds : Math.min(askedSeconds, longestKeepaliveSeconds);
}

function refused(reason: RefusalReason, returnCode: 4 | 5, detail: string): Verdict {
  return { kind: 'refused', reason, returnCode, detail };
}

/** What is wrong with the beginning of a peer's first packet, told from its first five bytes. */
export function firstPacketFault(
  head: Buffer,
  offset: number,
  limit: number,
): { reason: RefusalReason; detail: string } | undefined {
  if (head[offset] !== packetType.connect) return { reason: 'protocol', detail: 'the first packet is not CONNECT' };
  const length = packetLength(head, offset);
  if (length === malformed) return { reason: 'protocol', detail: 'malformed length' };
  if (length > limit) return { reason: 'size', detail: `CONNECT claims ${length} bytes` };
  return undefined;
}

/** Which way each packet of an accepted device goes: straight to the hub, through the broker, or answered here. */
import { controlBytes, inFlightMessages, takenBytes } from './bounds.ts';
import type { Inbox } from './inbox.ts';
import type { RefusalReason } from './ledger.ts';
import { type Identity, TopicReader } from './own-topics.ts';
import { bodyStart, incomplete, malformed, packetLength, packetType, pingresp, plainPublish } from './packet.ts';

/** The ways. */
export type Ways = {
  /** Bytes for the broker. */
  pass(bytes: Buffer): void;
  /** A whole QoS 0 message to a topic of the device. */
  take(topic: string, payload: Buffer): void;
  /** The device acknowledged a message that was sent to it. */
  acknowledged(messageId: number): void;
  /** Bytes for the device. */
  answer(bytes: Buffer): void;
  refuse(reason: RefusalReason, detail: string): void;
};

/** Goes through a device's inbox packet by packet, in the order of arrival. */
export class PacketRouter {
  readonly #inbox: Inbox;
  readonly #ways: Ways;
  readonly #topics: TopicReader;
  readonly #packetBytes: number;
  /** Bytes that still belong to a packet whose beginning was passed. */
  #passing = 0;
  /** Messages passed to the broker that it has not handed on yet. */
  #above = 0;
  /** Messages passed to the broker and not yet answered. */
  inFlight = 0;
  /** The rest of a packet has not come yet. */
  isStarved = false;

  constructor(inbox: Inbox, identity: Identity, packetBytes: number, ways: Ways) {
    this.#inbox = inbox;
    this.#topics = new TopicReader(identity);
    this.#packetBytes = packetBytes;
    this.#ways = ways;
  }

  /** The broker handed on one message that was passed to it. */
  handedOn(): void {
    if (this.#above > 0) this.#above--;
  }

  /** Handles one packet, or the next piece of a long one; false when nothing more can be done now. */
  next(): boolean {
    const { head, offset } = this.#inbox;
    if (head === undefined) return false;
    if (this.#passing > 0) return this.#pass(head, offset, this.#passing);
    const length = packetLength(head, offset);
    if (length === incomplete) return this.#starve();
    if (length === malformed) return this.#refuse('protocol', 'malformed length');
    const kind = head[offset] ?? 0;
    if ((kind & 0xf0) === packetType.publish) return this.#publish(head, offset, length, kind);
    if (length > controlBytes) return this.#refuse('size', `control packet claims ${length} bytes`);
    if (kind === packetType.pingreq && length === 2) {
      this.#inbox.skip(2);
      this.#ways.answer(pingresp);
      return true;
    }
    if (kind === packetType.puback && length === 4) {
      if (head.length < offset + 4) return this.#starve();
      this.#inbox.skip(4);
      this.#ways.acknowledged(head.readUInt16BE(offset + 2));
      return true;
    }
    return this.#pass(head, offset, length);
  }

  #publish(head: Buffer, offset: number, length: number, kind: number): boolean {
    if (length > this.#packetBytes) return this.#refuse('size', `PUBLISH claims ${length} bytes`);
    // While a message is in the broker and not yet handed on, the next goes the same way: arrival order stays.
    if (kind === plainPublish && this.#above === 0 && length <= takenBytes) {
      if (head.length < offset + length) return this.#starve();
      if (this.#take(head, offset, offset + length)) return true;
    }
    if (this.inFlight >= inFlightMessages) return false;
    this.#above++;
    this.inFlight++;
    return this.#pass(head, offset, length);
  }

  /** A QoS 0 message to an own topic needs no broker: no acknowledgement, no subscriber, no session. */
  #take(head: Buffer, offset: number, end: number): boolean {
    const body = bodyStart(head, offset);
    const payloadStart = body + 2 + (((head[body] ?? 0) << 8) | (head[body + 1] ?? 0));
    if (payloadStart > end) return false;
    const topic = this.#topics.read(head, body + 2, payloadStart);
    if (topic === undefined) return false;
    this.#inbox.skip(end - offset);
    this.#ways.take(topic, head.subarray(payloadStart, end));
    return true;
  }

  #pass(head: Buffer, offset: number, length: number): boolean {
    const count = Math.min(length, head.length - offset);
    this.#passing = length - count;
    this.#inbox.skip(count);
    this.#ways.pass(head.subarray(offset, offset + count));
    return true;
  }

  #starve(): boolean {
    if (this.#inbox.join()) return true;
    this.isStarved = true;
    return false;
  }

  #refuse(reason: RefusalReason, detail: string): boolean {
    this.#ways.refuse(reason, detail);
    return false;
  }
}

/**
 * Messages from the hub to devices. They are kept here and not in the broker's sessions, because those have no bound and
 * a filter that can drop a QoS 1 message; here the oldest goes at the bound, counted, and a letter stays until the
 * device's PUBACK, over any number of connections.
 */
import { buildPublish } from './packet.ts';

/** A way to a connected device; false when it is gone. */
export type Line = { send(packet: Buffer): boolean };

type Letter = { readonly topic: string; readonly payload: Buffer };

type Box = {
  letters: Letter[];
  readonly sent: Map<number, Letter>;
  /** Own topics the device is subscribed to now, with QoS. */
  readonly granted: Map<string, number>;
  line: Line | undefined;
  /** The device asked to be remembered: its subscriptions outlive the connection. */
  keep: boolean;
  lastId: number;
};

// A device that was away wants its newest receipts and commands; a hundred are hours of a busy panel.
const lettersPerDevice = 100;
const lettersTogether = 200_000;
// Unacknowledged at once, as small devices' receive buffers allow; Mosquitto's default too.
const sentAtOnce = 20;

/** All devices' letters. */
export class Mailbox {
  readonly #boxes = new Map<string, Box>();
  readonly #onDropped: (deviceId: string) => void;
  #letters = 0;

  constructor(onDropped: (deviceId: string) => void) {
    this.#onDropped = onDropped;
  }

  /** Letters not yet acknowledged, of all devices. */
  get size(): number {
    return this.#letters;
  }

  /** Sends a letter, or keeps it until the device is connected and subscribed. */
  post(deviceId: string, topic: string, payload: Buffer): void {
    const box = this.#box(deviceId);
    box.letters.push({ topic, payload });
    this.#letters++;
    this.#deliver(deviceId, box);
    if (box.letters.length <= lettersPerDevice && this.#letters <= lettersTogether) return;
    box.letters.shift();
    this.#letters--;
    this.#onDropped(deviceId);
    this.#tidy(deviceId, box);
  }

  /** The device is there; what it had not acknowledged is sent again once it is subscribed. */
  connected(deviceId: string, line: Line, keep: boolean): void {
    const box = this.#box(deviceId);
    this.#recall(box);
    // MQTT-3.1.2-6: a clean session starts with nothing subscribed.
    if (!keep) box.granted.clear();
    box.keep = keep;
    box.line = line;
    this.#deliver(deviceId, box);
  }

  disconnected(deviceId: string, line: Line): void {
    const box = this.#boxes.get(deviceId);
    if (box?.line !== line) return;
    this.#recall(box);
    this.#tidy(deviceId, box);
  }

  /** The device may be sent this topic from `deliver` on. */
  subscribed(deviceId: string, topic: string, qos: number): void {
    this.#box(deviceId).granted.set(topic, qos);
  }

  unsubscribed(deviceId: string, topics: readonly string[]): void {
    for (const topic of topics) this.#boxes.get(deviceId)?.granted.delete(topic);
  }

  /** Sends what waits, e.g. after a subscription was confirmed. */
  deliver(deviceId: string): void {
    const box = this.#boxes.get(deviceId);
    if (box !== undefined) this.#deliver(deviceId, box);
  }

  acknowledged(deviceId: string, messageId: number): void {
    const box = this.#boxes.get(deviceId);
    if (!box?.sent.delete(messageId)) return;
    this.#letters--;
    this.#deliver(deviceId, box);
  }

  /** Throws away everything for a device. */
  forget(deviceId: string): void {
    const box = this.#boxes.get(deviceId);
    if (box === undefined) return;
    this.#letters -= box.letters.length + box.sent.size;
    this.#boxes.delete(deviceId);
  }

  #box(deviceId: string): Box {
    const known = this.#boxes.get(deviceId);
    if (known !== undefined) return known;
    const box: Box = { letters: [], sent: new Map(), granted: new Map(), line: undefined, keep: false, lastId: 0 };
    this.#boxes.set(deviceId, box);
    return box;
  }

  #recall(box: Box): void {
    box.letters = [...box.sent.values(), ...box.letters];
    box.sent.clear();
    box.line = undefined;
    if (!box.keep) box.granted.clear();
  }

  #tidy(deviceId: string, box: Box): void {
    const isEmpty = box.letters.length === 0 && box.sent.size === 0 && box.granted.size === 0;
    if (box.line === undefined && isEmpty) this.#boxes.delete(deviceId);
  }

  #deliver(deviceId: string, box: Box): void {
    for (let index = 0; index < box.letters.length && box.sent.size < sentAtOnce; ) {
      const letter = box.letters[index];
      const qos = letter === undefined ? undefined : box.granted.get(letter.topic);
      if (letter === undefined || qos === undefined || box.line === undefined) {
        index++;
        continue;
      }
      const messageId = qos === 0 ? undefined : nextId(box);
      if (!box.line.send(buildPublish(letter.topic, letter.payload, messageId))) return;
      box.letters.splice(index, 1);
      if (messageId === undefined) this.#letters--;
      else box.sent.set(messageId, letter);
    }
    this.#tidy(deviceId, box);
  }
}

/** MQTT-2.3.1-2: an id that is not in use, never 0. */
function nextId(box: Box): number {
  do box.lastId = (box.lastId % 65_535) + 1;
  while (box.sent.has(box.lastId));
  return box.lastId;
}

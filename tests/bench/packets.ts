/** MQTT 3.1.1 packets as bytes, for a load that must cost next to nothing to make. */
import { buildTopic } from '../../devices/wire.ts';

/** CONNECT with a clean session, user name and password; keepalive 300 s, the longest that the hub takes. */
export function connectPacket(clientId: string, username: string, password: string): Buffer {
  const head = Buffer.concat([text('MQTT'), Buffer.from([4, 0b1100_0010, 0x01, 0x2c])]);
  return packet(0x10, Buffer.concat([head, text(clientId), text(username), text(password)]));
}

/** PUBLISH at QoS 0. */
export function publishPacket(topic: string, payload: Buffer): Buffer {
  return packet(0x30, Buffer.concat([text(topic), payload]));
}

/** PUBLISH at QoS 1 with this packet identifier, 1 to 65,535. */
export function publishEventPacket(topic: string, identifier: number, payload: Buffer): Buffer {
  return packet(0x32, Buffer.concat([text(topic), Buffer.from([identifier >> 8, identifier & 0xff]), payload]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** MQTT-2.2.3: the remaining length in sevens of bits, lowest first. */
function packet(type: number, rest: Buffer): Buffer {
  const length: number[] = [];
  let left = rest.length;
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from([type, ...length]), rest]);
}

/** Bytes of a position's payload. */
const payloadBytes = 150;

/** One bus's position as bytes whose time and place are changed in place: no JSON, no strings on the hot path. */
export class PositionPacket {
  readonly #template: Buffer;
  readonly #timeAt: number;
  readonly #latAt: number;
  readonly #seqAt: number;
  #sequence = 0;
  #lastTime = 0;

  /** `index` sets the buses apart on the map. */
  constructor(deviceId: string, index: number) {
    const lat = `21.0${String(index % 1000).padStart(3, '0')}00`;
    const lon = `105.8${String((index * 7) % 1000).padStart(3, '0')}00`;
    const body = `{"ts":1700000000000,"lat":${lat},"lon":${lon},"speed":7.5,"bearing":90,"route":"01","seq":1000000000`;
    // An unknown key fills up to the size: the hub must read it and may ignore it.
    const padding = `,"pad":"${'x'.repeat(payloadBytes - body.length - 10)}"}`;
    this.#template = publishPacket(buildTopic('bus', deviceId, 'position'), Buffer.from(body + padding));
    this.#timeAt = this.#template.indexOf('"ts":') + 5;
    this.#latAt = this.#template.indexOf('"lat":') + 6 + 7;
    this.#seqAt = this.#template.indexOf('"seq":') + 6;
  }

  /** So many messages in one buffer, each with its own time (1 ms apart at least) and a new place. */
  next(count: number, now: number): Buffer {
    const size = this.#template.length;
    const bytes = Buffer.allocUnsafe(size * count);
    for (let index = 0; index < count; index++) {
      const from = index * size;
      this.#template.copy(bytes, from);
      this.#sequence++;
      // Same subject and time would be one point: a later one must differ.
      this.#lastTime = Math.max(this.#lastTime + 1, now);
      digits(bytes, from + this.#timeAt, 13, this.#lastTime);
      digits(bytes, from + this.#latAt, 2, this.#sequence % 100);
      digits(bytes, from + this.#seqAt + 1, 9, this.#sequence);
    }
    return bytes;
  }
}

/** Writes a whole number in decimal, with leading zeros. */
function digits(bytes: Buffer, at: number, width: number, value: number): void {
  let left = value;
  for (let place = width - 1; place >= 0; place--) {
    bytes[at + place] = 48 + (left % 10);
    left = Math.floor(left / 10);
  }
}

/** Alarm panels that say one thing after the other and say each again until it is acknowledged, as real ones do. */
import { connect, type Socket } from 'node:net';
import { buildGbFrame, writeTime } from '../../devices/adapters/gbt26875/frame.ts';
import { buildFrame } from '../../devices/adapters/sia-dc09/answer.ts';
import { encrypt } from '../../devices/adapters/sia-dc09/cipher.ts';
import { formatTime } from '../../devices/adapters/sia-dc09/timestamp.ts';

/** What a panel says in its n-th event, and how it knows that the n-th is acknowledged. */
export type PanelLanguage = {
  readonly deviceId: string;
  /** The bytes; asked again at every attempt. */
  frame(number: number): Uint8Array;
  isAcknowledged(heard: Buffer, number: number): boolean;
};

const sequence = (number: number): string => String((number % 9999) + 1).padStart(4, '0');

/** An alarm of an ever new zone by Contact ID; with `timed`, each attempt has the time of its sending. */
export function dc09Language(account: string, options: { timed?: boolean; key?: Buffer } = {}): PanelLanguage {
  const { timed = false, key } = options;
  return {
    deviceId: `dc09-${account}`,
    frame(number) {
      const seq = sequence(number);
      const content = `#${account}|1111 01 ${String(number % 1000).padStart(3, '0')}]`;
      const time = formatTime(Date.now());
      if (key === undefined) return buildFrame(`"ADM-CID"${seq}L0#${account}[${content}${timed ? time : ''}`);
      const hex = encrypt(`|${content}${time}`, key, (count) => 'x'.repeat(count));
      return buildFrame(`"*ADM-CID"${seq}L0#${account}[${hex}`);
    },
    isAcknowledged: (heard, number) => heard.includes(`ACK"${sequence(number)}L0#${account}[`),
  };
}

/** A fire of an ever new part of a GB/T 26875.3 transmitter; the same bytes at each attempt. */
export function gbLanguage(address: number): PanelLanguage {
  const source = Buffer.from([address, 0, 0, 0, 0, 0]);
  const times = new Map<number, Uint8Array>();
  return {
    deviceId: `gbt-${address.toString(16).padStart(12, '0')}`,
    frame(number) {
      const time = times.get(number) ?? writeTime(Date.now());
      times.set(number, time);
      const part = Buffer.from([
        1,
        1,
        40,
        number & 0xff,
        number >> 8,
        0,
        0,
        3,
        0,
        ...Array.from({ length: 31 }, () => 0),
      ]);
      return buildGbFrame({
        serial: number,
        version: [1, 1],
        time,
        source,
        target: Buffer.from([2, 0, 0, 0, 0, 0]),
        command: 2,
        data: Buffer.concat([Buffer.from([2, 1]), part, time]),
      });
    },
    isAcknowledged(heard, number) {
      for (let at = heard.indexOf('4040', 'hex'); at !== -1; at = heard.indexOf('4040', at + 1, 'hex')) {
        if (heard.length >= at + 30 && heard.readUInt16LE(at + 2) === number && heard[at + 26] === 3) return true;
      }
      return false;
    },
  };
}

export type Panel = {
  readonly deviceId: string;
  /** Numbers of the events that were acknowledged: all below this. */
  acknowledged(): number;
  /** Talks until the connection ends. */
  talk(port: number): Promise<void>;
};

export function createPanel(language: PanelLanguage): Panel {
  let number = 0;

  function next(socket: Socket): void {
    socket.write(language.frame(number));
  }

  return {
    deviceId: language.deviceId,
    acknowledged: () => number,
    talk(port) {
      return new Promise((resolve) => {
        let heard = Buffer.alloc(0);
        const socket = connect(port, '127.0.0.1', () => next(socket));
        socket.on('data', (chunk) => {
          heard = Buffer.concat([heard, chunk]);
          if (!language.isAcknowledged(heard, number)) return;
          heard = Buffer.alloc(0);
          number++;
          next(socket);
        });
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
      });
    },
  };
}

/** Every sample of every domain: the good ones parse, the bad ones are refused for the reason in their name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { busMessages } from '../../../devices/bus/message.ts';
import { fireMessages } from '../../../devices/fire/message.ts';
import { fleetMessages } from '../../../devices/fleet/message.ts';
import type { MessageKind, MessageTable } from '../../../devices/message.ts';
import { parkingMessages } from '../../../devices/parking/message.ts';
import { BadMessage } from '../../../devices/wire.ts';

const devices = join(import.meta.dirname, '../../../devices');
const tables: Readonly<Record<string, MessageTable>> = {
  bus: busMessages,
  fire: fireMessages,
  fleet: fleetMessages,
  parking: parkingMessages,
};

type Sample = { readonly domain: string; readonly file: string; readonly kind: MessageKind; readonly bytes: Buffer };

function samples(quality: 'good' | 'bad'): Sample[] {
  return Object.entries(tables).flatMap(([domain, table]) => {
    const folder = join(devices, domain, 'samples', quality);
    return readdirSync(folder).map((file) => {
      const name = file.split('.')[0] ?? '';
      const kind = Object.hasOwn(table, name) ? table[name] : undefined;
      if (kind === undefined) throw new Error(`${domain}/${quality}/${file} names no message of ${domain}`);
      return { domain, file, kind, bytes: readFileSync(join(folder, file)) };
    });
  });
}

function refusalOf({ kind, bytes }: Sample): BadMessage | undefined {
  try {
    kind.parse(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof BadMessage) return error;
    throw error;
  }
}

test('every domain with messages has its samples walked', () => {
  const withMessages = readdirSync(devices).filter((name) =>
    readdirSyncOrEmpty(join(devices, name)).includes('message.ts'),
  );
  expect(withMessages.sort()).toEqual(Object.keys(tables));
});

test.each(samples('good'))('$domain: good/$file parses and comes back the same', ({ kind, bytes }) => {
  const message = kind.parse(bytes);
  expect(kind.parse(kind.build(message))).toEqual(message);
});

test.each(samples('bad'))('$domain: bad/$file is refused for its reason', (sample) => {
  expect(refusalOf(sample)?.reason).toBe(sample.file.split('.')[1]);
});

test.each(Object.entries(tables))('%s has a good sample of every message', (domain, table) => {
  const names = samples('good')
    .filter((sample) => sample.domain === domain)
    .map((sample) => sample.file.split('.')[0] ?? '');
  expect(Object.keys(table).filter((name) => !names.includes(name))).toEqual([]);
});

function readdirSyncOrEmpty(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // A file beside the folders, e.g. wire.ts.
    return [];
  }
}

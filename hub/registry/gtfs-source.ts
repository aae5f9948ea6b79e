/** Where a GTFS feed lies: a zip or a folder of .txt files. Sizes are bounded before anything is unpacked. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry } from 'yauzl';
import { HubError } from '../errors.ts';

/** A feed's files by name, `stops.txt`; the caller closes it. */
export type GtfsSource = {
  /** Bytes of each file, unpacked. */
  readonly sizes: ReadonlyMap<string, number>;
  /** @throws HubError `invalid` when the file is not in the feed. */
  open(name: string): Promise<Readable>;
  /** SHA-256 of the zip, or of a folder's files in the order of their names. */
  hash(): Promise<string>;
  close(): void;
};

/** The largest national feeds have some 30 files and 1.5 GB; a zip bomb has more of either. */
const maxEntries = 1_000;
const maxFileBytes = 1024 * 1024 * 1024;
const maxTotalBytes = 2 * 1024 * 1024 * 1024;

/** @throws HubError `invalid` when the path holds no feed or a file in it is too large. */
export async function openGtfsSource(path: string): Promise<GtfsSource> {
  const source = (await stat(path)).isDirectory() ? await openFolder(path) : await openZip(path);
  if (!source.sizes.has('stop_times.txt') || !source.sizes.has('stops.txt')) {
    source.close();
    throw new HubError('invalid', `${basename(path)} is no GTFS feed: stops.txt and stop_times.txt are not in it`);
  }
  return source;
}

async function openFolder(path: string): Promise<GtfsSource> {
  const sizes = new Map<string, number>();
  for (const name of (await readdir(path)).filter((file) => file.endsWith('.txt')).sort()) {
    sizes.set(name, (await stat(join(path, name))).size);
  }
  checkSizes(sizes);
  return {
    sizes,
    open: async (name) => {
      if (!sizes.has(name)) throw new HubError('invalid', `${name} is not in the feed`);
      return createReadStream(join(path, name));
    },
    hash: () => hashOf([...sizes.keys()].map((name) => join(path, name))),
    close: () => undefined,
  };
}

async function openZip(path: string): Promise<GtfsSource> {
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false }).catch((cause: unknown) => {
    throw new HubError('invalid', `${basename(path)} is no readable zip file (${messageOf(cause)})`);
  });
  try {
    if (zip.entryCount > maxEntries) {
      throw new HubError('invalid', `the zip has ${zip.entryCount} entries, at most ${maxEntries} are read`);
    }
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      // Some feeds are zipped with the folder around them.
      const name = basename(entry.fileName);
      if (!entry.fileName.endsWith('.txt') || entry.fileName.startsWith('__MACOSX/')) continue;
      if (entry.isEncrypted()) throw new HubError('invalid', `${name} in the zip is encrypted`);
      if (entries.has(name)) throw new HubError('invalid', `the zip holds ${name} twice; one feed at a time, please`);
      entries.set(name, entry);
    }
    const sizes = new Map([...entries].map(([name, entry]) => [name, entry.uncompressedSize]));
    checkSizes(sizes);
    return {
      sizes,
      open: async (name) => {
        const entry = entries.get(name);
        if (entry === undefined) throw new HubError('invalid', `${name} is not in the feed`);
        // The reader fails when an entry inflates to more than it declares, so the bounds above hold.
        return zip.openReadStreamPromise(entry);
      },
      hash: () => hashOf([path]),
      close: () => zip.close(),
    };
  } catch (cause) {
    zip.close();
    if (cause instanceof HubError) throw cause;
    throw new HubError('invalid', `${basename(path)} is no readable zip file (${messageOf(cause)})`);
  }
}

function checkSizes(sizes: ReadonlyMap<string, number>): void {
  let total = 0;
  for (const [name, size] of sizes) {
    total += size;
    if (size > maxFileBytes || total > maxTotalBytes) {
      throw new HubError('invalid', `${name} makes the feed too large: at most 1 GiB a file and 2 GiB in all are read`);
    }
  }
}

/** SHA-256 of files, one after the other. */
export async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    await pipeline(createReadStream(path), async (chunks) => {
      for await (const chunk of chunks) hash.update(chunk);
    });
  }
  return hash.digest('hex');
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

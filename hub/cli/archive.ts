/**
 * A backup in one file (`.nhip`): gzip over a magic line, then for each file a length-prefixed JSON header, its bytes
 * and their SHA-256, and at the end a header that counts the files, so that a cut copy is noticed.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { CommandError } from './io.ts';

const magic = Buffer.from('NHIP-BACKUP-1\n');
const maxHeaderBytes = 64 * 1024;
/** Names of files inside: no way out of the folder, nothing that a shell would stumble on. */
const safeName = /^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;

/** One file to put in: its name inside and where it lies. */
export type Source = { readonly name: string; readonly path: string };
/** What is inside. */
export type Manifest = {
  readonly createdAt: string;
  readonly version: string;
  readonly note: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
};

/** Writes the archive; the file at `path` must not exist. Readable by its owner only: it holds hashes of secrets. */
export async function writeArchive(
  path: string,
  about: Omit<Manifest, 'files'>,
  sources: readonly Source[],
): Promise<Manifest> {
  const files: { name: string; bytes: number }[] = [];
  async function* parts(): AsyncGenerator<Buffer> {
    yield magic;
    yield header({ about });
    for (const { name, path: from } of sources) {
      // A file that another process still writes may grow; what was there at this moment goes in.
      const bytes = (await stat(from)).size;
      yield header({ name, bytes });
      const hash = createHash('sha256');
      if (bytes > 0) {
        for await (const chunk of createReadStream(from, { end: bytes - 1 })) {
          if (!Buffer.isBuffer(chunk)) continue;
          hash.update(chunk);
          yield chunk;
        }
      }
      yield hash.digest();
      files.push({ name, bytes });
    }
    yield header({ end: files.length });
  }
  await pipeline(
    Readable.from(parts()),
    createGzip({ level: 4 }),
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  );
  return { ...about, files };
}

/**
 * Unpacks an archive below `directory`, checking every byte.
 *
 * @throws CommandError when it is not an archive, is cut or was changed; what was unpacked so far is then worthless.
 */
export async function readArchive(path: string, directory: string): Promise<Manifest> {
  const bytes = new ByteReader(createReadStream(path).pipe(createGunzip()));
  if (!(await bytes.take(magic.length)).equals(magic)) throw damaged(`${path} is not a backup of this hub`);
  const about = readAbout(await readHeader(bytes));
  const files: { name: string; bytes: number }[] = [];
  for (;;) {
    const entry = await readHeader(bytes);
    if ('end' in entry) {
      if (entry.end !== files.length) throw damaged(`${path} lacks files`);
      return { ...about, files };
    }
    const { name, bytes: size } = entry;
    if (
      typeof name !== 'string' ||
      typeof size !== 'number' ||
      !safeName.test(name) ||
      !Number.isSafeInteger(size) ||
      size < 0
    ) {
      throw damaged(`${path} holds a file name or size that no backup has`);
    }
    await unpack(bytes, size, join(directory, name));
    files.push({ name, bytes: size });
  }
}

async function unpack(bytes: ByteReader, size: number, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let left = size;
    while (left > 0) {
      const chunk = await bytes.some(left);
      hash.update(chunk);
      await file.writeFile(chunk);
      left -= chunk.length;
    }
    if (!(await bytes.take(32)).equals(hash.digest()))
      throw damaged(`${path} does not have the bytes that were backed up`);
    await file.sync();
  } finally {
    await file.close();
  }
}

function header(value: object): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text]);
}

async function readHeader(bytes: ByteReader): Promise<Readonly<Record<string, unknown>>> {
  const length = (await bytes.take(4)).readUInt32BE();
  if (length > maxHeaderBytes) throw damaged('the backup is damaged: a header is too long');
  const value: unknown = JSON.parse((await bytes.take(length)).toString());
  if (typeof value !== 'object' || value === null) throw damaged('the backup is damaged: a header is no object');
  return { ...value };
}

function readAbout(entry: Readonly<Record<string, unknown>>): Omit<Manifest, 'files'> {
  const about = typeof entry.about === 'object' && entry.about !== null ? { ...entry.about } : {};
  const text = (key: string): string => {
    const value = Object.entries(about).find(([name]) => name === key)?.[1];
    return typeof value === 'string' ? value : '';
  };
  return { createdAt: text('createdAt'), version: text('version'), note: text('note') };
}

function damaged(message: string): CommandError {
  return new CommandError(`${message}. Nothing was changed; use another backup.`);
}

/** Exact counts of bytes from a stream. */
class ByteReader {
  #chunks: AsyncIterator<unknown>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** At least one byte and at most `limit`. */
  async some(limit: number): Promise<Buffer> {
    while (this.#rest.length === 0) this.#rest = await this.#next();
    const part = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let left = count;
    while (left > 0) {
      const part = await this.some(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  async #next(): Promise<Buffer> {
    let result: IteratorResult<unknown>;
    try {
      result = await this.#chunks.next();
    } catch (cause) {
      throw damaged(`the backup cannot be read (${cause instanceof Error ? cause.message : String(cause)})`);
    }
    if (result.done === true || !Buffer.isBuffer(result.value)) throw damaged('the backup ends too early');
    return result.value;
  }
}

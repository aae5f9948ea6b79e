/** Residents from another system over HTTP, asked when they are needed. Its failure is shown as unknown, never as nobody. */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Millis } from '../../devices/wire.ts';
import { type Answer, type Person, PersonSchema } from './person.ts';

export type PopulationOptions = {
  /** `GET <url>?place=<house-number ID>` answers `{ "people": [ { "name", "phone"?, "birthYear"?, "needs", "note"? } ] }`. */
  readonly url: string;
  now(): Millis;
  readonly timeoutMs?: Millis;
  readonly log: { warn(details: object, message: string): void };
};

export type Population = { at(place: string): Promise<Answer> };

/** A crew waits for this at the door. */
const defaultTimeoutMs: Millis = 3_000;
const maxAnswerBytes = 256 * 1024;
/** An answer is used again this long without asking: several units look at one place. */
const freshMs: Millis = 5 * 60_000;
/** When the system fails, an older answer is better than none, with its age. */
const staleMs: Millis = 24 * 3_600_000;
const maxPlaces = 500;

const answerCheck = Compile(Type.Object({ people: Type.Array(PersonSchema, { maxItems: 2_000 }) }));

/** A source with a small cache in memory; nothing of it is ever written to disk. */
export function openPopulation(options: PopulationOptions): Population {
  const { now, log } = options;
  const kept = new Map<string, { readonly asOf: Millis; readonly people: readonly Person[] }>();
  return {
    async at(place) {
      const at = now();
      for (const [id, { asOf }] of kept) if (at - asOf > staleMs) kept.delete(id);
      const old = kept.get(place);
      if (old !== undefined && at - old.asOf <= freshMs) return { state: 'known', ...old };
      try {
        const fresh = { asOf: at, people: await ask(place, options) };
        kept.delete(place);
        kept.set(place, fresh);
        for (const oldest of kept.keys()) {
          if (kept.size <= maxPlaces) break;
          kept.delete(oldest);
        }
        return { state: 'known', ...fresh };
      } catch (error) {
        // Neither the address (it may hold a password) nor the answer goes into the log.
        const reason = reasonOf(error);
        log.warn({ reason }, 'the population system did not answer; its residents are shown as unknown');
        return old === undefined ? { state: 'unknown', reason } : { state: 'stale', ...old };
      }
    },
  };
}

class SourceFault extends Error {}

async function ask(
  place: string,
  { url, timeoutMs = defaultTimeoutMs }: PopulationOptions,
): Promise<readonly Person[]> {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  address.searchParams.set('place', place);
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const response = await fetch(address, {
    headers: {
      accept: 'application/json',
      ...(username === '' ? {} : { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }),
    },
    // It would carry the password elsewhere.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new SourceFault(`the population system answered ${response.status}`);
  }
  const answer = parse(await readBounded(response));
  if (!answerCheck.Check(answer)) throw new SourceFault('the population system answered something else than people');
  return answer.people;
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new SourceFault('the population system answered more than 256 KiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceFault('the population system answered no JSON');
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SourceFault) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return 'the population system did not answer in time';
  return 'the population system cannot be reached';
}

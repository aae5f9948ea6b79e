/** Snapshots of the domains' states: a start reads on from there instead of from the first fact. Losing one costs time, nothing else. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Mounted } from './mounted.ts';
import type { Journal } from './ports.ts';

/** The cursor up to which each domain's states are restored; a domain that is missing begins at 0. */
export type Restored = ReadonlyMap<string, number>;

export type Snapshots = {
  /** Restores what fits this code. */
  load(): Promise<Restored>;
  /** Saves all domains at one cursor, when none is in the middle of a step; answers whether it did. */
  save(): Promise<boolean>;
};

type SnapshotParts = {
  readonly journal: Pick<Journal, 'head' | 'loadSnapshot' | 'saveSnapshot'>;
  readonly domains: readonly Mounted[];
  readonly log: { info(details: object, message: string): void; warn(details: object, message: string): void };
};

export function createSnapshots({ journal, domains, log }: SnapshotParts): Snapshots {
  const stamped = domains.flatMap((domain) => {
    const code = codeOf(domain.name);
    return code === undefined ? [] : [{ domain, code }];
  });

  async function load(): Promise<Restored> {
    const restored = new Map<string, number>();
    for (const { domain, code } of stamped) {
      const snapshot = await journal.loadSnapshot(domain.name);
      if (snapshot === undefined) continue;
      if (!isSaved(snapshot.data) || snapshot.data.code !== code) {
        log.info({ domain: domain.name }, 'the snapshot is of another version; all facts are folded instead');
        continue;
      }
      domain.restore(deserialize(Buffer.from(snapshot.data.states, 'base64')));
      restored.set(domain.name, snapshot.cursor);
    }
    return restored;
  }

  async function save(): Promise<boolean> {
    // Between two steps every state is exactly what the facts up to the newest cursor make it.
    if (domains.some((domain) => domain.pending() > 0)) return false;
    const cursor = journal.head();
    const saved = stamped.map(({ domain, code }) => {
      return { name: domain.name, data: { code, states: serialize([...domain.states]).toString('base64') } };
    });
    for (const { name, data } of saved) await journal.saveSnapshot(name, cursor, data);
    return true;
  }

  return { load, save };
}

/** Sources that give a state its shape; a snapshot is only as good as the code that wrote it. `undefined` for a domain from elsewhere. */
function codeOf(name: string): string | undefined {
  const folders = [join(import.meta.dirname, 'domains', name), join(import.meta.dirname, '../devices', name)];
  if (!folders.every(existsSync)) return undefined;
  const hash = createHash('sha256').update(process.version);
  for (const folder of folders) {
    for (const file of readdirSync(folder)
      .filter((entry) => entry.endsWith('.ts'))
      .sort()) {
      hash.update(file).update(readFileSync(join(folder, file)));
    }
  }
  return hash.digest('hex');
}

function isSaved(data: unknown): data is { readonly code: string; readonly states: string } {
  if (typeof data !== 'object' || data === null || !('code' in data) || !('states' in data)) return false;
  return typeof data.code === 'string' && typeof data.states === 'string';
}

/** A snapshot is due after this many new facts: some 0.2 s of folding at the next start. */
const factsBetween = 10_000;
const lookEveryMs = 10_000;
/** Stopping waits this long for steps under way; without a snapshot the next start folds a little more. */
const settleMs = 500;

/** Saves now and then, and at the end. */
export function keepSnapshots(snapshots: Snapshots, { journal, log }: SnapshotParts): { stop(): Promise<void> } {
  let savedAt = journal.head();
  const saveIfDue = async (facts: number): Promise<boolean> => {
    const head = journal.head();
    if (head - savedAt < facts) return true;
    const isSaved = await snapshots.save();
    if (isSaved) savedAt = head;
    return isSaved;
  };
  const timer = setInterval(() => {
    saveIfDue(factsBetween).catch((error: unknown) => log.warn({ err: error }, 'no snapshot could be saved'));
  }, lookEveryMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      const until = performance.now() + settleMs;
      while (!(await saveIfDue(1)) && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

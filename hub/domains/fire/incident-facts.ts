/** Every fact of one incident, as the journal has them: what reports, warnings and rights are read from. */
import { Compile } from 'typebox/compile';
import type { JournalReader, StoredEvent } from '../../ports.ts';
import { type FireFact, FireFactSchema } from './events.ts';
import { findRaise } from './find.ts';

type IncidentFact = Extract<FireFact, { readonly type: `incident.${string}` }>;

/** A fact of an incident with what the journal adds. */
export type StoredFact = IncidentFact & Pick<StoredEvent, 'cursor' | 'id' | 'subject' | 'by' | 'storedAt'>;

/** An incident's story from its raising on. `isWhole` is false when it had more facts than were read. */
export type Story = {
  /** The raising as the journal gave it: hand it in again and the next reading need not search for it. */
  readonly stored: StoredEvent;
  readonly raise: Extract<StoredFact, { type: 'incident.raised' | 'incident.areaRaised' }>;
  readonly facts: readonly StoredFact[];
  readonly isWhole: boolean;
};

/** A flood of repetitions ends somewhere: 10,000 facts are some days of a chattering detector. */
const maxFacts = 10_000;
const pageSize = 1_000;

/** The story of an incident; `undefined` when there never was one of this id. `known` saves the search for its raising. */
export async function readStory(journal: JournalReader, id: string, known?: StoredEvent): Promise<Story | undefined> {
  const stored = known ?? (await findRaise(journal, id));
  if (stored === undefined || !isIncidentFact(stored)) return undefined;
  if (stored.type !== 'incident.raised' && stored.type !== 'incident.areaRaised') return undefined;
  const raise = stored;
  const facts: StoredFact[] = [raise];
  let after = raise.cursor;
  for (let read = 0; read < maxFacts; read += pageSize) {
    const page = await journal.read({
      domain: 'fire',
      subject: raise.subject,
      types: factTypes,
      after,
      limit: pageSize,
    });
    for (const event of page) {
      if (isIncidentFact(event) && event.data.incident === id) facts.push(event);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize || facts.at(-1)?.type === 'incident.closed') {
      return { stored, raise, facts, isWhole: true };
    }
    after = last.cursor;
  }
  return { stored, raise, facts, isWhole: false };
}

type AroundFact = Extract<FireFact, { readonly type: `signal.${string}` | `window.${string}` }>;

/** What a place's devices said, and which windows stood open there, while an incident lasted and shortly before. */
export type StoredAround = AroundFact & Pick<StoredEvent, 'cursor' | 'id' | 'subject' | 'by' | 'storedAt'>;

/** What led up to an alarm: pre-alarms, a trouble, the alarm itself. */
const leadMs = 10 * 60_000;

/** Everything around a story, in order; `isWhole` is false when there was more than is read. */
export async function readAround(
  journal: JournalReader,
  { raise, facts }: Story,
): Promise<{ readonly around: readonly StoredAround[]; readonly isWhole: boolean }> {
  const of = { domain: 'fire', subject: raise.subject };
  // A window that stands open may have been opened long ago: the newest few of a place hold it.
  const [earlier, lead] = await Promise.all([
    journal.read({ ...of, types: windowTypes, before: raise.cursor, limit: pageSize }),
    journal.read({ ...of, types: signalTypes, before: raise.cursor, limit: 100 }),
  ]);
  const around = [...standing(earlier.toReversed().filter(isAround)), ...lead.filter(isAround).toReversed()].filter(
    ({ type, at }) => type.startsWith('window.') || at >= raise.at - leadMs,
  );
  const last = facts.at(-1);
  const end = last?.type === 'incident.closed' ? last.cursor : Number.MAX_SAFE_INTEGER;
  let after = raise.cursor;
  for (let read = 0; read < maxFacts; read += pageSize) {
    const page = await journal.read({ ...of, types: [...signalTypes, ...windowTypes], after, limit: pageSize });
    around.push(...page.filter(({ cursor }) => cursor < end).filter(isAround));
    const { cursor } = page.at(-1) ?? { cursor: end };
    if (page.length < pageSize || cursor >= end) return { around: inOrder(around), isWhole: true };
    after = cursor;
  }
  return { around: inOrder(around), isWhole: false };
}

/** The facts of windows that were not ended again. */
function standing(facts: readonly StoredAround[]): StoredAround[] {
  const ended = new Set(facts.flatMap((fact) => (fact.type === 'window.ended' ? [fact.data.window] : [])));
  return facts.filter((fact) => 'window' in fact.data && !ended.has(fact.data.window));
}

function inOrder(facts: StoredAround[]): readonly StoredAround[] {
  return facts.sort((a, b) => a.cursor - b.cursor);
}

const allTypes = FireFactSchema.anyOf.map((schema) => schema.properties.type.const);
const signalTypes = allTypes.filter((type) => type.startsWith('signal.'));
const windowTypes = allTypes.filter((type) => type.startsWith('window.'));

function isAround(event: StoredEvent): event is StoredEvent & AroundFact {
  return /^(signal|window)\./.test(event.type) && factSchema.Check(event);
}

const factTypes = allTypes.filter((type) => type.startsWith('incident.'));

const factSchema = Compile(FireFactSchema);

function isIncidentFact(event: StoredEvent): event is StoredEvent & IncidentFact {
  return event.type.startsWith('incident.') && factSchema.Check(event);
}

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
  readonly raise: Extract<StoredFact, { type: 'incident.raised' }>;
  readonly facts: readonly StoredFact[];
  readonly isWhole: boolean;
};

/** A flood of repetitions ends somewhere: 10,000 facts are some days of a chattering detector. */
const maxFacts = 10_000;
const pageSize = 1_000;

/** The story of an incident; `undefined` when there never was one of this id. `known` saves the search for its raising. */
export async function readStory(journal: JournalReader, id: string, known?: StoredEvent): Promise<Story | undefined> {
  const stored = known ?? (await findRaise(journal, id));
  if (stored === undefined || !isIncidentFact(stored) || stored.type !== 'incident.raised') return undefined;
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

const factTypes = FireFactSchema.anyOf
  .map((schema) => schema.properties.type.const)
  .filter((type) => type.startsWith('incident.'));

const factSchema = Compile(FireFactSchema);

function isIncidentFact(event: StoredEvent): event is StoredEvent & IncidentFact {
  return event.type.startsWith('incident.') && factSchema.Check(event);
}

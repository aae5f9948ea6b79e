/** Finds an incident by its id: in the states while it is kept there, else in the journal by the time in its id. */

import { Compile } from 'typebox/compile';
import type { DomainKit } from '../../domain.ts';
import type { JournalReader, StoredEvent } from '../../ports.ts';
import { type Incident, IncidentSchema } from './events.ts';
import { raisedAtOf } from './incident.ts';
import { type FireState, incidentOf } from './state.ts';

/** An incident with its place. `state` is there while the place keeps it in memory. */
export type Found = { readonly incident: Incident; readonly subject: string; readonly state: FireState | undefined };

type Kit = Pick<DomainKit<FireState>, 'states' | 'journal'>;

/** The incident, or `undefined` when there never was one of this id. */
export async function findIncident(kit: Kit, id: string): Promise<Found | undefined> {
  const raisedAt = raisedAtOf(id);
  if (raisedAt === undefined) return undefined;
  for (const [subject, state] of kit.states) {
    const incident = incidentOf(state, id);
    if (incident !== undefined) return { incident, subject, state };
  }
  const raise = await findRaise(kit.journal, id);
  if (raise === undefined) return undefined;
  const closing = await kit.journal.read({
    domain: 'fire',
    subject: raise.subject,
    types: ['incident.closed'],
    after: raise.cursor,
    limit: 100,
  });
  for (const event of closing) {
    const record = recordOf(event);
    if (record?.id === id) return { incident: record, subject: raise.subject, state: undefined };
  }
  return undefined;
}

/** The fact that raised the incident. The journal is in order of time, so some twenty reads find any of its events. */
export async function findRaise(journal: JournalReader, id: string): Promise<StoredEvent | undefined> {
  const raisedAt = raisedAtOf(id);
  const newest = await journal.read({ before: Number.MAX_SAFE_INTEGER, limit: 1 });
  if (raisedAt === undefined || newest[0] === undefined) return undefined;
  // The hub's clock may have stepped a little: begin a second early.
  let low = 0;
  let high = newest[0].cursor;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const event = (await journal.read({ after: middle, limit: 1 }))[0];
    if (event === undefined || event.at >= raisedAt - 1_000) high = middle;
    else low = middle + 1;
  }
  const raises = await journal.read({
    domain: 'fire',
    types: ['incident.raised', 'incident.areaRaised'],
    after: low,
    limit: 1_000,
  });
  return raises.find((event) => isOf(event, id));
}

const incidentSchema = Compile(IncidentSchema);

/** The record that an `incident.closed` carries. */
export function recordOf(event: StoredEvent): Incident | undefined {
  const { data } = event;
  if (typeof data !== 'object' || data === null || !('record' in data)) return undefined;
  return incidentSchema.Check(data.record) ? data.record : undefined;
}

function isOf({ data }: StoredEvent, id: string): boolean {
  return typeof data === 'object' && data !== null && 'incident' in data && data.incident === id;
}

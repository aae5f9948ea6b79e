/** An incident's report: everything that happened, hop by hop, for whoever must prove it later. No contacts, no residents. */
import { type Static, Type } from 'typebox';
import { anonymous } from '../../access/policy.ts';
import type { DomainKit } from '../../domain.ts';
import { findIncident } from './find.ts';
import { readStory, type StoredFact } from './incident-facts.ts';
import { incidentView } from './incident-view.ts';
import { RestHop, RestIncident, receiptLedger, restIncident } from './rest.ts';
import type { FireState } from './state.ts';

const Time = Type.String({ format: 'date-time' });
const ReportLine = Type.Object({
  at: Time,
  storedAt: Type.Union([Type.Null(), Time], { description: 'when it was on disk' }),
  type: Type.String(),
  by: Type.String(),
  text: Type.Optional(Type.String()),
});
/** The report as JSON. `timeline` has every fact, also those that a screen leaves out. */
export const ReportSchema = Type.Object({
  generatedAt: Time,
  incident: RestIncident,
  receipts: Type.Array(RestHop),
  timeline: Type.Array(ReportLine),
  isWhole: Type.Boolean({ description: 'false when the incident had more facts than a report holds' }),
});
export type Report = Static<typeof ReportSchema>;

type Kit = Pick<DomainKit<FireState>, 'states' | 'journal' | 'registry' | 'now'>;

/** The report of an incident as of now; `undefined` when there never was one of this id. */
export async function incidentReport(kit: Kit, id: string): Promise<Report | undefined> {
  const found = await findIncident(kit, id);
  const story = found && (await readStory(kit.journal, id));
  if (found === undefined || story === undefined) return undefined;
  const { incident, subject, state } = found;
  // Reports leave the house: they are made as for somebody who may see no household data.
  const viewer = { principal: anonymous, at: kit.now(), registry: kit.registry };
  const receipts = await kit.journal.receipts(story.stored.id);
  return {
    generatedAt: iso(kit.now()),
    incident: restIncident(incidentView(incident, subject, state, viewer)),
    receipts: receiptLedger(story.stored, receipts, incident.acknowledged ?? undefined, incident.raisedAt),
    timeline: story.facts.map(lineOf),
    isWhole: story.isWhole,
  };
}

function lineOf(fact: StoredFact): Report['timeline'][number] {
  const text = textOf(fact);
  return {
    at: iso(fact.at),
    storedAt: fact.storedAt === undefined ? null : iso(fact.storedAt),
    type: fact.type,
    by: byOf(fact),
    ...(text === '' ? {} : { text }),
  };
}

function byOf({ data, by }: StoredFact): string {
  if ('by' in data) return data.by;
  return 'device' in data ? data.device : (by ?? 'hub');
}

/** The words and numbers of a fact that a reader wants, whatever its type. */
function textOf({ data }: StoredFact): string {
  const parts = [
    'point' in data ? data.point : undefined,
    'class' in data ? data.class : undefined,
    'count' in data ? `${data.count} ×` : undefined,
    'from' in data ? `${data.from} → ${data.to}` : undefined,
    'units' in data ? data.units : undefined,
    'disposition' in data ? data.disposition : undefined,
    'reason' in data ? data.reason : undefined,
    'onSite' in data ? data.onSite : undefined,
    'text' in data ? data.text : undefined,
    'note' in data ? data.note : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== null && part !== '').join(' · ');
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

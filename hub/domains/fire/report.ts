/** An incident's report: everything that happened, hop by hop, for whoever must prove it later. No contacts, no residents. */
import { type Static, Type } from 'typebox';
import { anonymous } from '../../access/policy.ts';
import type { DomainKit } from '../../domain.ts';
import type { Receipt, RegistryReader } from '../../ports.ts';
import { findIncident } from './find.ts';
import { readAround, readStory, type StoredAround, type StoredFact } from './incident-facts.ts';
import { incidentView } from './incident-view.ts';
import { ReportLine, reportLines } from './report-lines.ts';
import { RestHop, RestIncident, receiptLedger, restIncident } from './rest.ts';
import type { FireState } from './state.ts';

const Time = Type.String({ format: 'date-time' });
const BindingLine = Type.Object({
  device: Type.String(),
  state: Type.String({ description: '`claimed`, `verified`, `disputed`, or `unbound`' }),
  since: Type.Union([Type.Null(), Time]),
  by: Type.Union([Type.Null(), Type.String()]),
});
/** The report as JSON. `timeline` has every fact, also those that a screen leaves out. */
export const ReportSchema = Type.Object({
  generatedAt: Time,
  incident: RestIncident,
  receipts: Type.Array(RestHop),
  bindings: Type.Array(BindingLine, { description: 'how far the address of each device may be trusted now' }),
  timeline: Type.Array(ReportLine, {
    description: 'facts, receptions from 10 minutes before, windows, receipts of screens and attempts of notices',
  }),
  isWhole: Type.Boolean({ description: 'false when the incident had more facts than a report holds' }),
});
export type Report = Static<typeof ReportSchema>;

type Kit = Pick<DomainKit<FireState>, 'states' | 'journal' | 'registry' | 'now' | 'told'>;

/** Facts whose way to the screens is shown, receiver by receiver; of a long incident the first ones. */
const tracedTypes: ReadonlySet<string> = new Set([
  ...['incident.raised', 'incident.joined', 'incident.reopened', 'incident.standingChanged'],
  ...['incident.evidenceRaised', 'incident.escalated'],
]);
const maxTraced = 100;

/** The report of an incident as of now; `undefined` when there never was one of this id. */
export async function incidentReport(kit: Kit, id: string): Promise<Report | undefined> {
  const found = await findIncident(kit, id);
  const story = found && (await readStory(kit.journal, id));
  if (found === undefined || story === undefined) return undefined;
  const { incident, subject, state } = found;
  const { around, isWhole } = await readAround(kit.journal, story);
  const receipts = await tracedReceipts(kit, story.facts);
  // Reports leave the house: they are made as for somebody who may see no household data.
  const viewer = { principal: anonymous, at: kit.now(), registry: kit.registry };
  const first = receipts.filter(({ receipt }) => receipt.event === story.stored.id).map(({ receipt }) => receipt);
  return {
    generatedAt: new Date(kit.now()).toISOString(),
    incident: restIncident(incidentView(incident, subject, state, viewer)),
    receipts: receiptLedger(story.stored, first, incident.acknowledged ?? undefined, incident.raisedAt),
    bindings: bindingsOf(around, incident.raisedBy.device, kit.registry),
    timeline: reportLines({ facts: [...story.facts, ...around], receipts, told: kit.told?.(id) ?? [] }),
    isWhole: story.isWhole && isWhole,
  };
}

async function tracedReceipts(
  { journal }: Kit,
  facts: readonly StoredFact[],
): Promise<{ readonly type: string; readonly receipt: Receipt }[]> {
  const traced = facts.filter(({ type }) => tracedTypes.has(type)).slice(0, maxTraced);
  const receipts = await Promise.all(
    traced.map(async ({ id, type }) => (await journal.receipts(id)).map((receipt) => ({ type, receipt }))),
  );
  return receipts.flat();
}

function bindingsOf(
  around: readonly StoredAround[],
  raisedBy: string,
  registry: RegistryReader,
): Static<typeof BindingLine>[] {
  const said = around.flatMap((fact) => (fact.type === 'signal.received' ? [fact.data.device] : []));
  return [...new Set([raisedBy, ...said])]
    .filter((device) => device !== '')
    .map((device) => {
      const binding = registry.device(device)?.binding;
      if (binding === undefined) return { device, state: 'unbound', since: null, by: null };
      const { state, since, by } = binding;
      return { device, state, since: new Date(since).toISOString(), by };
    });
}

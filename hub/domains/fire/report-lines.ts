/** The time line of a report: facts, receptions, windows, receipts and notices as one list, each a line of words. Pure. */
import { type Static, Type } from 'typebox';
import type { Told } from '../../domain.ts';
import type { Receipt } from '../../ports.ts';
import type { StoredAround, StoredFact } from './incident-facts.ts';

const Time = Type.String({ format: 'date-time' });
export const ReportLine = Type.Object({
  at: Time,
  storedAt: Type.Union([Type.Null(), Time], { description: 'when it was on disk' }),
  type: Type.String({ description: 'of the fact; or `receipt.…`, `notice.…`' }),
  by: Type.String(),
  text: Type.Optional(Type.String()),
});
export type ReportLine = Static<typeof ReportLine>;

/** Parts of a line's text stand between these; a page translates the words that it knows. */
export const between = ' · ';

/** All lines, in order of time; what happened at the same time in the order in which it is given. */
export function reportLines(parts: {
  readonly facts: readonly (StoredFact | StoredAround)[];
  readonly receipts: readonly { readonly type: string; readonly receipt: Receipt }[];
  readonly told: readonly Told[];
}): ReportLine[] {
  const dated = [
    ...parts.facts.toSorted((a, b) => a.cursor - b.cursor).map((fact) => ({ at: fact.at, line: lineOf(fact) })),
    ...parts.receipts.map(({ type, receipt: { at, by, hop } }) => ({
      at,
      line: line(at, `receipt.${hop}`, by, [type]),
    })),
    ...parts.told.flatMap(noticeLines),
  ];
  return dated.sort((a, b) => a.at - b.at).map((one) => one.line);
}

function line(at: number, type: string, by: string, words: readonly (string | null | undefined)[]): ReportLine {
  const text = words.filter((word) => word !== undefined && word !== null && word !== '').join(between);
  return { at: iso(at), storedAt: null, type, by, ...(text === '' ? {} : { text }) };
}

function lineOf(fact: StoredFact | StoredAround): ReportLine {
  const { at, type, storedAt } = fact;
  return { ...line(at, type, byOf(fact), wordsOf(fact)), storedAt: storedAt === undefined ? null : iso(storedAt) };
}

function byOf({ data, by }: StoredFact | StoredAround): string {
  if ('by' in data) return data.by;
  return 'device' in data ? data.device : (by ?? 'hub');
}

/** Each attempt of each channel; a notice that no channel has tried yet, or must not have, is a line too. */
function noticeLines({ step, audience, at, deliveries }: Told): { readonly at: number; readonly line: ReportLine }[] {
  const made = deliveries.length === 0 ? [{ at, line: line(at, 'notice.unaddressed', 'hub', [step, audience]) }] : [];
  return [
    ...made,
    ...deliveries.flatMap(({ channel, state, log }) =>
      log.length === 0
        ? [{ at, line: line(at, `notice.${state}`, channel, [step, audience]) }]
        : log.map((attempt) => ({
            at: attempt.at,
            line: line(attempt.at, `notice.${attempt.outcome}`, channel, [step, audience, attempt.reason]),
          })),
    ),
  ];
}

/** The words and numbers of a fact that a reader wants. */
function wordsOf(fact: StoredFact | StoredAround): readonly (string | null | undefined)[] {
  switch (fact.type) {
    case 'signal.received': {
      const { kind, class: sensor, point, ts, quality, standing, panelVerified, values = {} } = fact.data;
      const measured = Object.entries(values).map(([name, value]) => `${name} ${value}`);
      const said = `deviceTime ${iso(ts)}`;
      return [kind, sensor, point, standing, panelVerified ? 'panelVerified' : '', ...quality, ...measured, said];
    }
    case 'signal.receivedAgain':
      return [fact.data.path];
    case 'window.opened':
      return [
        fact.data.kind,
        fact.data.reason,
        fact.data.compensation,
        ...fact.data.devices,
        `until ${iso(fact.data.until)}`,
      ];
    case 'window.extended':
      return [fact.data.reason, `until ${iso(fact.data.until)}`];
    case 'window.ended':
      return [fact.data.kind, fact.data.reason];
    case 'incident.escalated':
      return [fact.data.step, fact.data.reason, ...fact.data.to];
    case 'incident.raised':
      return [
        fact.data.point,
        fact.data.class,
        `P${fact.data.priority}`,
        fact.data.evidence,
        fact.data.rule,
        fact.data.standing,
        ...fact.data.quality,
      ];
    default:
      return commonWords(fact.data);
  }
}

function commonWords(data: StoredFact['data']): readonly (string | null | undefined)[] {
  return [
    'device' in data && 'by' in data ? data.device : undefined,
    'point' in data ? data.point : undefined,
    'class' in data ? data.class : undefined,
    'count' in data && typeof data.count === 'number' ? `${data.count} ×` : undefined,
    'from' in data ? `${data.from} → ${data.to}` : undefined,
    'was' in data && 'standing' in data ? `${data.was} → ${data.standing}` : undefined,
    'stage' in data ? data.stage : undefined,
    'units' in data ? data.units : undefined,
    'disposition' in data ? data.disposition : undefined,
    'cause' in data ? data.cause : undefined,
    'causeDevice' in data ? data.causeDevice : undefined,
    'source' in data ? data.source : undefined,
    'meters' in data ? `${data.meters} m` : undefined,
    'other' in data ? data.other : undefined,
    'reason' in data ? data.reason : undefined,
    'onSite' in data ? data.onSite : undefined,
    'text' in data ? data.text : undefined,
    'note' in data ? data.note : undefined,
  ];
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

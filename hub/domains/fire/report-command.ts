/** What people say beside the devices: a 114 call, a neighbour, an app. A person who sees a fire confirms it (fire.md §5.5). Pure. */
import { Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import type { Principal } from '../../access/policy.ts';
import type { NamedCommand, Step } from '../../domain.ts';
import { cleanText } from './clean-text.ts';
import type { FireFact, Incident } from './events.ts';
import { evidenceOf } from './incident.ts';
import { type PersonReport, ReportSourceSchema, reportMs } from './person-report.ts';
import { applyFact, type FireState } from './state.ts';

/** The command to each place that a report may concern. */
export const reportCommands = {
  report: {
    schema: Type.Object({
      source: ReportSourceSchema,
      text: Type.Optional(Type.String({ maxLength: 1_000 })),
      meters: Type.Integer({ minimum: 0, maximum: 1_000, description: 'from where the person points to' }),
    }),
    action: 'fire.act',
  },
} as const;

type ReportInput = NamedCommand<typeof reportCommands> & {
  readonly at: Millis;
  readonly by: Principal;
  readonly id: string;
};

/** Takes a report: it confirms the open incident, or waits for an alarm. It raises nothing itself; the call-taker has the call. */
export function stepReport(state: FireState, input: ReportInput): Step<FireState, FireFact> {
  const { at, by, args } = input;
  const { source, text, meters } = args;
  const data = { by: by.name, source, text: cleanText(text?.trim() ?? '') || null, meters };
  const given: FireFact = { type: 'report.given', at, data };
  const after = applyFact(state, given);
  const facts = after.open === null ? [] : confirm(after.open, { at, ...data }, at);
  return { state: facts.reduce(applyFact, after), events: [given, ...facts] };
}

/** The facts of reports that came shortly before the alarm that has just raised. */
export function reportsBefore({ open, reports }: FireState, at: Millis): FireFact[] {
  if (open === null) return [];
  const recent = reports.filter((report) => at - report.at <= reportMs);
  // Confirmed once; each further report is a line of its own.
  return recent.flatMap((report, index) => confirm(open, report, at).slice(0, index === 0 ? undefined : 1));
}

function confirm(open: Incident, report: PersonReport, at: Millis): FireFact[] {
  const isArea = open.raisedBy.device === '';
  if (isArea || Math.abs(at - open.raisedAt) > reportMs) return [];
  const { id: incident } = open;
  const { by, source, text, meters } = report;
  const facts: FireFact[] = [
    { type: 'incident.reported', at, data: { incident, by, source, text, meters, givenAt: report.at } },
  ];
  const refuted = evidenceOf(open) === 'refuted';
  if (refuted || open.handling === 'resolved') {
    facts.push({ type: 'incident.reopened', at, data: { incident, device: '', by, was: open.handling, refuted } });
  }
  if (open.evidence !== 'confirmed') {
    const data = { incident, from: open.evidence, to: 'confirmed', reason: 'report', by } as const;
    facts.push({ type: 'incident.evidenceRaised', at, data });
  }
  return facts;
}

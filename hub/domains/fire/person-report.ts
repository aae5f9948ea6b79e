/** What a person told of a fire, as it is kept at the place and with the incident. Pure. */
import { type Static, Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import type { FireFactOf, Incident } from './events.ts';

/** A report and an alarm this near in place and time speak of the same fire. */
export const reportMeters = 100;
export const reportMs: Millis = 10 * 60_000;
/** Reports that wait at a place for an alarm. */
const reportsKept = 8;
/** Reports kept with an incident: the first ones prove it, a hundred callers need not be listed. */
const reportsShown = 32;

/** How the person told us. */
export const ReportSourceSchema = Type.Union([
  Type.Literal('call114'),
  Type.Literal('neighbour'),
  Type.Literal('app'),
  Type.Literal('patrol'),
]);

/** `by` took it down; `meters` from where the person points to; times in Unix ms. */
export const PersonReportSchema = Type.Object({
  at: Type.Integer({ description: 'Unix time, ms' }),
  by: Type.String({ description: 'who took it down' }),
  source: ReportSourceSchema,
  text: Type.Union([Type.Null(), Type.String()]),
  meters: Type.Integer(),
});
export type PersonReport = Static<typeof PersonReportSchema>;

/** The reports of a place, those of the last minutes only. */
export function foldReport(
  reports: readonly PersonReport[],
  { at, data }: FireFactOf<'report.given'>,
): readonly PersonReport[] {
  return [...reports.filter((report) => at - report.at <= reportMs), { at, ...data }].slice(-reportsKept);
}

/** One report more with the incident. */
export function withReport(incident: Incident, { data }: FireFactOf<'incident.reported'>): Incident {
  const { by, source, text, meters, givenAt: at } = data;
  return {
    ...incident,
    reports: [...(incident.reports ?? []), { at, by, source, text, meters }].slice(0, reportsShown),
  };
}

/** What leaves the house about incidents: reports as JSON and paper, and the export as CSV. */
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { anonymous } from '../../access/policy.ts';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import type { Incident } from './events.ts';
import { recordOf } from './find.ts';
import { csvHeader, csvLine } from './incident-csv.ts';
import { incidentView } from './incident-view.ts';
import { incidentReport, type Report, ReportSchema } from './report.ts';
import { reportPage } from './report-page.ts';
import { reportLanguages } from './report-words.ts';
import { restIncident } from './rest.ts';
import type { FireState } from './state.ts';

type Kit = Pick<DomainKit<FireState>, 'states' | 'journal' | 'registry' | 'now' | 'told'>;

const tags = ['fire'];
const config = { action: 'fire.read' } as const;
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });
const dayMs = 86_400_000;
/** A year and a day: a longer export is made of several. */
const maxDays = 366;
/** Records are up to some 10 KiB in the journal: few at a time, so that an export never crowds out an alarm. */
const pageSize = 100;

/** Registers the reports and the export. None of them holds contacts or residents. */
export function registerReportRoutes(api: Api, kit: Kit): void {
  api.get(
    '/api/v1/incidents/:id/report',
    {
      config,
      schema: { tags, summary: 'Report with the full time line', params: Id, response: { 200: ReportSchema } },
    },
    ({ params }) => reportOf(kit, params.id),
  );
  api.get(
    '/api/v1/incidents/:id/report.html',
    {
      config,
      schema: {
        tags,
        summary: 'The report as a page to print (A4)',
        params: Id,
        querystring: Type.Object({ language: Type.Optional(Type.Enum([...reportLanguages], { default: 'vi' })) }),
        produces: ['text/html'],
      },
    },
    async ({ params, query: { language = 'vi' } }, reply) =>
      reply.type('text/html; charset=utf-8').send(reportPage(await reportOf(kit, params.id), language)),
  );
  api.get(
    '/api/v1/incidents.csv',
    {
      config,
      schema: {
        tags,
        summary: 'Incidents raised in a time, as CSV',
        description: 'Open ones first, then closed ones, newest first. By default the last 30 days.',
        produces: ['text/csv'],
        querystring: Type.Object({
          from: Type.Optional(Type.String({ format: 'date-time' })),
          to: Type.Optional(Type.String({ format: 'date-time' })),
        }),
      },
    },
    async ({ query }, reply) => {
      const to = query.to === undefined ? kit.now() : Date.parse(query.to);
      const from = query.from === undefined ? to - 30 * dayMs : Date.parse(query.from);
      if (from > to) throw new HubError('invalid', '"from" must not be later than "to".');
      if (to - from > maxDays * dayMs) {
        throw new HubError('unprocessable', `At most ${maxDays} days at once; ask for a shorter time.`);
      }
      reply.header('content-disposition', 'attachment; filename="incidents.csv"');
      return reply.type('text/csv; charset=utf-8').send(Readable.from(csvLines(kit, from, to)));
    },
  );
}

async function reportOf(kit: Kit, id: string): Promise<Report> {
  const report = await incidentReport(kit, id);
  if (report === undefined) throw new HubError('notFound', `There is no incident "${id}".`);
  return report;
}

async function* csvLines(kit: Kit, from: number, to: number): AsyncGenerator<string> {
  const viewer = { principal: anonymous, at: kit.now(), registry: kit.registry };
  const line = (incident: Incident, subject: string, state: FireState | undefined) =>
    csvLine(restIncident(incidentView(incident, subject, state, viewer)));
  const isInTime = ({ raisedAt }: Incident) => raisedAt >= from && raisedAt <= to;
  yield csvHeader;
  for (const [subject, state] of kit.states) {
    if (state.open !== null && isInTime(state.open)) yield line(state.open, subject, state);
  }
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const closings = await kit.journal.read({ domain: 'fire', types: ['incident.closed'], before, limit: pageSize });
    for (const event of closings) {
      const record = recordOf(event);
      if (record !== undefined && isInTime(record)) yield line(record, event.subject, undefined);
    }
    const last = closings.at(-1);
    // Whatever was closed before `from` was raised before it too.
    if (last === undefined || closings.length < pageSize || last.at < from) return;
    before = last.cursor;
  }
}

/** REST of fire: `/api/v1/incidents`, and what a dispatcher does with one. */

import type { FastifyRequest } from 'fastify';
import { type TObject, Type } from 'typebox';
import type { Api, DomainKit, Viewer } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { type Page, type PageQuery, pageByKey, pageByNumber, pageOf, pageQuery } from '../../page.ts';
import { registerAreaRoutes } from './area-routes.ts';
import { registerCapRoutes } from './cap-routes.ts';
import { commandBodies } from './commands.ts';
import { registerDeviceRoutes } from './device-routes.ts';
import { type Found, findIncident, findRaise, recordOf } from './find.ts';
import { incidentView, isInWards } from './incident-view.ts';
import { registerPerformanceRoutes } from './performance-routes.ts';
import { registerPersonReportRoutes } from './person-report-routes.ts';
import { registerReportRoutes } from './report-routes.ts';
import { type RestIncident as Rest, RestHop, RestIncident, receiptLedger, restIncident } from './rest.ts';
import type { FireState } from './state.ts';
import type { IncidentView } from './view.ts';
import { registerWindowRoutes } from './window-routes.ts';

type Kit = DomainKit<FireState>;

const tags = ['fire'];
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });
const ListQuery = Type.Object({
  state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')], { default: 'open' })),
  ward: Type.Optional(Type.String({ maxLength: 16, description: 'ward code' })),
  ...pageQuery(),
});

/** Registers all routes of the fire domain. */
export function registerFireRoutes(api: Api, kit: Kit): void {
  registerList(api, kit);
  registerOne(api, kit);
  registerCommand(api, kit, 'acknowledge', 'I take it; the first one wins', commandBodies.acknowledge);
  registerCommand(api, kit, 'verify', 'A person has confirmed the fire', commandBodies.verify);
  registerCommand(api, kit, 'dispatch', 'Units are on their way', commandBodies.dispatch);
  registerCommand(
    api,
    kit,
    'progress',
    'Units are en route, on scene, or have it under control',
    commandBodies.progress,
  );
  registerCommand(api, kit, 'refute', 'A person on site says that there is no fire', commandBodies.refute);
  registerCommand(api, kit, 'note', 'Add a line to the time line; 200 at most', commandBodies.note);
  registerCommand(api, kit, 'resolve', 'The situation is over', commandBodies.resolve);
  registerCommand(api, kit, 'close', 'Close with a disposition; not while in alarm', commandBodies.close);
  registerReportRoutes(api, kit);
  registerPersonReportRoutes(api, kit);
  registerAreaRoutes(api, kit);
  registerCapRoutes(api, kit);
  registerWindowRoutes(api, kit);
  registerDeviceRoutes(api, kit);
  registerPerformanceRoutes(api, kit);
}

function registerList(api: Api, kit: Kit): void {
  const summary = 'Incidents, newest first';
  api.get(
    '/api/v1/incidents',
    {
      config: { action: 'fire.read' },
      schema: { tags, summary, querystring: ListQuery, response: { 200: pageOf(RestIncident) } },
    },
    async (request) => {
      const { state = 'open', ward, ...page } = request.query;
      const wards = ward === undefined ? undefined : [ward];
      return state === 'open'
        ? openPage(kit, viewerOf(kit, request), wards, page)
        : closedPage(kit, viewerOf(kit, request), wards, page);
    },
  );
}

type Wards = readonly string[] | undefined;

/** Ids begin with the time, so they sort by it. */
function openPage(kit: Kit, viewer: Viewer, wards: Wards, query: PageQuery): Page<Rest> {
  const views: IncidentView[] = [];
  for (const [subject, state] of kit.states) {
    if (state.open === null) continue;
    const view = incidentView(state.open, subject, state, viewer);
    if (isInWards(view, wards)) views.push(view);
  }
  views.sort((a, b) => (a.id > b.id ? -1 : 1));
  const { items, next } = pageByKey(views, (view) => view.id, query, 'descending');
  return { items: items.map(restIncident), next };
}

/** From the journal: each closing carries the whole record. Pages of a ward may be short; `next` tells the end. */
async function closedPage(kit: Kit, viewer: Viewer, wards: Wards, query: PageQuery): Promise<Page<Rest>> {
  const closings = await pageByNumber(
    query,
    (part) => kit.journal.read({ domain: 'fire', types: ['incident.closed'], ...part }),
    (event) => event.cursor,
  );
  const views = closings.items.flatMap((event) => {
    const record = recordOf(event);
    return record === undefined ? [] : [incidentView(record, event.subject, undefined, viewer)];
  });
  return { items: views.filter((view) => isInWards(view, wards)).map(restIncident), next: closings.next };
}

function registerOne(api: Api, kit: Kit): void {
  const response = { 200: Type.Object({ ...RestIncident.properties, receipts: Type.Array(RestHop) }) };
  api.get(
    '/api/v1/incidents/:id',
    {
      config: { action: 'fire.read' },
      schema: { tags, summary: 'One incident with its receipt ledger', params: Id, response },
    },
    async (request) => {
      const found = await find(kit, request.params.id);
      const raise = await findRaise(kit.journal, found.incident.id);
      const receipts = raise === undefined ? [] : await kit.journal.receipts(raise.id);
      const { acknowledged, raisedAt } = found.incident;
      const ledger = receiptLedger(raise, receipts, acknowledged ?? undefined, raisedAt);
      return { ...restOf(found, viewerOf(kit, request)), receipts: ledger };
    },
  );
}

function registerCommand(api: Api, kit: Kit, name: keyof typeof commandBodies, summary: string, fields: TObject): void {
  // A command without arguments may come without a body.
  const body = fields.required?.length ? fields : Type.Union([fields, Type.Null()]);
  api.post(
    `/api/v1/incidents/:id/${name}`,
    {
      config: { action: 'fire.act' },
      schema: { tags, summary, params: Id, body, response: { 200: RestIncident } },
    },
    async (request) => {
      const { subject, incident } = await find(kit, request.params.id);
      const args = { ...request.body, incident: incident.id };
      await kit.command(kit.principal(request), subject, name, args);
      return restOf(await find(kit, incident.id), viewerOf(kit, request));
    },
  );
}

async function find(kit: Kit, id: string): Promise<Found> {
  const found = await findIncident(kit, id);
  if (found === undefined) throw new HubError('notFound', `There is no incident "${id}".`);
  return found;
}

function restOf({ incident, subject, state }: Found, viewer: Viewer): Rest {
  return restIncident(incidentView(incident, subject, state, viewer));
}

function viewerOf(kit: Kit, request: FastifyRequest): Viewer {
  return { principal: kit.principal(request), at: kit.now(), registry: kit.registry };
}

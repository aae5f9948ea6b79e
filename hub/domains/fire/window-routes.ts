/** REST of windows: `/api/v1/fire/windows`, where drills, walk tests, isolations and commissioning are opened and ended. */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { pageByNumber, pageOf, pageQuery } from '../../page.ts';
import type { StoredEvent } from '../../ports.ts';
import { EndedFactSchema } from './events.ts';
import { subjectOf } from './hearing.ts';
import type { FireState } from './state.ts';
import { windowBodies } from './window-commands.ts';
import { WindowKindSchema } from './window-schema.ts';
import { coverageOf, type Window } from './windows.ts';

type Kit = DomainKit<FireState>;

const tags = ['fire'];
const Time = Type.String({ format: 'date-time' });
const Points = Type.Array(Type.String(), { description: '`<device>/<point>`' });
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });

const RestWindow = Type.Object({
  id: Type.String(),
  subject: Type.String(),
  kind: WindowKindSchema,
  devices: Type.Array(Type.String()),
  points: Type.Optional(Points),
  by: Type.String(),
  reason: Type.String(),
  compensation: Type.Union([Type.Null(), Type.String()]),
  from: Time,
  until: Time,
  coverage: Type.Object({ seen: Points, never: Points }),
});
type RestWindow = Static<typeof RestWindow>;

const Opening = Type.Object({
  place: Type.Optional(Type.String({ maxLength: 64 })),
  device: Type.Optional(Type.String({ maxLength: 64, description: 'instead of a place: the place it is bound to' })),
  ...windowBodies.openWindow.properties,
});

/** Registers the routes of windows. */
export function registerWindowRoutes(api: Api, kit: Kit): void {
  const answer = { 200: RestWindow };
  api.get(
    '/api/v1/fire/windows',
    {
      config: { action: 'fire.read' },
      schema: {
        tags,
        summary: 'Drills, walk tests, isolations and commissioning that stand open',
        response: { 200: Type.Object({ items: Type.Array(RestWindow) }) },
      },
    },
    () => ({ items: [...openWindows(kit)].map(({ subject, state, window }) => restWindow(subject, state, window)) }),
  );
  registerEnded(api, kit);
  api.get(
    '/api/v1/fire/windows/:id',
    {
      config: { action: 'fire.read' },
      schema: { tags, summary: 'One window with the points that were heard', params: Id, response: answer },
    },
    ({ params }) => restOf(kit, params.id),
  );
  api.post(
    '/api/v1/fire/windows',
    {
      config: { action: 'fire.act' },
      schema: { tags, summary: 'Open a window; it ends by itself', body: Opening, response: answer },
    },
    async (request) => {
      const { place, device, ...args } = request.body;
      const subject = subjectFor(kit, place, device);
      await kit.command(kit.principal(request), subject, 'openWindow', args);
      const state = kit.states.get(subject);
      const opened = state?.windows.at(-1);
      if (state === undefined || opened === undefined) throw new HubError('conflict', 'The window was ended at once.');
      return restWindow(subject, state, opened);
    },
  );
  api.post(
    '/api/v1/fire/windows/:id/extend',
    {
      config: { action: 'fire.act' },
      schema: { tags, summary: 'Let it stand longer', params: Id, body: windowBodies.extendWindow, response: answer },
    },
    async (request) => {
      const { subject, window } = find(kit, request.params.id);
      const args = { window: window.window, ...request.body };
      await kit.command(kit.principal(request), subject, 'extendWindow', args);
      return restOf(kit, request.params.id);
    },
  );
  api.post(
    '/api/v1/fire/windows/:id/end',
    {
      config: { action: 'fire.act' },
      schema: {
        tags,
        summary: 'End it now; answers its coverage',
        params: Id,
        body: Type.Union([windowBodies.endWindow, Type.Null()]),
        response: answer,
      },
    },
    async (request) => {
      const { subject, state, window } = find(kit, request.params.id);
      const args = { window: window.window, ...request.body };
      await kit.command(kit.principal(request), subject, 'endWindow', args);
      return restWindow(subject, state, { ...window, until: kit.now() });
    },
  );
}

const RestEnded = Type.Object({
  id: Type.String(),
  subject: Type.String(),
  kind: WindowKindSchema,
  devices: Type.Array(Type.String()),
  points: Type.Optional(Points),
  opened: Type.Union([Type.Null(), Type.Object({ at: Time, by: Type.String(), reason: Type.String() })]),
  ended: Type.Object({
    at: Time,
    by: Type.String({ description: '`hub` when its time was over' }),
    reason: Type.String(),
  }),
  coverage: Type.Object({ seen: Points, never: Points }),
});

/** From the journal, newest first: what was tested, by whom, and which points never spoke. */
function registerEnded(api: Api, kit: Kit): void {
  api.get(
    '/api/v1/fire/windows/ended',
    {
      config: { action: 'fire.read' },
      schema: {
        tags,
        summary: 'Windows that are over, newest first, with their coverage',
        querystring: Type.Object({
          place: Type.Optional(Type.String({ maxLength: 64 })),
          ...pageQuery(),
        }),
        response: { 200: pageOf(RestEnded) },
      },
    },
    async ({ query }) => {
      const ended = {
        domain: 'fire',
        types: ['window.ended'],
        ...(query.place === undefined ? {} : { subject: query.place }),
      };
      const page = await pageByNumber(
        query,
        (part) => kit.journal.read({ ...ended, ...part }),
        ({ cursor }) => cursor,
      );
      return { items: page.items.flatMap(restEnded), next: page.next };
    },
  );
}

const endedSchema = Compile(EndedFactSchema);

function restEnded({ subject, type, at, data }: StoredEvent): Static<typeof RestEnded>[] {
  const fact = { type, at, data };
  if (!endedSchema.Check(fact)) return [];
  const { window: id, kind, devices, points, by, reason, coverage, opened } = fact.data;
  const extent = points === undefined ? { devices } : { devices, points };
  const ended = { at: new Date(at).toISOString(), by, reason };
  const before = opened === undefined ? null : { ...opened, at: new Date(opened.at).toISOString() };
  return [{ id, subject, kind, ...extent, opened: before, ended, coverage }];
}

type Found = { readonly subject: string; readonly state: FireState; readonly window: Window };

function* openWindows(kit: Kit): Generator<Found> {
  for (const [subject, state] of kit.states) for (const window of state.windows) yield { subject, state, window };
}

function find(kit: Kit, id: string): Found {
  for (const found of openWindows(kit)) if (found.window.window === id) return found;
  throw new HubError('notFound', `No window "${id}" stands open.`);
}

function restOf(kit: Kit, id: string): RestWindow {
  const { subject, state, window } = find(kit, id);
  return restWindow(subject, state, window);
}

function subjectFor(kit: Kit, place: string | undefined, device: string | undefined): string {
  if (place !== undefined) {
    if (kit.registry.place(place) === undefined) throw new HubError('notFound', `There is no place "${place}".`);
    return place;
  }
  const known = device === undefined ? undefined : kit.registry.device(device);
  if (known?.domain !== 'fire') throw new HubError('invalid', 'Name a place, or a fire device of it.');
  return subjectOf(known);
}

function restWindow(subject: string, { devices }: FireState, window: Window): RestWindow {
  const { window: id, from, until, seen: _seen, points, ...rest } = window;
  const extent = points === undefined ? {} : { points: [...points] };
  const times = { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
  return {
    id,
    subject,
    ...rest,
    devices: [...rest.devices],
    ...extent,
    ...times,
    coverage: coverageOf(window, devices),
  };
}

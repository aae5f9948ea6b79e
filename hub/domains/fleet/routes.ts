/** REST of the fleet: `/api/v1/devices` and `/api/v1/dead-letters`, for reading. */
import { Type } from 'typebox';
import { type Action, may, type Principal } from '../../access/policy.ts';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { pageByKey, pageByNumber, pageOf, pageQuery } from '../../page.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { deviceView } from './device-view.ts';
import { linkOf } from './link.ts';
import type { FleetState } from './state.ts';

const config = { action: 'fleet.read' } as const;
const tags = ['devices'];
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) });
/** The largest page. */
const most = 1_000;
const OrNull = <S extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(schema: S) =>
  Type.Union([schema, Type.Null()]);
const LinkSchema = Type.Union([
  Type.Literal('never'),
  Type.Literal('online'),
  Type.Literal('late'),
  Type.Literal('lost'),
]);

const DeviceSchema = Type.Object({
  id: Type.String(),
  domain: Type.String(),
  model: Type.String(),
  name: Type.String(),
  link: LinkSchema,
  since: OrNull(Type.String({ format: 'date-time' })),
  lastMessageAt: OrNull(Type.String({ format: 'date-time' })),
  ageSeconds: OrNull(Type.Number()),
  messages: Type.Integer(),
  refused: Type.Integer(),
  battery: OrNull(Type.Number()),
  firmware: OrNull(Type.String()),
  binding: Type.Union([Type.Null(), Type.Object({ kind: Type.String(), target: Type.String(), state: Type.String() })]),
  synthetic: Type.Boolean(),
});

const StoredEventSchema = Type.Object({
  cursor: Type.Integer(),
  id: Type.String(),
  domain: Type.String(),
  subject: Type.String(),
  type: Type.String(),
  at: Type.String({ format: 'date-time' }),
  data: Type.Unknown(),
});

const DeadLetterSchema = Type.Object({
  id: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  topic: Type.String(),
  deviceId: Type.String(),
  reason: Type.String(),
  detail: Type.String(),
  bytes: Type.Integer(),
  head: Type.String({ description: 'first KiB of the payload, base64' }),
});

/** What a domain's devices said may be personal (plates, payments) or an alarm: asked of the policy besides `fleet.read`. */
const readingOf: Readonly<Record<string, Action>> = { fire: 'fire.read', parking: 'parking.money' };

/** Registers the fleet's routes; making, changing and removing devices is the registry's. */
export function registerFleetRoutes(api: Api, kit: DomainKit<FleetState>): void {
  registerList(api, kit);
  registerDevice(api, kit);
  registerDeadLetters(api, kit);
}

function registerList(api: Api, kit: DomainKit<FleetState>): void {
  const querystring = Type.Object({
    domain: Type.Optional(Type.String({ maxLength: 32 })),
    link: Type.Optional(LinkSchema),
    q: Type.Optional(Type.String({ maxLength: 64, description: 'part of the id or name' })),
    ...pageQuery(most),
  });
  const response = { 200: pageOf(DeviceSchema) };
  api.get(
    '/api/v1/devices',
    { config, schema: { tags, summary: 'Devices by id, also those never heard', querystring, response } },
    ({ query }) => {
      const at = kit.now();
      const { registry, states } = kit;
      const wanted = query.q?.toLocaleLowerCase('vi');
      const found: DeviceRecord[] = [];
      for (const device of registry.devices()) {
        if (query.domain !== undefined && device.domain !== query.domain) continue;
        if (wanted !== undefined && !`${device.id} ${device.name}`.toLocaleLowerCase('vi').includes(wanted)) continue;
        const link = query.link;
        if (link && linkOf(device, states.get(device.id), registry.presence(device.id), at) !== link) continue;
        found.push(device);
      }
      found.sort((a, b) => (a.id < b.id ? -1 : 1));
      const { items, next } = pageByKey(found, (device) => device.id, query);
      return { items: items.map((device) => deviceView(device, states.get(device.id), registry, at)), next };
    },
  );
}

function registerDevice(api: Api, kit: DomainKit<FleetState>): void {
  const find = (id: string): DeviceRecord => {
    const device = kit.registry.device(id);
    if (device === undefined) throw new HubError('notFound', `There is no device "${id}".`);
    return device;
  };
  api.get(
    '/api/v1/devices/:id',
    { config, schema: { tags, summary: 'One device', params: Id, response: { 200: DeviceSchema } } },
    ({ params }) => deviceView(find(params.id), kit.states.get(params.id), kit.registry, kit.now()),
  );
  const response = { 200: pageOf(StoredEventSchema) };
  const querystring = Type.Object(pageQuery(most));
  const summary = 'What the hub stored from a device, newest first';
  api.get(
    '/api/v1/devices/:id/events',
    { config, schema: { tags, summary, params: Id, querystring, response } },
    async (request) => {
      const device = find(request.params.id);
      mayReadEvents(kit.principal(request), device);
      const events = await pageByNumber(
        request.query,
        (part) => kit.journal.read({ deviceId: device.id, ...part }),
        (event) => event.cursor,
      );
      const items = events.items.map(({ cursor, id, domain, subject, type, at, data }) => {
        return { cursor, id, domain, subject, type, at: new Date(at).toISOString(), data };
      });
      return { items, next: events.next };
    },
  );
}

function mayReadEvents(principal: Principal, device: DeviceRecord): void {
  const action = readingOf[device.domain] ?? 'fleet.read';
  if (may(principal, action)) return;
  throw new HubError('forbidden', `What devices of ${device.domain} said needs the right "${action}".`);
}

function registerDeadLetters(api: Api, kit: DomainKit<FleetState>): void {
  const querystring = Type.Object({
    deviceId: Type.Optional(Type.String({ maxLength: 64 })),
    ...pageQuery(most),
  });
  const response = { 200: pageOf(DeadLetterSchema) };
  api.get(
    '/api/v1/dead-letters',
    { config, schema: { tags, summary: 'Refused messages, newest first', querystring, response } },
    async ({ query: { deviceId, ...page } }) => {
      const letters = await pageByNumber(
        page,
        (part) => kit.journal.deadLetters({ ...(deviceId === undefined ? {} : { deviceId }), ...part }),
        (letter) => letter.id,
      );
      const items = letters.items.map((letter) => ({ ...letter, at: new Date(letter.at).toISOString() }));
      return { items, next: letters.next };
    },
  );
}

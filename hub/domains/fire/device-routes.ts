/** REST of fire devices: `/api/v1/fire/devices`, each on its six axes, with the ISA-18.2 state that follows from them. */
import { type Static, Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { pageByKey, pageOf, pageQuery } from '../../page.ts';
import type { RegistryReader } from '../../ports.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { type Axes, alarmStateOf, alarmStates, axesOf, badgeOf, badges } from './axes.ts';
import { skewOf } from './clock.ts';
import { type DeviceState, isActive, isIsolated, isPrealarm, type PointState } from './device-state.ts';
import type { Incident } from './events.ts';
import { subjectOf } from './hearing.ts';
import { deviceOf, type FireState, noFireState } from './state.ts';

type Kit = DomainKit<FireState>;

const tags = ['fire'];
const config = { action: 'fire.read' } as const;
const Time = Type.String({ format: 'date-time' });
const OrNull = <S extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(schema: S) =>
  Type.Union([schema, Type.Null()]);
const Sensing = Type.Enum(['normal', 'prealarm', 'alarm']);
const Latch = Type.Enum(['clear', 'latched']);
const AlarmStateSchema = Type.Enum([...alarmStates], { description: 'of ISA-18.2' });
const Badge = Type.Enum([...badges], { description: 'the worst of the axes' });

const AxesSchema = Type.Object({
  sensing: Sensing,
  latch: Latch,
  health: Type.Array(Type.String(), {
    description: 'standing troubles, `<kind>:<point>`; `hub:…` the hub found itself',
  }),
  comm: Type.Enum(['never', 'online', 'late', 'lost']),
  service: Type.Enum(['inService', 'walkTest', 'isolated', 'commissioning', 'retired']),
  binding: Type.Enum(['none', 'claimed', 'verified', 'disputed']),
});

const RestPoint = Type.Object({
  point: Type.String({ description: 'empty when the device has one point only' }),
  class: Type.String(),
  sensing: Sensing,
  latch: Latch,
  service: AxesSchema.properties.service,
  alarmState: AlarmStateSchema,
});

const RestRise = Type.Object({
  measure: Type.Enum(['smoke', 'temperature']),
  since: Time,
  from: Type.Number({ description: '% of smoke, or °C' }),
  to: Type.Number(),
});

const RestDevice = Type.Object({
  id: Type.String(),
  name: Type.String(),
  model: Type.String(),
  subject: Type.String(),
  synthetic: Type.Boolean(),
  badge: Badge,
  alarmState: AlarmStateSchema,
  axes: AxesSchema,
  /** Who took the device out of service, why and until when. */
  outOfService: Type.Union([
    Type.Null(),
    Type.Object({ by: Type.String(), reason: Type.String(), until: OrNull(Time) }),
  ]),
  points: Type.Array(RestPoint),
  rising: Type.Array(RestRise, { description: 'readings that rise over three heartbeats: a pre-alarm' }),
  incident: OrNull(Type.String()),
  lastTestAt: OrNull(Time),
  clockSkewMs: Type.Union([Type.Number(), Type.Null()], {
    description: 'hub minus device, as its heartbeats show since the start',
  }),
});
type RestDevice = Static<typeof RestDevice>;

/** Registers the routes. */
export function registerDeviceRoutes(api: Api, kit: Kit): void {
  const querystring = Type.Object({
    badge: Type.Optional(Badge),
    place: Type.Optional(Type.String({ maxLength: 64, description: 'house-number ID' })),
    ...pageQuery(1_000),
  });
  const summary = 'Fire devices on their six axes, by id';
  api.get(
    '/api/v1/fire/devices',
    { config, schema: { tags, summary, querystring, response: { 200: pageOf(RestDevice) } } },
    ({ query: { badge, place, ...page } }) => {
      const asked = [...kit.registry.devices()].filter(
        (device) =>
          isShown(device) &&
          (place === undefined || subjectOf(device) === place) &&
          (badge === undefined || badgeOf(knownOf(kit, device).axes) === badge),
      );
      asked.sort((a, b) => (a.id < b.id ? -1 : 1));
      const { items, next } = pageByKey(asked, ({ id }) => id, page);
      return { items: items.map((device) => restDevice(kit, device)), next };
    },
  );
  const params = Type.Object({ id: Type.String({ maxLength: 64 }) });
  api.get(
    '/api/v1/fire/devices/:id',
    { config, schema: { tags, summary: 'One fire device on its six axes', params, response: { 200: RestDevice } } },
    ({ params: { id } }) => {
      const device = kit.registry.device(id);
      if (device === undefined || !isShown(device)) throw new HubError('notFound', `There is no fire device "${id}".`);
      return restDevice(kit, device);
    },
  );
}

/** The hub's own test device is no device of the city. */
function isShown({ domain, model }: DeviceRecord): boolean {
  return domain === 'fire' && model !== 'watchdog';
}

function knownOf({ states, registry, now }: Kit, record: DeviceRecord) {
  const state = states.get(subjectOf(record)) ?? noFireState;
  const device = deviceOf(state, record.id);
  const comm = commOf(record, device, registry.presence(record.id), now());
  return { state, device, axes: axesOf(device, { comm, binding: record.binding?.state ?? 'none' }) };
}

/** The fleet decides who is lost; late is a silence of one and a half heartbeats, or since the hub's start. */
function commOf(
  { heartbeatMs }: DeviceRecord,
  { lostAt, knownSince }: DeviceState,
  presence: ReturnType<RegistryReader['presence']>,
  at: Millis,
): Axes['comm'] {
  if (lostAt !== null && (presence === undefined || presence.lastAt <= lostAt)) return 'lost';
  if (presence === undefined) return knownSince === null ? 'never' : 'late';
  return at - presence.lastAt <= heartbeatMs * 1.5 ? 'online' : 'late';
}

function restDevice(kit: Kit, record: DeviceRecord): RestDevice {
  const { state, device, axes } = knownOf(kit, record);
  const { id, name, model, synthetic } = record;
  const isTaken = isInHand(state.open);
  const { service, rising } = device;
  const rows = Object.values(device.points).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    id,
    name,
    model,
    subject: subjectOf(record),
    synthetic,
    badge: badgeOf(axes),
    alarmState: alarmStateOf(axes, isTaken),
    axes: { ...axes, health: [...axes.health] },
    outOfService:
      service.kind === 'inService' ? null : { by: service.by, reason: service.reason, until: iso(service.until) },
    points: rows.map((row) => restPoint(device, row, isTaken)),
    rising: (['smoke', 'temperature'] as const).flatMap((measure) => {
      const rise = rising[measure];
      return rise === undefined ? [] : [{ measure, ...rise, since: new Date(rise.since).toISOString() }];
    }),
    incident: state.open !== null && axes.latch === 'latched' ? state.open.id : null,
    lastTestAt: iso(device.lastTestAt),
    clockSkewMs: skewOf(device.offsetsMs) ?? null,
  };
}

function restPoint(device: DeviceState, row: PointState, isTaken: boolean): Static<typeof RestPoint> {
  const sensing = isActive(device, row) ? 'alarm' : isPrealarm(device, row) ? 'prealarm' : 'normal';
  const latch = row.count > 0 ? 'latched' : 'clear';
  const service = isIsolated(device, row) ? 'isolated' : device.service.kind;
  const alarmState = alarmStateOf({ sensing, latch, service }, isTaken);
  return { point: row.point, class: row.class, sensing, latch, service, alarmState };
}

/** A person has taken it, or said what it is. */
function isInHand(open: Incident | null): boolean {
  return open !== null && (open.acknowledged !== null || open.verdict !== null);
}

const keyOf = ({ point, class: sensor }: PointState) => `${point}/${sensor}`;

function iso(at: Millis | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

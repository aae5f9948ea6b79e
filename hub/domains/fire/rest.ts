/** The REST form of an incident: as the live view, with times as ISO 8601, and its receipt ledger. */
import { type Static, Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import type { Receipt, StoredEvent } from '../../ports.ts';
import { contactRoles, waterStates } from '../../registry/records.ts';
import { DispositionSchema, StageSchema } from './events.ts';
import { PersonReportSchema } from './person-report.ts';
import type { IncidentView } from './view.ts';

const Time = Type.String({ format: 'date-time' });
const Mark = Type.Object({ at: Time, by: Type.String() });
const Near = { name: Type.String(), meters: Type.Number(), lat: Type.Number(), lon: Type.Number() };

const PlaceSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  address: Type.String(),
  wardCode: Type.Optional(Type.String()),
  wardName: Type.Optional(Type.String()),
  alleyChain: Type.Optional(Type.String({ description: 'the alleys as locals say them' })),
  unit: Type.Optional(Type.String({ description: 'floor, flat or room' })),
  formerNames: Type.Optional(
    Type.Array(Type.Object({ kind: Type.String(), value: Type.String(), validTo: Type.Optional(Time) }), {
      description: 'what it was called before, latest first; from `validTo` on it no longer held',
    }),
  ),
  lat: Type.Number(),
  lon: Type.Number(),
  bindingState: Type.Union([Type.Literal('claimed'), Type.Literal('verified'), Type.Literal('disputed')]),
  use: Type.Optional(Type.String()),
  footMeters: Type.Optional(Type.Number()),
  alleyWidthMeters: Type.Optional(Type.Number()),
  truckPoint: Type.Optional(Type.Object({ lat: Type.Number(), lon: Type.Number() })),
  entrances: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        position: Type.Optional(Type.Object({ lat: Type.Number(), lon: Type.Number() })),
      }),
    ),
  ),
  secondExit: Type.Optional(Type.String()),
  gate: Type.Optional(Type.String()),
  barredBalcony: Type.Optional(Type.Boolean()),
  hazards: Type.Optional(Type.Array(Type.String())),
  contacts: Type.Array(
    Type.Object({
      name: Type.String(),
      phone: Type.String(),
      role: Type.Optional(Type.Enum([...contactRoles])),
    }),
    { description: 'while it is open: who has a key or runs the premises; the household for assigned units' },
  ),
  contactsWithheld: Type.Optional(Type.Integer({ description: 'of the household, for assigned units' })),
  stations: Type.Array(Type.Object({ ...Near, approximate: Type.Boolean() })),
  water: Type.Array(Type.Object({ ...Near, state: Type.Optional(Type.Enum([...waterStates])) })),
});

const PointSchema = Type.Object({
  deviceId: Type.String(),
  point: Type.String(),
  class: Type.String(),
  since: Time,
  lastAt: Time,
  restoredAt: Type.Optional(Time),
  count: Type.Integer(),
  chattering: Type.Optional(Type.Literal(true)),
});

const AreaSchema = Type.Object({
  class: Type.String(),
  members: Type.Integer(),
  standing: Type.Integer({ description: 'not restored yet' }),
  wards: Type.Array(Type.Object({ code: Type.String(), name: Type.Optional(Type.String()), members: Type.Integer() })),
  gateways: Type.Array(Type.Object({ id: Type.String(), members: Type.Integer() })),
  overdue: Type.Integer({ description: 'in trouble for more than 15 minutes' }),
});

/** One incident over REST. */
export const RestIncident = Type.Object({
  id: Type.String(),
  subject: Type.String(),
  place: Type.Union([Type.Null(), PlaceSchema]),
  priority: Type.Integer(),
  evidence: Type.String(),
  handling: Type.String(),
  source: Type.String(),
  synthetic: Type.Boolean(),
  status: Type.Optional(Type.String({ description: '`exercise` or `test`; absent: actual' })),
  isolated: Type.Optional(Type.Literal(true)),
  commLost: Type.Optional(Type.Array(Type.String())),
  points: Type.Array(PointSchema),
  morePoints: Type.Optional(Type.Integer({ description: 'beyond the first 100' })),
  raisedAt: Time,
  lastEventAt: Time,
  receivedAfterMs: Type.Integer(),
  quality: Type.Array(Type.String()),
  acknowledged: Type.Optional(Mark),
  dispatched: Type.Optional(Type.Object({ at: Time, by: Type.String(), units: Type.String() })),
  progress: Type.Optional(Type.Array(Type.Object({ at: Time, by: Type.String(), stage: StageSchema }))),
  resolved: Type.Optional(Mark),
  closed: Type.Optional(
    Type.Object({
      at: Time,
      by: Type.String(),
      disposition: DispositionSchema,
      note: Type.Optional(Type.String()),
    }),
  ),
  timeline: Type.Array(
    Type.Object({ at: Time, type: Type.String(), by: Type.String(), text: Type.Optional(Type.String()) }),
  ),
  escalation: Type.Optional(
    Type.Object({
      step: Type.String({ description: 'the last one that was taken' }),
      next: Type.Optional(Type.String()),
      nextAt: Type.Optional(Time),
    }),
  ),
  area: Type.Optional(AreaSchema),
  related: Type.Optional(
    Type.Array(Type.Object({ incident: Type.String(), subject: Type.String(), meters: Type.Integer() })),
  ),
  reports: Type.Optional(Type.Array(Type.Object({ ...PersonReportSchema.properties, at: Time }))),
  score: Type.Optional(
    Type.Object({
      probability: Type.Number({ description: '0 to 1, a noisy-OR of the reasons; it explains and never decides' }),
      reasons: Type.Array(Type.Object({ word: Type.String(), weight: Type.Number() })),
    }),
  ),
  history: Type.Optional(Type.Object({ alarms90d: Type.Integer(), unwanted90d: Type.Integer() })),
});
export type RestIncident = Static<typeof RestIncident>;

/** One step of an alarm's way. `at` is null where the hub does not know the time. */
export const RestHop = Type.Object({
  hop: Type.Union([
    Type.Literal('received'),
    Type.Literal('durable'),
    Type.Literal('emitted'),
    Type.Literal('receivedByApp'),
    Type.Literal('accepted'),
  ]),
  by: Type.String(),
  at: Type.Union([Type.Null(), Time]),
  afterMs: Type.Union([Type.Null(), Type.Integer({ description: 'after the hub received the alarm' })]),
});
export type RestHop = Static<typeof RestHop>;

/** The REST form of a view. */
export function restIncident(view: IncidentView): RestIncident {
  const { commLost, acknowledged, dispatched, progress, resolved, closed, place, escalation, area, ...others } = view;
  const { related, reports, score, ...rest } = others;
  return {
    ...rest,
    place: place === null ? null : restPlace(place),
    quality: [...view.quality],
    ...(commLost === undefined ? {} : { commLost: [...commLost] }),
    points: view.points.map(({ restoredAt, ...point }) => ({
      ...point,
      since: iso(point.since),
      lastAt: iso(point.lastAt),
      ...(restoredAt === undefined ? {} : { restoredAt: iso(restoredAt) }),
    })),
    raisedAt: iso(view.raisedAt),
    lastEventAt: iso(view.lastEventAt),
    ...(acknowledged === undefined ? {} : { acknowledged: dated(acknowledged) }),
    ...(dispatched === undefined ? {} : { dispatched: dated(dispatched) }),
    ...(progress === undefined ? {} : { progress: progress.map(dated) }),
    ...(resolved === undefined ? {} : { resolved: dated(resolved) }),
    ...(closed === undefined ? {} : { closed: dated(closed) }),
    timeline: view.timeline.map(dated),
    ...(escalation === undefined ? {} : { escalation: restEscalation(escalation) }),
    ...(area === undefined ? {} : { area: { ...area, wards: [...area.wards], gateways: [...area.gateways] } }),
    ...(related === undefined ? {} : { related: [...related] }),
    ...(reports === undefined ? {} : { reports: reports.map(dated) }),
    ...(score === undefined ? {} : { score: { ...score, reasons: [...score.reasons] } }),
  };
}

/** The way of the alarm that raised the incident, hop by hop, each with its time. */
export function receiptLedger(
  raise: StoredEvent | undefined,
  receipts: readonly Receipt[],
  accepted: { readonly at: Millis; readonly by: string } | undefined,
  raisedAt: Millis,
): RestHop[] {
  const hop = (name: RestHop['hop'], by: string, at: Millis | undefined): RestHop => ({
    hop: name,
    by,
    at: at === undefined ? null : iso(at),
    afterMs: at === undefined ? null : at - raisedAt,
  });
  return [
    hop('received', 'hub', raisedAt),
    ...(raise === undefined ? [] : [hop('durable', 'journal', raise.storedAt)]),
    ...receipts.map((one) => hop(one.hop === 'emitted' ? 'emitted' : 'receivedByApp', one.by, one.at)),
    ...(accepted === undefined ? [] : [hop('accepted', accepted.by, accepted.at)]),
  ];
}

function restEscalation({ nextAt, ...step }: NonNullable<IncidentView['escalation']>) {
  return nextAt === undefined ? step : { ...step, nextAt: iso(nextAt) };
}

function restPlace(place: NonNullable<IncidentView['place']>): Static<typeof PlaceSchema> {
  const { formerNames, entrances, hazards, ...rest } = place;
  return {
    ...rest,
    ...(formerNames === undefined ? {} : { formerNames: formerNames.map(restName) }),
    ...(entrances === undefined ? {} : { entrances: [...entrances] }),
    ...(hazards === undefined ? {} : { hazards: [...hazards] }),
    contacts: [...place.contacts],
    stations: [...place.stations],
    water: [...place.water],
  };
}

function restName({ validTo, ...name }: { readonly kind: string; readonly value: string; readonly validTo?: Millis }) {
  return validTo === undefined ? name : { ...name, validTo: iso(validTo) };
}

function dated<T extends { readonly at: Millis }>(mark: T): Omit<T, 'at'> & { at: string } {
  return { ...mark, at: iso(mark.at) };
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}

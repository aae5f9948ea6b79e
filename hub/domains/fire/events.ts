/** What the fire domain writes into the journal, and the incident record that these facts fold into. */
import { type Static, type TProperties, Type } from 'typebox';
import { PersonReportSchema } from './person-report.ts';
import { PointRecordSchema, SignalSchema, StandingSchema } from './signal-schema.ts';
import { CoverageSchema, WindowKindSchema, WindowSchema } from './window-schema.ts';

const Id = Type.String();
const Time = Type.Integer({ description: 'Unix time, ms' });
const Words = Type.Array(Type.String());
const DeviceEvidence = Type.Union([
  Type.Literal('unverified'),
  Type.Literal('corroborated'),
  Type.Literal('confirmed'),
]);
const SourceSchema = Type.Union([Type.Literal('active'), Type.Literal('restored')]);
const HandlingSchema = Type.Union([
  Type.Literal('raised'),
  Type.Literal('acknowledged'),
  Type.Literal('dispatched'),
  Type.Literal('resolved'),
  Type.Literal('closed'),
]);
/** How far dispatched units have come. */
export const StageSchema = Type.Union([Type.Literal('enRoute'), Type.Literal('onScene'), Type.Literal('underControl')]);
/** How it ended; required to close. */
export const DispositionSchema = Type.Union([
  Type.Literal('fire'),
  Type.Literal('unwanted'),
  Type.Literal('fault'),
  Type.Literal('malicious'),
  Type.Literal('accidentalCallPoint'),
  Type.Literal('exercise'),
  Type.Literal('test'),
  Type.Literal('unknown'),
]);

const MeasureSchema = Type.Union([Type.Literal('smoke'), Type.Literal('temperature')]);
const AreaCountSchema = Type.Object({
  members: Type.Integer(),
  standing: Type.Integer({ description: 'not restored yet' }),
  wards: Type.Array(Type.Object({ ward: Type.Union([Type.Null(), Id]), members: Type.Integer() })),
  gateways: Type.Optional(Type.Array(Type.Object({ gateway: Id, members: Type.Integer() }))),
  overdue: Type.Optional(Type.Integer({ description: 'in trouble for more than 15 minutes' })),
});

export type Disposition = Static<typeof DispositionSchema>;
/** Why an unwanted alarm was given; for the ledger. */
export const CauseSchema = Type.Union([
  Type.Literal('cooking'),
  Type.Literal('steam'),
  Type.Literal('incense'),
  Type.Literal('dust'),
  Type.Literal('insect'),
  Type.Literal('aerosol'),
  Type.Literal('construction'),
  Type.Literal('smoking'),
]);

/** An open incident at a place next door. */
const RelatedSchema = Type.Object({ incident: Id, subject: Id, meters: Type.Integer() });
const Mark = Type.Object({ at: Time, by: Type.String() });

/** An incident: three axes that move independently, who did what, and its time line. */
export const IncidentSchema = Type.Object({
  id: Id,
  raisedAt: Time,
  raisedBy: Type.Object({ device: Id, event: Id }),
  receivedAfterMs: Type.Integer(),
  lastEventAt: Time,
  /** When the screens last heard of it; repetitions within 10 s are only counted. */
  shownAt: Time,
  synthetic: Type.Boolean(),
  /** Absent when it is real. */
  standing: Type.Optional(StandingSchema),
  /** Devices in alarm whose line went dead. */
  commLost: Type.Optional(Words),
  priority: Type.Integer(),
  /** What the devices prove; a person's verdict stands beside it and wins. */
  evidence: DeviceEvidence,
  verdict: Type.Union([
    Type.Null(),
    Type.Object({
      kind: Type.Union([Type.Literal('verified'), Type.Literal('refuted')]),
      at: Time,
      by: Type.String(),
    }),
  ]),
  handling: HandlingSchema,
  source: SourceSchema,
  quality: Words,
  acknowledged: Type.Union([Type.Null(), Mark]),
  /** When the first person took it; unlike `acknowledged`, kept when it is reopened. Absent before. */
  firstTakenAt: Type.Optional(Time),
  /** Notes written. Absent before the first. */
  notes: Type.Optional(Type.Integer()),
  dispatched: Type.Union([Type.Null(), Type.Object({ at: Time, by: Type.String(), units: Type.String() })]),
  /** How far the units have come, in order. Absent before the first word of them. */
  progress: Type.Optional(Type.Array(Type.Object({ at: Time, by: Type.String(), stage: StageSchema }))),
  resolved: Type.Union([Type.Null(), Mark]),
  closed: Type.Union([
    Type.Null(),
    Type.Object({
      at: Time,
      by: Type.String(),
      disposition: DispositionSchema,
      note: Type.Union([Type.Null(), Type.String()]),
    }),
  ]),
  previous: Type.Union([Type.Null(), Id]),
  /** Open incidents next door. */
  related: Type.Optional(Type.Array(RelatedSchema)),
  /** What people said. */
  reports: Type.Optional(Type.Array(PersonReportSchema)),
  /** Filled when it is closed; until then the points stand in the devices' states. */
  points: Type.Array(PointRecordSchema),
  /** How far each alarm's receipt has come. */
  signals: Type.Array(
    Type.Object({
      device: Id,
      event: Id,
      at: Time,
      hop: Type.Union([Type.Literal('stored'), Type.Literal('delivered'), Type.Literal('accepted')]),
    }),
  ),
  timeline: Type.Array(
    Type.Object({ at: Time, type: Type.String(), by: Type.String(), text: Type.Optional(Type.String()) }),
  ),
});
export type Incident = Static<typeof IncidentSchema>;

function fact<const T extends string, P extends TProperties>(type: T, data: P) {
  return Type.Object({ type: Type.Literal(type), at: Time, data: Type.Object(data) });
}

const incident = { incident: Id };
const person = { incident: Id, by: Type.String({ description: 'name of the person or app' }) };
const ofPoint = { incident: Id, device: Id, event: Id, point: Type.String(), class: Type.String() };
const note = { note: Type.Union([Type.Null(), Type.String()]) };
/** The address as it stood at that time; the registry may change later. */
const PlaceThen = Type.Union([
  Type.Null(),
  Type.Object({ id: Id, name: Type.String(), address: Type.String(), wardCode: Type.Union([Type.Null(), Id]) }),
]);

const { at: _at, ...givenReport } = PersonReportSchema.properties;

/** A window that is over, and what was heard in it. */
export const EndedFactSchema = fact('window.ended', {
  window: Id,
  kind: WindowKindSchema,
  devices: Words,
  points: Type.Optional(Words),
  by: Type.String({ description: '`hub` when its time was over' }),
  reason: Type.String(),
  coverage: CoverageSchema,
  /** Who opened it, when and why. Absent in facts of before. */
  opened: Type.Optional(Type.Object({ at: Time, by: Type.String(), reason: Type.String() })),
});

/** Every fact of the fire domain. */
export const FireFactSchema = Type.Union([
  fact('signal.received', SignalSchema.properties),
  fact('incident.raised', {
    ...ofPoint,
    priority: Type.Integer(),
    evidence: DeviceEvidence,
    source: SourceSchema,
    quality: Words,
    synthetic: Type.Boolean(),
    receivedAfterMs: Type.Integer(),
    previous: Type.Union([Type.Null(), Id]),
    place: PlaceThen,
    standing: Type.Optional(StandingSchema),
    /** How long it may wait for an answer. */
    rule: Type.Optional(Type.Union([Type.Literal('day'), Type.Literal('night'), Type.Literal('sleepingRisk')])),
  }),
  fact('incident.joined', ofPoint),
  fact('incident.repeated', { ...ofPoint, count: Type.Integer() }),
  fact('incident.pointRestored', ofPoint),
  fact('incident.restored', { ...incident, device: Id }),
  fact('incident.reactivated', { ...incident, device: Id }),
  fact('incident.evidenceRaised', {
    ...incident,
    from: DeviceEvidence,
    to: DeviceEvidence,
    reason: Type.String(),
    by: Type.String({ description: 'the device, or `hub` for a timer' }),
  }),
  fact('incident.reopened', {
    ...incident,
    device: Id,
    /** Instead of a device: who took a report down. */
    by: Type.Optional(Type.String()),
    was: HandlingSchema,
    refuted: Type.Boolean(),
  }),
  fact('incident.related', { ...incident, other: Id, subject: Id, meters: Type.Integer() }),
  fact('incident.reported', { ...incident, ...givenReport, givenAt: Time }),
  fact('report.given', givenReport),
  fact('incident.escalated', {
    ...incident,
    round: Type.Integer({ description: 'a reopened incident begins a new one' }),
    step: Type.String(),
    to: Words,
    reason: Type.String(),
    dueAt: Time,
  }),
  fact('incident.standingChanged', {
    ...incident,
    device: Id,
    was: StandingSchema,
    standing: Type.Union([Type.Literal('actual'), StandingSchema]),
  }),
  fact('incident.setAside', { ...person, reason: Type.String() }),
  fact('incident.commLost', { ...incident, device: Id, lostAt: Time }),
  fact('incident.areaRaised', {
    ...incident,
    class: Type.String(),
    synthetic: Type.Boolean(),
    count: AreaCountSchema,
  }),
  fact('incident.areaChanged', { ...incident, synthetic: Type.Optional(Type.Boolean()), count: AreaCountSchema }),
  fact('incident.chattering', ofPoint),
  fact('incident.settled', { ...incident, device: Id, point: Type.String(), class: Type.String(), until: Time }),
  fact('signal.receivedAgain', {
    device: Id,
    event: Type.String({ description: 'id of the first reception' }),
    path: Type.String({ description: 'the way of the second' }),
  }),
  fact('flood.began', { count: Type.Integer() }),
  fact('flood.ended', { count: Type.Integer() }),
  fact('device.prealarmed', { device: Id, measure: MeasureSchema, from: Type.Number(), to: Type.Number() }),
  fact('device.prealarmEnded', { device: Id, measure: MeasureSchema, value: Type.Number() }),
  fact('device.troubled', { device: Id, code: Type.String() }),
  fact('window.opened', WindowSchema.properties),
  fact('window.extended', { window: Id, by: Type.String(), reason: Type.String(), until: Time }),
  EndedFactSchema,
  fact('incident.delivered', { ...person, signals: Type.Array(Type.Object({ device: Id, event: Id })) }),
  fact('incident.acknowledged', person),
  fact('incident.verified', { ...person, ...note }),
  fact('incident.dispatched', { ...person, units: Type.String() }),
  fact('incident.progressed', { ...person, stage: StageSchema }),
  fact('incident.refuted', { ...person, reason: Type.String(), onSite: Type.Optional(Type.String()) }),
  fact('incident.noted', { ...person, text: Type.String() }),
  fact('incident.resolved', { ...person, ...note }),
  fact('incident.closed', {
    ...person,
    ...note,
    disposition: DispositionSchema,
    causeDevice: Type.Union([Type.Null(), Id]),
    cause: Type.Optional(CauseSchema),
    /** The whole incident as it ended, so that an old one is read without folding. */
    record: IncidentSchema,
  }),
]);
export type FireFact = Static<typeof FireFactSchema>;

/** The fact of one type. */
export type FireFactOf<T extends FireFact['type']> = Extract<FireFact, { type: T }>;

/** A fact that names an incident. */
export type IncidentFact = Extract<FireFact, { type: `incident.${string}` }>;

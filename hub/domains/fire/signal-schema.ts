/** A signal and a point as the journal keeps them. Pure. */
import { type Static, Type } from 'typebox';
import { Boot } from '../../../devices/fields.ts';
import { FireEventSchema } from '../../../devices/fire/message.ts';

/** How a signal counts that fell into a window of the hub. */
export const StandingSchema = Type.Union([Type.Literal('isolated'), Type.Literal('exercise'), Type.Literal('test')]);

/** One durable message as the hub understood it: the device's words, and how far they may be trusted. */
export const SignalSchema = Type.Object({
  device: Type.String(),
  event: Type.String(),
  boot: Boot,
  seq: Type.Integer(),
  kind: FireEventSchema.properties.kind,
  class: FireEventSchema.properties.class,
  point: Type.String({ description: 'empty when the device has one point only' }),
  ts: Type.Integer({ description: "the device's own time, ms" }),
  time: Type.Integer({
    description: 'the time that orders it: the device’s when its clock is trusted, else the hub’s',
  }),
  priority: Type.Integer({ minimum: 1, maximum: 8 }),
  quality: Type.Array(Type.String(), { description: 'doubts' }),
  synthetic: Type.Boolean(),
  panelVerified: Type.Boolean(),
  /** Which window of the hub it fell into; absent when it is real. No device can say this itself. */
  standing: Type.Optional(StandingSchema),
  values: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]))),
});
export type Signal = Static<typeof SignalSchema>;

/** One point as it was when its incident was closed. */
export const PointRecordSchema = Type.Object({
  device: Type.String(),
  point: Type.String(),
  class: Type.String(),
  since: Type.Integer({ description: 'Unix time, ms' }),
  lastAt: Type.Integer(),
  restoredAt: Type.Union([Type.Null(), Type.Integer()]),
  count: Type.Integer(),
});
export type PointRecord = Static<typeof PointRecordSchema>;

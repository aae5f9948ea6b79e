/** What fire devices say: `city/v1/fire/<id>/{event,heartbeat}`. Pure. */
import { type Static, Type } from 'typebox';
import { Boot, EventId, Percent, Sequence, ShortText, Time } from '../fields.ts';
import { defineMessage } from '../message.ts';

export const FireEventSchema = Type.Object({
  id: EventId,
  ts: Time,
  boot: Boot,
  seq: Sequence,
  kind: Type.Union([
    Type.Literal('alarm'),
    Type.Literal('restore'),
    Type.Literal('prealarm'),
    Type.Literal('trouble'),
    Type.Literal('troubleRestore'),
    Type.Literal('supervisory'),
    Type.Literal('tamper'),
    Type.Literal('test'),
  ]),
  class: Type.Union([
    Type.Literal('smoke'),
    Type.Literal('heat'),
    Type.Literal('co'),
    Type.Literal('gas'),
    Type.Literal('flame'),
    Type.Literal('callPoint'),
    Type.Literal('waterflow'),
    Type.Literal('other'),
  ]),
  point: Type.Optional(ShortText),
  panelVerified: Type.Optional(Type.Boolean()),
  values: Type.Optional(
    Type.Record(Type.String({ maxLength: 32 }), Type.Union([Type.Number(), Type.String({ maxLength: 128 })]), {
      maxProperties: 32,
    }),
  ),
});

/** An event of a detector, call point or panel: durable, acknowledged once it is on disk. */
export type FireEvent = Static<typeof FireEventSchema>;

export const FireHeartbeatSchema = Type.Object({
  ts: Time,
  battery: Type.Optional(Percent),
  signal: Type.Optional(Type.Number({ minimum: -200, maximum: 100, description: 'dBm, or % when positive' })),
  temperature: Type.Optional(Type.Number({ minimum: -60, maximum: 200, description: '°C' })),
  smoke: Type.Optional(Percent),
});

/** A sign of life with readings. */
export type FireHeartbeat = Static<typeof FireHeartbeatSchema>;

/** Every message of the fire domain, by the last level of its topic. */
export const fireMessages = {
  event: defineMessage({
    schema: FireEventSchema,
    lane: 'durable',
    qos: 1,
    description: 'alarm, restore, trouble, tamper or test of a point',
  }),
  heartbeat: defineMessage({
    schema: FireHeartbeatSchema,
    lane: 'stream',
    qos: 0,
    description: 'sign of life with readings',
  }),
} as const;

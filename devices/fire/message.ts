/** What fire devices say: `city/v1/fire/<id>/{event,heartbeat}`. Pure. */
import { type Static, Type } from 'typebox';
import { Boot, EventId, Percent, Sequence, ShortText, Time } from '../fields.ts';
import { defineMessage } from '../message.ts';

/**
 * What a gateway doubts about the frame that an event came in. A doubt lowers trust and never drops an event: `length`
 * `crc` `checksum` (the frame's own checks), `clock`, `unknownCode`, `unknownAccount`, `decrypt` (could not be read), `plain`
 * (not encrypted although the account has a key). The hub's own, of an event that its schema refused: `schema` (fields were
 * left out or cut), `unreadable` (only its words could be read).
 */
export const FireDoubtSchema = Type.Union([
  Type.Literal('length'),
  Type.Literal('crc'),
  Type.Literal('checksum'),
  Type.Literal('clock'),
  Type.Literal('unknownCode'),
  Type.Literal('unknownAccount'),
  Type.Literal('decrypt'),
  Type.Literal('plain'),
  Type.Literal('schema'),
  Type.Literal('unreadable'),
]);
export type FireDoubt = Static<typeof FireDoubtSchema>;

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
  quality: Type.Optional(Type.Array(FireDoubtSchema, { maxItems: 16 })),
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

/** What people outside the screens are told: one schema for the steps that make notices, the store that keeps them and the documents. */
import { type Static, Type } from 'typebox';

const Named = { id: Type.String(), name: Type.String() };

/** What a receiver can act on without reading sentences. Names of residents and telephones of contacts are never in it. */
export const NoticeFactsSchema = Type.Object({
  place: Type.Union([
    Type.Null(),
    Type.Object({
      ...Named,
      address: Type.String(),
      lat: Type.Number(),
      lon: Type.Number(),
      bindingState: Type.Union([Type.Literal('claimed'), Type.Literal('verified'), Type.Literal('disputed')], {
        description: 'how far the address may be trusted',
      }),
      contacts: Type.Integer({ description: 'how many people of the place can be called' }),
    }),
  ]),
  ward: Type.Union([Type.Null(), Type.Object({ code: Type.String(), name: Type.Optional(Type.String()) })]),
  stations: Type.Array(Type.Object({ ...Named, meters: Type.Integer({ description: 'as the crow flies' }) }), {
    description: 'the nearest fire station, then its neighbour',
  }),
  priority: Type.Integer({ description: '1 (fire, sure) to 8' }),
  evidence: Type.String({ description: '`unverified`, `corroborated`, `confirmed` or `refuted`' }),
  handling: Type.String({ description: '`raised`, `acknowledged`, `dispatched`, `resolved` or `closed`' }),
  source: Type.String({ description: '`active` or `restored`' }),
  quality: Type.Array(Type.String(), { description: 'doubts: `late`, `clock`, `binding` …' }),
  raisedAt: Type.Integer({ description: 'Unix time, ms' }),
});
export type NoticeFacts = Static<typeof NoticeFactsSchema>;

export const NoticeSchema = Type.Object({
  /** The same event gives the same id, and a channel sends each id once. */
  id: Type.String(),
  incident: Type.String(),
  /** Which step of the chain, e.g. `voice`. */
  step: Type.String(),
  /** Who is to know, e.g. `station`; the channels know how each is reached. */
  audience: Type.String(),
  /** Only `actual` may leave the house; drills and tests are marked in the text too. */
  status: Type.Union([Type.Literal('actual'), Type.Literal('exercise'), Type.Literal('test')]),
  text: Type.Object({ vi: Type.String(), en: Type.String() }),
  at: Type.Integer({ description: 'Unix time, ms' }),
  /** Absent when it is about the hub itself. */
  facts: Type.Optional(NoticeFactsSchema),
});

/**
 * A message to people outside the screens: by webhook, mail, SMS or voice. It follows from a journalled event alone, so it can
 * be made again after a crash.
 */
export type Notice = Static<typeof NoticeSchema>;

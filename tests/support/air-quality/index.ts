/** A fourth domain in one folder: nothing else in the hub knows of it. */
import { type Static, Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import type { Domain } from '../../../hub/domain.ts';
import { airMessages } from './message.ts';

type State = { readonly pm25: number | null; readonly at: Millis; readonly alerts: readonly string[] };

const AlertRaised = Type.Object({
  type: Type.Literal('alert.raised'),
  at: Type.Integer(),
  data: Type.Object({ id: Type.String(), level: Type.String() }),
});
type AirEvent = Static<typeof AlertRaised>;

const commands = {
  mute: { schema: Type.Object({ minutes: Type.Integer({ minimum: 1, maximum: 60 }) }), action: 'fleet.act' },
} as const;

export const airQuality: Domain<typeof airMessages, typeof commands, typeof AlertRaised, State, AirEvent, undefined> = {
  name: 'air',
  title: { vi: 'Chất lượng không khí', en: 'Air quality' },
  first: false,
  messages: airMessages,
  commands,
  events: AlertRaised,
  measurements: { air_reading: { pm25: 'number' } },
  locate: (device) => ({ subject: device.id, context: undefined }),
  contextOf: () => undefined,
  initial: () => ({ pm25: null, at: 0, alerts: [] }),
  apply: (state, event) => ({ ...state, alerts: [...state.alerts, event.data.id] }),
  step(state, input) {
    if (input.kind !== 'message')
      return {
        state,
        ...(input.kind === 'command' ? { rejection: { code: 'conflict', message: 'nothing to mute' } } : {}),
      };
    if (input.name === 'alert') {
      if (state.alerts.includes(input.body.id)) return { state };
      const raised: AirEvent = {
        type: 'alert.raised',
        at: input.at,
        data: { id: input.body.id, level: input.body.level },
      };
      return { state: airQuality.apply(state, raised), events: [raised] };
    }
    if (input.body.ts > input.at + 10_000)
      return { state, refused: { reason: 'time', detail: 'the reading is from the future' } };
    const { ts, pm25UgPerM3 } = input.body;
    const points = [{ measurement: 'air_reading', subject: input.device.id, at: ts, fields: { pm25: pm25UgPerM3 } }];
    return { state: { ...state, pm25: pm25UgPerM3, at: ts }, points };
  },
  live: {
    namespace: '/air',
    action: 'anonymous',
    filter: Type.Object({ since: Type.Optional(Type.Integer()) }),
    snapshot: (states) => ({ stations: [...states].map(([id, { pm25 }]) => [id, pm25]) }),
    present: (event) => event.data,
    frames: [{ name: 'stations', row: (id, state) => [id, state.pm25], matches: () => true }],
  },
  routes(api, kit) {
    api.get(
      '/api/v1/air/stations',
      {
        config: { action: 'anonymous' },
        schema: {
          tags: ['air'],
          summary: 'Every station and its last reading',
          response: { 200: Type.Object({ items: Type.Array(Type.Unknown()) }) },
        },
      },
      async () => ({ items: [...kit.states].map(([id, { pm25 }]) => ({ id, pm25 })) }),
    );
  },
};

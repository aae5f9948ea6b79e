/** REST of how well alarms are handled: `/api/v1/fire/performance`; and the same numbers for Prometheus. */
import { Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import type { Api, DomainKit, DomainNumber } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { ledgerMs, type PlacedRow, performanceOf } from './ledger.ts';
import type { FireState } from './state.ts';

const MaybeMs = Type.Union([Type.Null(), Type.Integer()]);
const Counts = Type.Record(Type.String(), Type.Integer());
const Time = Type.String({ format: 'date-time' });

const tally = {
  alarms: Type.Integer(),
  real: Type.Integer(),
  false: Type.Integer(),
  precision: Type.Union([Type.Null(), Type.Number()], { description: 'real / (real + false)' }),
};
const PerformanceSchema = Type.Object({
  from: Time,
  to: Time,
  ...tally,
  answered: Type.Object({
    count: Type.Integer(),
    never: Type.Integer({ description: 'closed without anyone' }),
    p80Ms: MaybeMs,
    p985Ms: MaybeMs,
  }),
  dispositions: Counts,
  causes: Counts,
  devices: Type.Array(Type.Object({ device: Type.String(), ...tally }), { description: 'most false alarms first' }),
  places: Type.Array(Type.Object({ place: Type.String(), ...tally }), { description: 'most false alarms first' }),
  flood: Type.Union([Type.Null(), Time], { description: 'since when there are more alarms than people can look at' }),
});

/** Registers the route. Alarms of the last 90 days, at most 64 a place. */
export function registerPerformanceRoutes(api: Api, kit: DomainKit<FireState>): void {
  const querystring = Type.Object({
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    place: Type.Optional(Type.String({ maxLength: 64 })),
  });
  api.get(
    '/api/v1/fire/performance',
    {
      config: { action: 'fire.read' },
      schema: {
        tags: ['fire'],
        summary: 'Time to acknowledge, precision, and the false-alarm ledger of what was closed',
        querystring,
        response: { 200: PerformanceSchema },
      },
    },
    ({ query }) => {
      const to = query.to === undefined ? kit.now() : Date.parse(query.to);
      const from = query.from === undefined ? to - ledgerMs : Date.parse(query.from);
      if (!(from <= to)) throw new HubError('invalid', '`from` must be a time before `to`.');
      const states = query.place === undefined ? kit.states : new Map(placeOf(kit, query.place));
      const { devices, places, ...found } = performanceOf(rowsOf(states, from, to));
      const since = kit.states.get('flood')?.flood?.since ?? null;
      return {
        from: iso(from),
        to: iso(to),
        ...found,
        devices: [...devices],
        places: [...places],
        flood: since === null ? null : iso(since),
      };
    },
  );
}

/** Precision, times to acknowledge and dispositions of the last 90 days, for Prometheus. */
export function fireNumbers(states: ReadonlyMap<string, FireState>, at: Millis): readonly DomainNumber[] {
  const { precision, answered, dispositions, causes } = performanceOf(rowsOf(states, at - ledgerMs, at));
  const one = (value: number | null) => (value === null ? [] : [{ labels: {}, value }]);
  const quantile = (name: string, ms: number | null) =>
    ms === null ? [] : [{ labels: { quantile: name }, value: ms / 1_000 }];
  return [
    { name: 'fire_precision', help: 'Part of the closed alarms of 90 days that were real', samples: one(precision) },
    {
      name: 'fire_acknowledge_seconds',
      help: 'Time until the first person took an alarm, of 90 days',
      samples: [...quantile('0.8', answered.p80Ms), ...quantile('0.985', answered.p985Ms)],
    },
    {
      name: 'fire_closed_alarms',
      help: 'Alarms closed in 90 days by how they ended',
      samples: Object.entries(dispositions).map(([disposition, value]) => ({ labels: { disposition }, value })),
    },
    {
      name: 'fire_unanswered_alarms',
      help: 'Alarms closed in 90 days that no person ever took',
      samples: one(answered.never),
    },
    {
      name: 'fire_false_alarms',
      help: 'Unwanted alarms closed in 90 days by cause',
      samples: Object.entries(causes).map(([cause, value]) => ({ labels: { cause }, value })),
    },
    {
      name: 'fire_flood',
      help: 'One while there are more new alarms than people can look at',
      samples: one(states.get('flood')?.flood?.since == null ? 0 : 1),
    },
  ];
}

function* placeOf(kit: DomainKit<FireState>, place: string): Generator<[string, FireState]> {
  const state = kit.states.get(place);
  if (state !== undefined) yield [place, state];
}

function rowsOf(states: ReadonlyMap<string, FireState>, from: Millis, to: Millis): PlacedRow[] {
  const rows: PlacedRow[] = [];
  for (const [place, { ledger }] of states) {
    for (const row of ledger) if (row.closedAt >= from && row.closedAt <= to) rows.push({ ...row, place });
  }
  return rows;
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}

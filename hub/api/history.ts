/** One subject's measurements over time, raw or in buckets, with a bound on how much one question may ask. */
import { Type } from 'typebox';
import type { Millis } from '../../devices/wire.ts';
import { may, type Principal } from '../access/policy.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';
import type { HistoryReader, HistoryRow, MeasurementTable } from '../ports.ts';
import type { MountedDomain } from './options.ts';

/** More points than a screen has pixels help nobody and cost the store. */
const maxPoints = 5_000;
/** Raw points are asked for by the day, buckets by the year: the store reads what lies between. */
const maxRawRangeMs = 7 * 86_400_000;
const maxRangeMs = 366 * 86_400_000;

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const RowSchema = Type.Object({
  at: Type.String({ format: 'date-time' }),
  values: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Null()]))),
  mean: Type.Optional(Type.Number()),
  min: Type.Optional(Type.Number()),
  max: Type.Optional(Type.Number()),
  count: Type.Optional(Type.Integer()),
});

const HistorySchema = Type.Object({
  domain: Type.String(),
  subject: Type.String(),
  measurement: Type.String(),
  fields: Type.Array(Type.String()),
  from: Type.String({ format: 'date-time' }),
  to: Type.String({ format: 'date-time' }),
  every: Type.Union([Type.String(), Type.Null()]),
  items: Type.Array(RowSchema),
  next: Type.Union([Type.String(), Type.Null()], {
    description: '`from` of the next page when there were more than 5,000 raw points',
  }),
});

const HistoryQuerySchema = Type.Object({
  field: Type.Optional(Type.String({ maxLength: 64, description: 'which field; needed when the domain has several' })),
  measurement: Type.Optional(Type.String({ maxLength: 64, description: 'only where two measurements share a field' })),
  from: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601 or Unix ms; default one hour before `to`' })),
  to: Type.Optional(Type.String({ maxLength: 40, description: 'ISO 8601 or Unix ms; default now' })),
  every: Type.Optional(
    Type.String({ pattern: '^[1-9][0-9]{0,4}[smhd]$', description: 'width of a bucket: 30s, 1m, 5m, 1h, 1d' }),
  ),
});

/** `/api/v1/history/:domain/:subject`. */
export function historyRoutes(
  api: Api,
  options: { readonly domains: readonly MountedDomain[]; readonly history: HistoryReader; now(): Millis },
): void {
  api.get(
    '/api/v1/history/:domain/:subject',
    {
      config: { action: 'history.read' },
      schema: {
        tags: ['history'],
        summary: "A subject's measurements, raw or as mean, minimum, maximum and count a bucket",
        params: Type.Object({ domain: Type.String({ maxLength: 32 }), subject: Type.String({ maxLength: 128 }) }),
        querystring: HistoryQuerySchema,
        response: { 200: HistorySchema },
      },
    },
    async ({ params, query, principal }) => {
      const domain = visibleDomain(options.domains, params.domain, principal);
      const { measurement, field } = resolveField(domain.measurements, query.field, query.measurement);
      refuseGuarded(domain, measurement, principal);
      const range = readRange(query, options.now());
      const isBucketed = range.everyMs !== undefined;
      const rows = await options.history.query({
        measurement,
        subject: params.subject,
        fields: [field],
        from: range.from,
        to: range.to,
        ...(range.everyMs === undefined ? {} : { everyMs: range.everyMs }),
        limit: isBucketed ? maxPoints : maxPoints + 1,
      });
      const shown = rows.slice(0, maxPoints);
      const following = rows[maxPoints];
      return {
        domain: domain.name,
        subject: params.subject,
        measurement,
        fields: [field],
        from: iso(range.from),
        to: iso(range.to),
        every: query.every ?? null,
        items: shown.map((row) => rowView(row, field)),
        next: following === undefined ? null : iso(following.at),
      };
    },
  );
}

/**
 * The domain, if this caller may see its data: the history of a household's detector needs the same right as its
 * incidents.
 */
function visibleDomain(domains: readonly MountedDomain[], name: string, principal: Principal): MountedDomain {
  const domain = domains.find((candidate) => candidate.name === name);
  if (domain === undefined) {
    throw new HubError('notFound', `there is no domain "${name}"; known are ${domains.map((d) => d.name).join(', ')}`);
  }
  if (domain.live !== undefined && !may(principal, domain.live.action)) {
    throw new HubError('forbidden', `the history of "${name}" needs "${domain.live.action}"`);
  }
  return domain;
}

/** @throws HubError `forbidden` */
function refuseGuarded({ guarded = {} }: MountedDomain, measurement: string, principal: Principal): void {
  const action = Object.hasOwn(guarded, measurement) ? guarded[measurement] : undefined;
  if (action === undefined || may(principal, action)) return;
  throw new HubError('forbidden', `the history of "${measurement}" needs "${action}"`);
}

function resolveField(table: MeasurementTable, field: string | undefined, measurement: string | undefined) {
  const all = Object.entries(table).flatMap(([name, fields]) =>
    Object.keys(fields).map((key) => ({ measurement: name, field: key })),
  );
  const names = [...new Set(all.map((entry) => entry.field))].join(', ');
  const matches = all.filter(
    (entry) =>
      (field === undefined || entry.field === field) &&
      (measurement === undefined || entry.measurement === measurement),
  );
  const [only, another] = matches;
  if (only === undefined) throw new HubError('unprocessable', `there is no such field; known are ${names || 'none'}`);
  if (another === undefined) return only;
  if (field === undefined) throw new HubError('unprocessable', `field is needed; one of ${names}`);
  const several = matches.map((entry) => entry.measurement).join(', ');
  throw new HubError('unprocessable', `"${field}" is in several measurements; add measurement, one of ${several}`);
}

type Range = { readonly from: Millis; readonly to: Millis; readonly everyMs?: number };

function readRange(query: { from?: string; to?: string; every?: string }, now: Millis): Range {
  const to = query.to === undefined ? now : readTime('to', query.to);
  const from = query.from === undefined ? to - 3_600_000 : readTime('from', query.from);
  if (from >= to) throw new HubError('invalid', 'from must be before to');
  const rangeMs = to - from;
  if (query.every === undefined) {
    if (rangeMs > maxRawRangeMs) {
      throw new HubError('unprocessable', 'raw points can be asked for 7 days at most; add every, e.g. every=1h');
    }
    return { from, to };
  }
  const everyMs = Number(query.every.slice(0, -1)) * (unitMs[query.every.slice(-1)] ?? 0);
  if (rangeMs > maxRangeMs) throw new HubError('unprocessable', 'the range can be 366 days at most');
  if (rangeMs / everyMs > maxPoints) {
    throw new HubError(
      'unprocessable',
      `this would be ${Math.ceil(rangeMs / everyMs)} points, at most ${maxPoints} are allowed; widen every or shorten the range`,
    );
  }
  return { from, to, everyMs };
}

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** @throws HubError `invalid` when it is neither; a local time without a zone is refused because it is ambiguous. */
function readTime(name: string, text: string): Millis {
  // A `+` of a zone arrives as a blank when the caller forgot to escape it.
  const restored = text.replace(' ', '+');
  const at = /^\d{1,15}$/.test(text) ? Number(text) : isoTime.test(restored) ? Date.parse(restored) : Number.NaN;
  if (Number.isFinite(at) && at <= 8.64e15) return at;
  throw new HubError('invalid', `${name} must be ISO 8601 with a zone (2026-11-22T08:00:00+07:00) or Unix time in ms`);
}

function rowView(row: HistoryRow, field: string) {
  if ('values' in row) return { at: iso(row.at), values: { ...row.values } };
  const bucket = row.buckets[field];
  return { at: iso(row.at), ...bucket };
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}

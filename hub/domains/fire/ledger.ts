/** How alarms ended, by place, device and cause, and how soon somebody took them: precision is a number (fire.md §1.1, §5.7). Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Disposition, FireFactOf, Incident } from './events.ts';

/** One incident that was closed. */
export type LedgerRow = {
  readonly incident: string;
  readonly raisedAt: Millis;
  readonly closedAt: Millis;
  /** Until the first person took it; `null` when it was closed without anyone. */
  readonly answeredAfterMs: Millis | null;
  readonly disposition: Disposition;
  readonly cause: string | null;
  /** The device that caused it, as far as the dispatcher said, else the one that raised it. */
  readonly device: string;
};

/** Rows kept for each place, and for how long. */
export const ledgerKept = 64;
export const ledgerMs: Millis = 90 * 86_400_000;

/** Ends that count as a real alarm, and as a false one; drills, tests and what nobody knows are neither. */
const falseEnds: ReadonlySet<Disposition> = new Set(['unwanted', 'fault', 'malicious', 'accidentalCallPoint']);

/** The place's ledger with one more closing. Simulated alarms, drills and area incidents are not in it. */
export function book(
  ledger: readonly LedgerRow[],
  open: Incident,
  { at, data }: FireFactOf<'incident.closed'>,
): readonly LedgerRow[] {
  const isArea = open.raisedBy.device === '';
  if (open.synthetic || open.standing === 'exercise' || open.standing === 'test' || isArea) return ledger;
  // An incident that an older version saved has only its last acknowledgement.
  const answeredAt = open.firstTakenAt ?? open.acknowledged?.at;
  const row: LedgerRow = {
    incident: open.id,
    raisedAt: open.raisedAt,
    closedAt: at,
    answeredAfterMs: answeredAt === undefined ? null : answeredAt - open.raisedAt,
    disposition: data.disposition,
    cause: data.cause ?? null,
    device: data.causeDevice ?? open.raisedBy.device,
  };
  return [...ledger, row].slice(-ledgerKept);
}

/** What a dispatcher is told of a place's past: it never makes an alarm quieter. */
export function historyOf(ledger: readonly LedgerRow[], at: Millis) {
  const recent = ledger.filter(({ closedAt }) => closedAt > at - ledgerMs);
  return { alarms90d: recent.length, unwanted90d: recent.filter(isFalse).length };
}

export type Performance = {
  readonly alarms: number;
  readonly real: number;
  readonly false: number;
  /** Part of the alarms with a known end that were real; `null` before the first. */
  readonly precision: number | null;
  /** Time until the first person took it, ms (EN 50518: 30 s for 80 %, 60 s for 98.5 %); `never`: closed without anyone. */
  readonly answered: {
    readonly count: number;
    readonly never: number;
    readonly p80Ms: Millis | null;
    readonly p985Ms: Millis | null;
  };
  readonly dispositions: Readonly<Record<string, number>>;
  readonly causes: Readonly<Record<string, number>>;
  /** Devices and places with most false alarms, most first. */
  readonly devices: readonly (Tally & { readonly device: string })[];
  readonly places: readonly (Tally & { readonly place: string })[];
};

/** How often it rang, and how often rightly. */
export type Tally = Pick<Performance, 'alarms' | 'real' | 'false' | 'precision'>;

/** A row with the place in whose ledger it stands. */
export type PlacedRow = LedgerRow & { readonly place: string };

/** The numbers of these rows together. */
export function performanceOf(rows: readonly PlacedRow[]): Performance {
  const times = rows.flatMap(({ answeredAfterMs }) => (answeredAfterMs === null ? [] : [answeredAfterMs]));
  times.sort((a, b) => a - b);
  return {
    ...tallyOf(rows),
    answered: {
      count: times.length,
      never: rows.length - times.length,
      p80Ms: percentile(times, 0.8),
      p985Ms: percentile(times, 0.985),
    },
    dispositions: tally(rows.map(({ disposition }) => disposition)),
    causes: tally(rows.flatMap(({ cause }) => cause ?? [])),
    devices: worst(rows, ({ device }) => device).map(([device, tally]) => ({ device, ...tally })),
    places: worst(rows, ({ place }) => place).map(([place, tally]) => ({ place, ...tally })),
  };
}

function tallyOf(rows: readonly LedgerRow[]): Tally {
  const real = rows.filter(({ disposition }) => disposition === 'fire').length;
  const wrong = rows.filter(isFalse).length;
  return { alarms: rows.length, real, false: wrong, precision: real + wrong === 0 ? null : real / (real + wrong) };
}

/** Devices or places that a list shows. */
const worstShown = 10;

function worst(rows: readonly PlacedRow[], nameOf: (row: PlacedRow) => string): readonly (readonly [string, Tally])[] {
  const tallies = [...Map.groupBy(rows, nameOf)].map(([name, own]) => [name, tallyOf(own)] as const);
  tallies.sort(([a, x], [b, y]) => y.false - x.false || y.alarms - x.alarms || (a < b ? -1 : 1));
  return tallies.slice(0, worstShown);
}

/** Whether an alarm ended as a false one. */
export function isFalse({ disposition }: LedgerRow): boolean {
  return falseEnds.has(disposition);
}

/** The smallest value that this part of all does not exceed. */
function percentile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

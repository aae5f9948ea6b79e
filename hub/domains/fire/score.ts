/**
 * How likely it burns, as a number with its reasons: each independent sign has a weight, and they are joined by a noisy-OR
 * (the chance that at least one of them is right). It orders and explains; it never decides: rules do (evidence.ts). Pure.
 */
import type { Millis } from '../../../devices/wire.ts';
import { isManual } from './classify.ts';
import type { Incident } from './events.ts';
import { hasTwoPoints, isAgain, type Row, soundRows, waterflowDueAt } from './evidence.ts';
import { isFalse, type LedgerRow } from './ledger.ts';
import type { ScoreView } from './view.ts';

/**
 * A lone automatic detector that nobody knows yet: 0.5 % (Korea's automatic notifications of 2020: 0.24 % were fires;
 * 0.2 to 1 % is a fair beginning). Dispositions of the place move it, as if 20 alarms had been seen before.
 */
const lonePrior = 0.005;
const priorStrength = 20;
/** What a sign is worth by itself. Set by judgement, in the order of fire.md §5.5; dispositions may correct them one day. */
const weights = [
  { word: 'report', weight: 0.9 },
  { word: 'callPoint', weight: 0.6 },
  { word: 'panelVerified', weight: 0.6 },
  { word: 'twoPoints', weight: 0.5 },
  { word: 'waterflow', weight: 0.5 },
  { word: 'againAfterReset', weight: 0.3 },
  { word: 'commLost', weight: 0.3 },
  // Smoke and heat, or CO with either: two physics are harder to fool than one.
  { word: 'twoKinds', weight: 0.3 },
] as const;
type Sign = (typeof weights)[number]['word'];
type Reason = ScoreView['reasons'][number];

/** The score of an open incident. `all`: its sensors; `ledger`: how the place's alarms ended; `at`: now. Probability 0 to 1. */
export function scoreOf(
  { reports = [], commLost = [] }: Pick<Incident, 'reports' | 'commLost'>,
  all: readonly Row[],
  ledger: readonly LedgerRow[],
  at: Millis,
): ScoreView {
  const rows = soundRows(all);
  const isSeen: Readonly<Record<Sign, boolean>> = {
    report: reports.length > 0,
    callPoint: rows.some(({ row }) => isManual(row.class)),
    panelVerified: rows.some(({ row }) => row.panelVerified),
    twoPoints: hasTwoPoints(rows),
    waterflow: (waterflowDueAt(rows) ?? at + 1) <= at,
    againAfterReset: rows.some(({ row }) => isAgain(row)),
    commLost: commLost.length > 0,
    twoKinds: new Set(rows.map(({ row }) => row.class).filter((sensor) => !isManual(sensor))).size > 1,
  };
  const reasons = weights.filter(({ word }) => isSeen[word]).map(({ word, weight }): Reason => ({ word, weight }));
  if (all.some(({ row }) => !isManual(row.class) || !row.isSound))
    reasons.push({ word: 'detector', weight: loneOf(ledger) });
  const none = reasons.reduce((chance, { weight }) => chance * (1 - weight), 1);
  return { probability: rounded(1 - none), reasons: reasons.sort((a, b) => b.weight - a.weight) };
}

/** How often a lone detector of this place was right, shrunk towards the prior. */
function loneOf(ledger: readonly LedgerRow[]): number {
  const real = ledger.filter(({ disposition }) => disposition === 'fire').length;
  const known = real + ledger.filter(isFalse).length;
  return rounded((real + lonePrior * priorStrength) / (known + priorStrength));
}

function rounded(part: number): number {
  return Math.round(part * 10_000) / 10_000;
}

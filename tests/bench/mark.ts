/** The mark that a bench's alarm carries through the hub as the name of its point: run, number and send time. Pure. */

/** Wall time in ms with fractions, comparable between processes of one machine. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

/** `bench~<run>~<number>~<sent at, µs>`: short enough for a point's name. */
export function writeMark(run: string, number: number, sentAt: number): string {
  return `bench~${run}~${number}~${Math.round(sentAt * 1000)}`;
}

/** Takes a mark apart; `undefined` for any other text. */
export function readMark(
  text: string,
): { readonly run: string; readonly number: number; readonly sentAt: number } | undefined {
  const match = /^bench~([A-Za-z0-9]+)~(\d+)~(\d+)$/.exec(text);
  if (match === null) return undefined;
  return { run: match[1] ?? '', number: Number(match[2]), sentAt: Number(match[3]) / 1000 };
}

/** The value below which this share of the sorted numbers lies (nearest rank). NaN when there are none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

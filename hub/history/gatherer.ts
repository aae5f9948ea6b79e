/** A batch under construction for each measurement. */
import type { MeasurementTable, Point } from '../ports.ts';
import { BatchBuilder } from './batch.ts';

/** Points that no store could keep: how many, and the first of them. */
export type Refusals = { readonly count: number; readonly first: Point };

export class Gatherer {
  readonly #measurements: MeasurementTable;
  readonly #onBatch: (record: ArrayBuffer, points: number) => void;
  readonly #builders = new Map<string, BatchBuilder>();

  constructor(measurements: MeasurementTable, onBatch: (record: ArrayBuffer, points: number) => void) {
    this.#measurements = measurements;
    this.#onBatch = onBatch;
  }

  /** Adds the points; full batches leave at once. */
  add(points: readonly Point[]): Refusals | undefined {
    let count = 0;
    let first: Point | undefined;
    for (const point of points) {
      const builder = this.#builders.get(point.measurement) ?? this.#begin(point.measurement);
      if (builder?.add(point) !== true) {
        count++;
        first ??= point;
      } else if (builder.isFull) this.#seal(builder);
    }
    return first === undefined ? undefined : { count, first };
  }

  /** Every batch that holds a point leaves. */
  sealAll(): void {
    for (const builder of this.#builders.values()) if (builder.points > 0) this.#seal(builder);
  }

  #seal(builder: BatchBuilder): void {
    const { points } = builder;
    this.#onBatch(builder.take(), points);
  }

  #begin(measurement: string): BatchBuilder | undefined {
    const columns = Object.hasOwn(this.#measurements, measurement) ? this.#measurements[measurement] : undefined;
    if (columns === undefined) return undefined;
    const builder = new BatchBuilder(measurement, columns);
    this.#builders.set(measurement, builder);
    return builder;
  }
}

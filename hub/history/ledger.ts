/** Where every point is: `offered = written + pending + shed + refused`, through the death of the worker too. Pure. */
import type { HistoryStats } from '../ports.ts';
import type { Moved, Parcel } from './messages.ts';

export class Ledger {
  #offered = 0;
  #written = 0;
  #shed = 0;
  #refused = 0;
  /** In the spool's file, by the worker's word. */
  #spooled = 0;
  /** Sent to the worker and not heard of since. */
  readonly #underWay = new Map<number, number>();
  #underWayPoints = 0;
  #spoolBytes = 0;

  /** Points in the worker's hands but not on disk. */
  get underWay(): number {
    return this.#underWayPoints;
  }

  /** Points not yet settled that are not in the spool: the hub's memory holds them. */
  get inMemory(): number {
    return this.#pending() - this.#spooled;
  }

  offer(points: number): void {
    this.#offered += points;
  }

  refuse(points: number): void {
    this.#refused += points;
  }

  shed(points: number): void {
    this.#shed += points;
  }

  send({ number, points }: Parcel): void {
    this.#underWay.set(number, points);
    this.#underWayPoints += points;
  }

  move(moved: Moved): void {
    this.#written += moved.written;
    this.#refused += moved.refused;
    this.#shed += moved.shed;
    for (const number of moved.spooled) this.#spooled += this.#arrive(number);
    for (const number of moved.done) this.#arrive(number);
    this.#spooled -= moved.drained;
    this.#spoolBytes = moved.spoolBytes;
  }

  /**
   * The worker is open, again or for the first time, and found this many points in the spool. More than were known:
   * they came from an earlier run, or were under way; fewer: the store has the rest. What was in memory died.
   */
  recover(spooledPoints: number, spoolBytes: number): void {
    const known = this.#spooled + this.#underWayPoints;
    this.#offered += Math.max(0, spooledPoints - known);
    this.#written += Math.max(0, this.#spooled - spooledPoints);
    const saved = Math.max(0, Math.min(this.#underWayPoints, spooledPoints - this.#spooled));
    this.#shed += this.#underWayPoints - saved;
    this.#underWay.clear();
    this.#underWayPoints = 0;
    this.#spooled = spooledPoints;
    this.#spoolBytes = spoolBytes;
  }

  stats(): Omit<HistoryStats, 'fault'> {
    return {
      offered: this.#offered,
      written: this.#written,
      pending: this.#pending(),
      shed: this.#shed,
      refused: this.#refused,
      spoolBytes: this.#spoolBytes,
    };
  }

  #pending(): number {
    return this.#offered - this.#written - this.#shed - this.#refused;
  }

  #arrive(number: number): number {
    const points = this.#underWay.get(number) ?? 0;
    this.#underWay.delete(number);
    this.#underWayPoints -= points;
    return points;
  }
}

/** What an import read, refused and wrote, in one shape for all kinds of files. */
import type { Counts } from './write.ts';

export const importKinds = [
  'places',
  'wards',
  'stations',
  'water',
  'lots',
  'devices',
  'vehicles',
  'gtfs',
  'aliases',
] as const;
export type ImportKind = (typeof importKinds)[number];

/** A record that cannot go in: which one, and what to mend. */
export type Refusal = {
  /** GeoJSON: the feature's place in the file, from 0. */
  readonly index?: number;
  /** CSV and GTFS: the line, from 1; the header is line 1. */
  readonly line?: number;
  /** GTFS: the file in the feed. */
  readonly file?: string;
  readonly reason: string;
};

/** `read = added + changed + unchanged + refusedCount + ignored`, except for GTFS, where `read` counts all rows. */
export type ImportSummary = Counts & {
  readonly kind: ImportKind;
  readonly file: string;
  readonly read: number;
  /** The first 1,000. */
  readonly refused: readonly Refusal[];
  readonly refusedCount: number;
  /** Records of the file that are not of this kind, e.g. points of interest without a house number. */
  readonly ignored: number;
  /** The counts of each table, where a file fills several: GTFS, and places that bring their names. */
  readonly parts?: Readonly<Record<string, Counts>>;
  /** Sentences worth reading, e.g. what was ignored and why. */
  readonly notes: readonly string[];
  /** Device credentials found in the file and handed to the caller; never kept in the registry. */
  readonly secrets: number;
  readonly dryRun: boolean;
  /** False for a dry run, and when something was refused and the file is to go in whole or not at all. */
  readonly written: boolean;
  readonly seconds: number;
};

/** Reasons kept; a file that is wrong throughout says so with these. */
const maxRefusals = 1_000;

/** Collects refusals: all are counted, the first 1,000 are kept. */
export class Refusals {
  readonly list: Refusal[] = [];
  count = 0;

  add(refusal: Refusal): void {
    this.count++;
    if (this.list.length < maxRefusals) this.list.push(refusal);
  }
}

/** What a pure parser makes of a file. */
export type Parsed<R> = {
  readonly records: readonly R[];
  readonly read: number;
  readonly refusals: Refusals;
  readonly ignored: number;
  readonly notes: readonly string[];
};

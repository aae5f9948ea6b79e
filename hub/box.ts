/** A box on the map, as a filter or a query says it: west, south, east, north in degrees. */
import { Type } from 'typebox';
import { HubError } from './errors.ts';
import type { Position } from './registry/records.ts';

/** West, south, east, north in degrees. */
export type Box = readonly [west: number, south: number, east: number, north: number];

/** A wider or higher box is a mistake or a scrape: the whole of Hanoi is 1.1° by 0.9°. */
export const widestBoxDegrees = 3;

const rule = `bbox is west, south, east, north: west below east, south below north, at most ${widestBoxDegrees} degrees wide and high`;

/** Schema of a box in a live filter. */
export const BoxSchema = Type.Refine(
  Type.Array(Type.Number({ minimum: -180, maximum: 180 }), { minItems: 4, maxItems: 4, description: rule }),
  isBox,
  () => `is not a box: ${rule}`,
);

/** Query field of a box. */
export const BoxQuery = Type.Optional(
  Type.String({ maxLength: 128, description: `${rule}; separated by commas`, examples: ['105.8,21.0,105.9,21.1'] }),
);

/**
 * Reads `west,south,east,north`; null when absent.
 *
 * @throws HubError `invalid`
 */
export function parseBox(text: string | undefined): Box | null {
  if (text === undefined) return null;
  const parts = text.split(',');
  const numbers = parts.map((part) => (/^\s*-?\d{1,3}(\.\d{1,12})?\s*$/.test(part) ? Number(part) : Number.NaN));
  const box = boxOf(numbers);
  if (numbers.length !== 4 || box === null) throw new HubError('invalid', rule);
  return box;
}

/** The four numbers as a box; null when they are none. */
export function boxOf(numbers: readonly number[] | undefined): Box | null {
  if (numbers === undefined || !isBox(numbers)) return null;
  const [west = 0, south = 0, east = 0, north = 0] = numbers;
  return [west, south, east, north];
}

/** Whether a position is in the box; its edges count. */
export function isInBox(box: Box, position: Position): boolean {
  return position.lon >= box[0] && position.lon <= box[2] && position.lat >= box[1] && position.lat <= box[3];
}

function isBox(numbers: readonly number[]): boolean {
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = numbers;
  return west < east && south < north && east - west <= widestBoxDegrees && north - south <= widestBoxDegrees;
}

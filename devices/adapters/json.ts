/** Reading foreign JSON without trusting it. Pure. */
import { decodeJson, type Millis } from '../wire.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The payload as an object; `undefined` when it is JSON of another shape.
 *
 * @throws BadMessage when it is no JSON, too large or too deep.
 */
export function readObject(payload: Uint8Array): JsonObject | undefined {
  return objectOf(decodeJson(payload));
}

export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A finite number, also when it is written as text, within these bounds. */
export function numberIn(value: unknown, minimum: number, maximum: number): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= minimum && number <= maximum ? number : undefined;
}

/** `true`, `"ON"`, `"open"`, `1` and their opposites; `undefined` for anything else. */
export function switchOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  if (['on', 'true', '1', 'yes', 'alarm', 'open', 'detected'].includes(word)) return true;
  return ['off', 'false', '0', 'no', 'normal', 'closed', 'clear'].includes(word) ? false : undefined;
}

/** A time in ISO 8601 with its zone, or in ms since 1970; a local time without zone is no time. */
export function timeOf(value: unknown): Millis | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/(Z|[+-]\d\d:?\d\d)$/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** An object without its `undefined`s. */
export function compact<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (isDefined(value)) kept[key] = value;
  }
  return kept;
}

function isDefined<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}

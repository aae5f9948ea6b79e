/**
 * What can still be understood of a fire device's event that the schema refuses. An alarm with a wrong clock, an unknown
 * code or a broken field must reach a person; what was wrong with it becomes a doubt, and the original is kept as a dead
 * letter. Pure.
 */
import { createHash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { Boot, EventId, Sequence, Time } from '../fields.ts';
import { decodeJson, type Millis } from '../wire.ts';
import { type FireDoubt, type FireEvent, FireEventSchema } from './message.ts';

/**
 * The event as far as it can be understood, or `undefined` when it says nothing of a fire. It always fits FireEventSchema.
 * `at` is the hub's time, ms: it stands in for a time that cannot be one, and the device's own is kept in `values.deviceTime`.
 */
export function salvageFireEvent(payload: Uint8Array, at: Millis): FireEvent | undefined {
  const found = readObject(payload);
  if (found === undefined) return speaksOfFire(payload) ? unreadable(payload, at) : undefined;
  const doubts = new Set<FireDoubt>();
  const word = wordOf(found, doubts);
  if (word === undefined) return undefined;
  const time = timeOf(found.ts, at, doubts);
  const body = {
    ...identityOf(found, payload, at, doubts),
    ...word,
    ts: time.ts,
    ...pointOf(found.point, doubts),
    ...verifiedOf(found.panelVerified, doubts),
    ...valuesOf(found.values, time.deviceTime, doubts),
  };
  return { ...body, quality: [...doubts] };
}

type Fields = { readonly [key: string]: unknown };

/** The object in the payload; of a list (a batch, or one wrapped by mistake) its first alarm. */
function readObject(payload: Uint8Array): Fields | undefined {
  let value: unknown;
  try {
    value = decodeJson(payload);
  } catch {
    // Not JSON, too deep or with a forbidden key: its fields are not to be trusted, its words may still be read.
    return undefined;
  }
  if (!Array.isArray(value)) return isFields(value) ? value : undefined;
  const objects = value.filter(isFields);
  return objects.find(({ kind }) => kind === 'alarm') ?? objects[0];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const checks = {
  kind: Compile(FireEventSchema.properties.kind),
  class: Compile(FireEventSchema.properties.class),
  id: Compile(EventId),
  boot: Compile(Boot),
  seq: Compile(Sequence),
  time: Compile(Time),
} as const;

/** An unknown kind is an alarm. An unknown class is `other`, but only of an alarm: it must not clear what it does not name. */
function wordOf(found: Fields, doubts: Set<FireDoubt>): Pick<FireEvent, 'kind' | 'class'> | undefined {
  const { kind: saidKind, class: saidClass } = found;
  if (saidKind === undefined && saidClass === undefined) return undefined;
  const kind = checks.kind.Check(saidKind) ? saidKind : 'alarm';
  const sensor = checks.class.Check(saidClass) ? saidClass : 'other';
  const isKnown = kind === saidKind && sensor === saidClass;
  if (!isKnown && kind !== 'alarm' && kind !== 'prealarm') return undefined;
  if (!isKnown) doubts.add('unknownCode');
  return { kind, class: sensor };
}

/** Seconds, microseconds and ISO 8601 are read as such; what is no time at all becomes the hub's. */
function timeOf(said: unknown, at: Millis, doubts: Set<FireDoubt>): { ts: Millis; deviceTime?: string } {
  if (checks.time.Check(said)) return { ts: said };
  doubts.add('clock');
  const deviceTime = (typeof said === 'string' ? said : (JSON.stringify(said) ?? '')).slice(0, 128);
  const candidates = typeof said === 'number' ? [said, said * 1_000, said / 1_000] : [Date.parse(deviceTime)];
  const ts = candidates.map(Math.trunc).find((candidate) => checks.time.Check(candidate)) ?? at;
  return deviceTime === '' ? { ts } : { ts, deviceTime };
}

/**
 * Id, boot and counter. Without its own, the event is named by its bytes and the minute: sent again at once it is the same,
 * said again later it is another. A name of ours is a boot of its own, so that no counter of the device meets it.
 */
function identityOf(
  { id, boot, seq }: Fields,
  payload: Uint8Array,
  at: Millis,
  doubts: Set<FireDoubt>,
): Pick<FireEvent, 'id' | 'boot' | 'seq'> {
  const hasId = checks.id.Check(id);
  const hasCount = checks.boot.Check(boot) && checks.seq.Check(seq);
  if (!hasId || !hasCount) doubts.add('schema');
  const name = hasId ? id : nameOf(payload, at);
  return checks.boot.Check(boot) && checks.seq.Check(seq)
    ? { id: name, boot, seq }
    : { id: name, boot: `? ${name}`.slice(0, 64), seq: 0 };
}

function nameOf(payload: Uint8Array, at: Millis): string {
  return `${createHash('sha256').update(payload).digest('hex').slice(0, 16)}-${Math.floor(at / 60_000)}`;
}

function pointOf(said: unknown, doubts: Set<FireDoubt>): Pick<FireEvent, 'point'> {
  if (said === undefined) return {};
  const point = typeof said === 'string' ? said : (JSON.stringify(said) ?? '');
  if (point !== said || point.length > 64) doubts.add('schema');
  return { point: point.slice(0, 64) };
}

/** A panel's word counts only when it says it properly. */
function verifiedOf(said: unknown, doubts: Set<FireDoubt>): Pick<FireEvent, 'panelVerified'> {
  if (typeof said === 'boolean') return { panelVerified: said };
  if (said !== undefined) doubts.add('schema');
  return {};
}

function valuesOf(said: unknown, deviceTime: string | undefined, doubts: Set<FireDoubt>): Pick<FireEvent, 'values'> {
  const given = isFields(said) ? Object.entries(said) : [];
  const kept = given.filter(isValue).slice(0, 31);
  if (said !== undefined && (!isFields(said) || kept.length < given.length)) doubts.add('schema');
  const values = Object.fromEntries(deviceTime === undefined ? kept : [...kept, ['deviceTime', deviceTime] as const]);
  return Object.keys(values).length === 0 ? {} : { values };
}

function isValue(entry: readonly [string, unknown]): entry is [string, string | number] {
  const [name, value] = entry;
  if (name.length > 32) return false;
  return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && value.length <= 128;
}

/** Text beyond this is not searched: no alarm needs more to say so. */
const readBytes = 4_096;
const fireWords = /alarm|fire|flame|smoke|call ?point|cháy|khói|lửa|"SIA-DCS"|"ADM-CID"/iu;
/** Truncated good news must not raise. */
const otherKinds = /"kind"\s*:\s*"(?:restore|trouble|troubleRestore|supervisory|tamper|test)"/;

function speaksOfFire(payload: Uint8Array): boolean {
  const text = Buffer.from(payload.subarray(0, readBytes)).toString('utf8');
  return fireWords.test(text) && !otherKinds.test(text);
}

function unreadable(payload: Uint8Array, at: Millis): FireEvent {
  const id = nameOf(payload, at);
  return { id, ts: at, boot: `? ${id}`, seq: 0, kind: 'alarm', class: 'other', quality: ['unreadable', 'clock'] };
}

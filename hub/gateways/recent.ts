/**
 * What the gateways knew before a restart, as far as it shows in the journal: a panel that got no ACK because the hub was
 * killed says the same again, and must not be two alarms.
 */
import { framePoint } from '../../devices/adapters/doubtful.ts';
import type { Millis } from '../../devices/wire.ts';
import type { JournalReader } from '../ports.ts';
import { standInId } from './hand-on.ts';
import type { GatewayLimits } from './limits.ts';

export type Recent = {
  /** When words without a time were first said, by device and digest. */
  readonly firsts: readonly (readonly [words: string, at: Millis])[];
  /** What each panel that gives times said last. */
  readonly lasts: readonly (readonly [device: string, said: Said])[];
  /** Devices whose last frame could not be believed. */
  readonly doubtful: readonly string[];
  /** Event ids that were stored. */
  readonly stored: readonly string[];
};

/** Words, the panel's time on them, and when the hub heard them. */
export type Said = { readonly digest: string; readonly time: Millis; readonly at: Millis };

export const nothingRecent: Recent = { firsts: [], lasts: [], doubtful: [], stored: [] };

/** How words are remembered. */
export const wordsOf = (deviceId: string, digest: string): string => `${deviceId} ${digest}`;

const pageSize = 1_000;
/** As `contentEvents` writes it; the stand-in has the panel's id in front. */
const bootPattern = /^(?:(dc09-\S+) )?(first )?(-?\d{1,15}) ([0-9a-f]{12})$/;

/** Reads the newest signals back to the oldest that a repetition may have. */
export async function readRecent(
  journal: Pick<JournalReader, 'read'>,
  now: Millis,
  { repeatMs, remembered }: Pick<GatewayLimits, 'repeatMs' | 'remembered'>,
): Promise<Recent> {
  const signals: Signal[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; signals.length < remembered; ) {
    // Of all types: each page ends at a time, so that nothing older than needed is looked through.
    const page = await journal.read({ domain: 'fire', before, limit: pageSize });
    for (const { type, at, data } of page) {
      if (type === 'signal.received' && now - at < repeatMs && isSignal(data)) signals.push({ ...data, at });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize || now - last.at >= repeatMs) break;
    before = last.cursor;
  }
  const oldestFirst = signals.reverse();
  const words = oldestFirst.flatMap(readWords);
  const frames = new Map(oldestFirst.filter(({ point }) => point === framePoint).map((one) => [one.device, one.kind]));
  return {
    firsts: words.flatMap(({ device, digest, time, isFirst }) =>
      isFirst ? [[wordsOf(device, digest), time] as const] : [],
    ),
    lasts: words.flatMap(({ device, digest, time, at, isFirst }) =>
      isFirst ? [] : [[device, { digest, time, at }] as const],
    ),
    doubtful: [...frames].flatMap(([device, kind]) => (kind === 'trouble' ? [device] : [])),
    stored: oldestFirst.map(({ event }) => event),
  };
}

function readWords({ device, boot, at }: Signal) {
  const [, standsFor = '', first, time = '', digest = ''] = bootPattern.exec(`${boot}`) ?? [];
  if (digest === '') return [];
  return [
    { device: device === standInId ? standsFor : device, digest, time: Number(time), at, isFirst: first !== undefined },
  ];
}

type Signal = {
  readonly device: string;
  readonly event: string;
  readonly kind: string;
  readonly point: string;
  readonly boot: string | number;
  /** Hub time. */
  readonly at: Millis;
};

function isSignal(data: unknown): data is Omit<Signal, 'at'> {
  return (
    typeof data === 'object' &&
    data !== null &&
    'device' in data &&
    typeof data.device === 'string' &&
    'event' in data &&
    typeof data.event === 'string' &&
    'kind' in data &&
    'point' in data &&
    'boot' in data
  );
}

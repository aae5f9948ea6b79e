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
  /** Devices whose last frame could not be believed. */
  readonly doubtful: readonly string[];
  /** Event ids that were stored. */
  readonly stored: readonly string[];
};

export const nothingRecent: Recent = { firsts: [], doubtful: [], stored: [] };

/** How words are remembered. */
export const wordsOf = (deviceId: string, digest: string): string => `${deviceId} ${digest}`;

const pageSize = 1_000;
const firstBoot = /^(?:(\S+) )?first (\d{13}) ([0-9a-f]{12})$/;

/** Reads the newest signals back to the oldest that a repetition may have. */
export async function readRecent(
  journal: Pick<JournalReader, 'read'>,
  now: Millis,
  { repeatMs, remembered }: Pick<GatewayLimits, 'repeatMs' | 'remembered'>,
): Promise<Recent> {
  const signals: Signal[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; signals.length < remembered; ) {
    const page = await journal.read({ domain: 'fire', types: ['signal.received'], before, limit: pageSize });
    signals.push(...page.filter(({ at }) => now - at < repeatMs).flatMap(({ data }) => (isSignal(data) ? [data] : [])));
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize || now - last.at >= repeatMs) break;
    before = last.cursor;
  }
  const oldestFirst = signals.reverse();
  const frames = new Map(oldestFirst.filter(({ point }) => point === framePoint).map((one) => [one.device, one.kind]));
  return {
    firsts: oldestFirst.flatMap(({ device, boot }) => {
      const [, standsFor, at = '', digest = ''] = firstBoot.exec(`${boot}`) ?? [];
      const isStandIn = device === standInId;
      return digest === '' ? [] : [[wordsOf(isStandIn ? (standsFor ?? '') : device, digest), Number(at)] as const];
    }),
    doubtful: [...frames].flatMap(([device, kind]) => (kind === 'trouble' ? [device] : [])),
    stored: oldestFirst.map(({ event }) => event),
  };
}

type Signal = {
  readonly device: string;
  readonly event: string;
  readonly kind: string;
  readonly point: string;
  readonly boot: string | number;
};

function isSignal(data: unknown): data is Signal {
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

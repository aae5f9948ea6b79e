/** What the hub itself finds wrong with a device: its line went dead in an alarm, isolated or untested for too long. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { FireFact } from './events.ts';
import { alarmedRows, provesMore } from './evidence.ts';
import type { FireState } from './state.ts';
import { isolatedTooLongMs } from './windows.ts';

/** A device without a test for longer is a trouble (fire.md §5.6). */
export const untestedMs: Millis = 35 * 86_400_000;

type Found = { readonly device: string; readonly code: string; readonly dueAt: Millis };

/** Troubles by the calendar that are still to be found, with their times. */
export function troublesToCome({ devices, windows }: FireState): Found[] {
  const found: Found[] = [];
  for (const [device, { knownSince, lastTestAt, troubles }] of Object.entries(devices)) {
    if (knownSince === null || Object.hasOwn(troubles, 'hub:notTested')) continue;
    found.push({ device, code: 'notTested', dueAt: Math.max(knownSince, lastTestAt ?? 0) + untestedMs });
  }
  for (const { kind, devices: isolated, from } of windows) {
    if (kind !== 'isolation') continue;
    for (const device of isolated) {
      if (Object.hasOwn(devices[device]?.troubles ?? {}, 'hub:isolatedTooLong')) continue;
      found.push({ device, code: 'isolatedTooLong', dueAt: from + isolatedTooLongMs });
    }
  }
  return found;
}

/** The facts of the troubles whose time has come. */
export function findTroubles(state: FireState, at: Millis): FireFact[] {
  return troublesToCome(state)
    .filter(({ dueAt }) => dueAt <= at)
    .map(({ device, code }) => ({ type: 'device.troubled', at, data: { device, code } }));
}

/** Devices in alarm whose line went dead since the incident was raised, and which it does not know of yet. */
export function deadLines({ open, devices }: FireState): { readonly device: string; readonly lostAt: Millis }[] {
  if (open === null) return [];
  const inAlarm = new Set(alarmedRows(devices).flatMap(({ deviceId, active }) => (active ? [deviceId] : [])));
  return [...inAlarm].flatMap((device) => {
    const lostAt = devices[device]?.lostAt ?? null;
    const isNews = lostAt !== null && lostAt >= open.raisedAt && !open.commLost?.includes(device);
    return isNews ? [{ device, lostAt }] : [];
  });
}

/** A line that goes dead in an alarm may have burnt: it makes the alarm surer, and its return takes nothing back. */
export function noteDeadLines(state: FireState, at: Millis): FireFact[] {
  const { open } = state;
  if (open === null) return [];
  const lost = deadLines(state);
  const facts = lost.map(({ device, lostAt }): FireFact => {
    return { type: 'incident.commLost', at, data: { incident: open.id, device, lostAt } };
  });
  if (lost[0] === undefined || !provesMore('corroborated', open.evidence)) return facts;
  const data = {
    incident: open.id,
    from: open.evidence,
    to: 'corroborated' as const,
    reason: 'commLost',
    by: lost[0].device,
  };
  return [...facts, { type: 'incident.evidenceRaised', at, data }];
}

/** Windows as a screen sees them: which drills, walk tests and isolations stand open, and when each ends by itself. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { FrameDefinition } from '../../domain.ts';
import type { RegistryReader } from '../../ports.ts';
import { sensingOf } from './axes.ts';
import type { FireState } from './state.ts';
import type { FireWindowView, PrealarmView } from './view.ts';
import { coverageOf } from './windows.ts';

/** Every window of one place, in the order in which they were opened. */
export function windowViews(subject: string, { windows, devices }: FireState): readonly FireWindowView[] {
  return windows.map((window) => {
    const { window: id, kind, devices: ids, points, by, reason, compensation, from, until } = window;
    const extent = points === undefined ? { devices: ids } : { devices: ids, points };
    const { seen, never } = coverageOf(window, devices);
    const counts = { seen: seen.length, expected: seen.length + never.length };
    return { id, subject, kind, ...extent, by, reason, compensation, from, until, ...counts };
  });
}

/** Whether a place lies in one of these wards. One whose ward nobody knows is everyone's. */
export function isSubjectInWards(subject: string, wards: readonly string[] | undefined, registry: RegistryReader) {
  const place = registry.place(subject);
  const ward = place?.wardCode ?? (place === undefined ? undefined : registry.wardAt(place.position)?.code);
  return wards === undefined || ward === undefined || wards.includes(ward);
}

/** The devices of a place that are near their alarm: by their own word, or because their readings rise. */
export function prealarmOf(subject: string, { devices }: FireState): PrealarmView | undefined {
  const near = Object.entries(devices).filter(([, device]) => sensingOf(device) === 'prealarm');
  return near.length === 0 ? undefined : { subject, devices: near.map(([id]) => id).sort() };
}

type WardsOf = (filter: unknown) => readonly string[] | undefined;

/**
 * Hints between snapshots, at most one a second. `windows`: rows `[placeId, kinds, earliestUntil, ids]`, words joined by a
 * space; read `/api/v1/fire/windows` for the rest. `flood`: `['flood', since]`, and `gone: ['flood']` when it is over.
 * `prealarms`: rows `[placeId, devices]`, words joined by a space; read `/api/v1/fire/devices?place=` for the rest.
 */
export function fireFrames(wardsOf: WardsOf): readonly FrameDefinition<FireState>[] {
  return [
    {
      name: 'windows',
      row: (subject, { windows }) =>
        windows.length === 0
          ? undefined
          : [
              subject,
              windows.map(({ kind }) => kind).join(' '),
              earliest(windows.map(({ until }) => until)),
              windows.map(({ window }) => window).join(' '),
            ],
      matches: (subject, _state, filter, { registry }) => isSubjectInWards(subject, wardsOf(filter), registry),
    },
    {
      name: 'flood',
      row: (_subject, { flood }) => (flood?.since == null ? undefined : ['flood', flood.since]),
      matches: () => true,
    },
    {
      name: 'prealarms',
      row: (subject, state) => {
        const near = prealarmOf(subject, state);
        return near === undefined ? undefined : [subject, near.devices.join(' ')];
      },
      matches: (subject, _state, filter, { registry }) => isSubjectInWards(subject, wardsOf(filter), registry),
    },
  ];
}

function earliest(times: readonly Millis[]): Millis {
  return Math.min(...times);
}

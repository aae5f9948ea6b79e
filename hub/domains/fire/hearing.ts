/** What fire hears of others: which devices are there and which are lost, and what many places have in common. */
import { Compile } from 'typebox/compile';
import type { Millis } from '../../../devices/wire.ts';
import type { Hearing, JournalledEvent } from '../../domain.ts';
import type { RegistryReader } from '../../ports.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { type HeardTrouble, hearTrouble, type TroubleClass, troubleClasses } from './area.ts';
import { type HeardRaise, hearRaise } from './flood.ts';
import { type HeardNeighbour, hearNeighbour, neighboursOf } from './neighbours.ts';
import { type Signal, SignalSchema } from './signal-schema.ts';
import { type FireState, type HeardLink, hearLink } from './state.ts';

/** The place; a device that is bound to no place is a subject of its own. */
export function subjectOf(device: DeviceRecord): string {
  return device.binding?.kind === 'place' ? device.binding.target : `device:${device.id}`;
}

/** The fleet's word on a device; the places' own troubles and raises, for the area and the flood. */
export const fireHearing: Hearing<FireState> = {
  take(event, registry) {
    if (event.domain === 'fleet') return ofFleet(event, registry);
    if (event.domain !== 'fire') return [];
    if (event.type === 'signal.received') return ofSignal(event, registry);
    if (event.type === 'incident.closed') return ofIncident(event, registry);
    return event.type === 'incident.raised' ? [...ofRaise(event, registry), ...ofIncident(event, registry)] : [];
  },
  fold(state, heard) {
    if (!isHeard(heard)) return state;
    switch (heard.kind) {
      case 'link':
        return hearLink(state, heard);
      case 'trouble':
        return state.area === undefined
          ? state
          : { ...state, area: hearTrouble(state.area, heard, state.open !== null) };
      case 'neighbour':
        return hearNeighbour(state, heard);
      case 'raise':
        return state.flood === undefined ? state : { ...state, flood: hearRaise(state.flood, heard) };
    }
  },
};

type Heard = HeardLink | HeardTrouble | HeardRaise | HeardNeighbour;
type Taken = { readonly subject: string; readonly heard: Heard };

function ofFleet({ type, subject, at }: JournalledEvent, registry: RegistryReader): Taken[] {
  const isLost = type === 'device.lost';
  if (!isLost && type !== 'device.cameOnline' && type !== 'device.returned') return [];
  const device = registry.device(subject);
  if (device?.domain !== 'fire') return [];
  const link = { subject: subjectOf(device), heard: { kind: 'link', device: device.id, isLost, at } } as const;
  return type === 'device.cameOnline' || isOwn(device)
    ? [link]
    : [link, troubleOf(device, 'comm', !isLost, at, registry)];
}

const signalCheck = Compile(SignalSchema);

/** Troubles only: an alarm is never a member of an area. */
function ofSignal({ data, at }: JournalledEvent, registry: RegistryReader): Taken[] {
  if (!signalCheck.Check(data)) return [];
  const isOver = data.kind === 'troubleRestore';
  const isTrouble = data.kind === 'trouble' || data.kind === 'tamper' || data.kind === 'supervisory';
  const isRestore = data.kind === 'restore';
  const device = isOver || isTrouble || isRestore ? registry.device(data.device) : undefined;
  if (device === undefined || isOwn(device)) return [];
  // A valve says `restore` when it is as it should be again, as a detector does.
  if (isRestore) return [troubleOf(device, 'supervisory', true, at, registry)];
  const found = classOf(data);
  // A restore that does not say of what is one of everything but the line to us.
  const classes = isOver && found === 'other' ? troubleClasses.filter((one) => one !== 'comm') : [found];
  return classes.map((one) => troubleOf(device, one, isOver, at, registry));
}

/** The hub's own test device is no device of the city: it is in no number and no area. */
function isOwn({ model }: DeviceRecord): boolean {
  return model === 'watchdog';
}

/** The hub's own test alarms and exercises are no flood. */
function ofRaise({ data, at }: JournalledEvent, registry: RegistryReader): Taken[] {
  const raise = data;
  if (typeof raise !== 'object' || raise === null || !('device' in raise) || 'standing' in raise) return [];
  const device = typeof raise.device === 'string' ? registry.device(raise.device) : undefined;
  return device !== undefined && isOwn(device) ? [] : [{ subject: 'flood', heard: { kind: 'raise', at } }];
}

function ofIncident(event: JournalledEvent, registry: RegistryReader): Taken[] {
  const { data } = event;
  if (typeof data !== 'object' || data === null || !('incident' in data)) return [];
  return typeof data.incident === 'string' ? [...neighboursOf(event, data.incident, registry)] : [];
}

function troubleOf(
  device: DeviceRecord,
  troubleClass: TroubleClass,
  isOver: boolean,
  at: Millis,
  registry: RegistryReader,
): Taken {
  const place = registry.place(subjectOf(device));
  const position = place?.position ?? device.position;
  const ward = place?.wardCode ?? (position === undefined ? undefined : registry.wardAt(position)?.code) ?? null;
  const gateway = device.gateway ?? null;
  const { id, synthetic } = device;
  const heard = { kind: 'trouble', class: troubleClass, device: id, ward, gateway, synthetic, isOver, at } as const;
  return { subject: `area:${troubleClass}`, heard };
}

// Words of devices, Contact ID (301, 302, 33x-35x) and SIA (AT, AR, YT, YR); what fits nothing is `other`.
const codeClasses: readonly (readonly [TroubleClass, RegExp])[] = [
  ['mains', /mains|power|acloss|\bac\b|\b[13]?301\b|\bA[TR]\b/i],
  ['battery', /batter|\b[13]?302\b|\bY[TR]\b/i],
  ['line', /line|loop|wire|\b[13]?3[357]\d\b/i],
];

function classOf({ kind, point, values }: Signal): TroubleClass {
  if (kind === 'tamper' || kind === 'supervisory') return kind;
  const code = typeof values?.code === 'string' || typeof values?.code === 'number' ? String(values.code) : '';
  return codeClasses.find(([, pattern]) => pattern.test(code) || pattern.test(point))?.[0] ?? 'other';
}

function isHeard(heard: unknown): heard is Heard {
  return typeof heard === 'object' && heard !== null && 'kind' in heard;
}

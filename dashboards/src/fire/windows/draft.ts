/** A window that is being written down: what is still missing, and what the hub is asked for. Pure. */
import type { WindowKind } from './lengths.ts';
import { lengthsOf } from './lengths.ts';

/** Either a whole place, or some devices of one. */
export type Target = {
  readonly place: { readonly id: string; readonly name: string } | undefined;
  readonly devices: readonly string[];
};

export type Draft = {
  readonly kind: WindowKind;
  readonly target: Target;
  readonly reason: string;
  readonly compensation: string;
  readonly minutes: number;
};

/** An empty one; with a device it is the isolation of that. */
export function newDraft(device: string): Draft {
  const kind = device === '' ? 'drill' : 'isolation';
  const target = { place: undefined, devices: device === '' ? [] : [device] };
  return { kind, target, reason: '', compensation: '', minutes: lengthsOf[kind][0] };
}

/** Of another kind, with that kind's usual length. */
export function withKind(draft: Draft, kind: WindowKind): Draft {
  return { ...draft, kind, minutes: lengthsOf[kind][0] };
}

/** The first thing that the hub would refuse it for. */
export function missingIn({
  kind,
  target,
  reason,
  compensation,
}: Draft): 'target' | 'devices' | 'reason' | 'compensation' | undefined {
  if (kind === 'isolation' && target.devices.length === 0) return 'devices';
  if (target.place === undefined && target.devices.length === 0) return 'target';
  if (reason.trim() === '') return 'reason';
  return kind === 'isolation' && compensation.trim() === '' ? 'compensation' : undefined;
}

/** A place means all its devices; devices are named, and the first says where. */
export function bodyOf({ kind, target: { place, devices }, reason, compensation, minutes }: Draft): object {
  const where = place === undefined ? { device: devices[0], devices } : { place: place.id };
  const standIn = kind === 'isolation' ? { compensation: compensation.trim() } : {};
  return { ...where, kind, reason: reason.trim(), minutes, ...standIn };
}

/** What fire hears of others: from the fleet, which of its devices are there and which are lost. */
import type { Hearing, JournalledEvent } from '../../domain.ts';
import type { RegistryReader } from '../../ports.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { type FireState, type HeardLink, hearLink } from './state.ts';

/** The place; a device that is bound to no place is a subject of its own. */
export function subjectOf(device: DeviceRecord): string {
  return device.binding?.kind === 'place' ? device.binding.target : `device:${device.id}`;
}

export const fireHearing: Hearing<FireState> = {
  take(event, registry) {
    return event.domain === 'fleet' ? linkOf(event, registry) : [];
  },
  fold: (state, heard) => (isLink(heard) ? hearLink(state, heard) : state),
};

function linkOf({ type, subject, at }: JournalledEvent, registry: RegistryReader) {
  const isLost = type === 'device.lost';
  if (!isLost && type !== 'device.cameOnline' && type !== 'device.returned') return [];
  const device = registry.device(subject);
  if (device?.domain !== 'fire') return [];
  const heard: HeardLink = { kind: 'link', device: device.id, isLost, at };
  return [{ subject: subjectOf(device), heard }];
}

function isLink(heard: unknown): heard is HeardLink {
  return typeof heard === 'object' && heard !== null && 'kind' in heard && heard.kind === 'link';
}

/** A device as the app sees it: the registry's record, its link, and what it said of itself. */
import type { Millis } from '../../../devices/wire.ts';
import type { RegistryReader } from '../../ports.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { linkOf } from './link.ts';
import type { FleetState } from './state.ts';
import type { DeviceView } from './view.ts';

/** REST form, times ISO 8601. A device that was never heard has neither times nor messages. */
export function deviceView(
  device: DeviceRecord,
  state: FleetState | undefined,
  registry: Pick<RegistryReader, 'presence'>,
  at: Millis,
): DeviceView {
  const presence = registry.presence(device.id);
  const { binding } = device;
  return {
    id: device.id,
    domain: device.domain,
    model: device.model,
    name: device.name,
    link: linkOf(device, state, presence, at),
    since: state?.since == null ? null : new Date(state.since).toISOString(),
    lastMessageAt: presence === undefined ? null : new Date(presence.lastAt).toISOString(),
    ageSeconds: presence === undefined ? null : Math.max(0, Math.round((at - presence.lastAt) / 1_000)),
    messages: presence?.messages ?? 0,
    refused: presence?.refused ?? 0,
    battery: presence?.battery ?? null,
    firmware: state?.firmware ?? null,
    binding: binding === undefined ? null : { kind: binding.kind, target: binding.target, state: binding.state },
    synthetic: device.synthetic,
  };
}

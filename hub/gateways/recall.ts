/** What the journal knows of a device's last alarms, for dialects that tell states and not events. */
import { type Flags, keyOf } from '../../devices/adapters/edges.ts';
import { FireEventSchema } from '../../devices/fire/message.ts';
import type { JournalReader } from '../ports.ts';
import { standInId } from './hand-on.ts';

/** A detector has few points and repeats itself: its last states are among these. */
const signalsRead = 200;

/** Which alarms of the device stood when it was last heard; those of an unregistered one stand under the stand-in. */
export async function recallFlags(
  journal: Pick<JournalReader, 'read'>,
  deviceId: string,
  isRegistered: boolean,
): Promise<Flags> {
  const stored = await journal.read({
    deviceId: isRegistered ? deviceId : standInId,
    types: ['signal.received'],
    before: Number.MAX_SAFE_INTEGER,
    limit: signalsRead,
  });
  const flags: Record<string, Flags[string]> = {};
  for (const { data, at } of stored) {
    const signal = readSignal(data, deviceId, isRegistered);
    if (signal === undefined) continue;
    const { sensor, point, isOn } = signal;
    // Newest first: the first word of each point counts.
    for (const kind of ['alarm', 'prealarm'] as const) flags[keyOf({ kind, class: sensor, point })] ??= { isOn, at };
  }
  return flags;
}

function readSignal(data: unknown, deviceId: string, isRegistered: boolean) {
  if (typeof data !== 'object' || data === null || !('kind' in data) || !('class' in data) || !('point' in data))
    return;
  const { kind, class: word, point } = data;
  const sensor = FireEventSchema.properties.class.anyOf.map((literal) => literal.const).find((name) => name === word);
  if ((kind !== 'alarm' && kind !== 'restore') || sensor === undefined || typeof point !== 'string') return;
  const isOn = kind === 'alarm';
  if (isRegistered) return { sensor, point, isOn };
  const isIts = point === deviceId || point.startsWith(`${deviceId} `);
  return isIts ? { sensor, point: point.slice(deviceId.length + 1), isOn } : undefined;
}

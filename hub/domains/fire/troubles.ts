/** What is wrong with a device, by `<kind>:<point>`: whatever the order in which troubles and their ends arrive. Pure. */
import type { DeviceState } from './device-state.ts';
import { isAfter, later, type Moment } from './moment.ts';

/** Troubles that stand at once for one device; further ones share a code, so that nothing grows for ever. */
const maxTroubles = 512;
/** Ends remembered, for a trouble that arrives after its own end. */
const endsKept = 64;
const overflowPoint = '…';

/** A trouble, unless a newer end of it was heard already. */
export function beginTrouble(device: DeviceState, kind: string, point: string, moment: Moment): DeviceState {
  if (endsOf(device, kind, point).some((end) => !isAfter(moment, end))) return device;
  const wanted = `${kind}:${point}`;
  const isFull = Object.keys(device.troubles).length >= maxTroubles && !Object.hasOwn(device.troubles, wanted);
  const code = isFull ? `${kind}:${overflowPoint}` : wanted;
  const since = Object.hasOwn(device.troubles, code) ? device.troubles[code] : undefined;
  return { ...device, troubles: { ...device.troubles, [code]: later(since ?? null, moment) } };
}

/** All is well again at a point; without one it speaks for the whole device. */
export function endTroubles(device: DeviceState, point: string, moment: Moment): DeviceState {
  const known = Object.hasOwn(device.troubleEnds, point) ? device.troubleEnds[point] : undefined;
  const troubleEnds = keepNewest({ ...device.troubleEnds, [point]: later(known ?? null, moment) });
  const codes = Object.keys(device.troubles).filter((code) => !code.startsWith('hub:'));
  const ended = point === '' ? codes : codes.filter((code) => pointOf(code) === point);
  return { ...clearTroubles(device, ended, moment), troubleEnds };
}

/** Takes those codes off that are not newer than the moment. */
export function clearTroubles(device: DeviceState, codes: readonly string[], moment: Moment): DeviceState {
  const standing = Object.entries(device.troubles).filter(
    ([code, since]) => !codes.includes(code) || isAfter(since, moment),
  );
  return { ...device, troubles: Object.fromEntries(standing) };
}

/** A supervisory signal ends with the restore of its point, too. */
function endsOf(device: DeviceState, kind: string, point: string): Moment[] {
  const ends = [point, ''].flatMap((one) =>
    Object.hasOwn(device.troubleEnds, one) ? (device.troubleEnds[one] ?? []) : [],
  );
  if (kind !== 'supervisory') return ends;
  return [...ends, ...Object.values(device.points).flatMap((row) => (row.point === point ? (row.restore ?? []) : []))];
}

function pointOf(code: string): string {
  return code.slice(code.indexOf(':') + 1);
}

function keepNewest(ends: DeviceState['troubleEnds']): DeviceState['troubleEnds'] {
  const all = Object.entries(ends);
  if (all.length <= endsKept) return ends;
  const newest = all.filter(([point]) => point !== '').sort(([, a], [, b]) => b.time - a.time || b.seq - a.seq);
  const whole = all.filter(([point]) => point === '');
  return Object.fromEntries([...whole, ...newest.slice(0, endsKept - 1)]);
}

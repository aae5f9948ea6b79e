/** What the fleet writes into the journal: changes of a device's link, its restarts, its battery. */
import { type Static, type TProperties, Type } from 'typebox';
import { Boot } from '../../../devices/fields.ts';

function fact<const T extends string, P extends TProperties>(type: T, data: P) {
  return Type.Object({ type: Type.Literal(type), at: Type.Integer(), data: Type.Object(data) });
}

/** Which session began, as far as the device said: `null` when it was only heard. */
const session = {
  device: Type.String(),
  session: Type.Union([Type.Null(), Type.Object({ boot: Boot, ts: Type.Integer() })]),
  firmware: Type.Union([Type.Null(), Type.String()]),
};

/** Late is not journalled: it comes and goes. Lost and back are. */
export const FleetFactSchema = Type.Union([
  fact('device.cameOnline', session),
  fact('device.returned', { ...session, awayMs: Type.Integer() }),
  fact('device.rebooted', session),
  fact('device.lost', {
    device: Type.String(),
    cause: Type.Union([Type.Literal('silence'), Type.Literal('will')]),
    lastAt: Type.Union([Type.Null(), Type.Integer({ description: 'when it was last heard, ms' })]),
  }),
  fact('device.batteryLow', { device: Type.String(), battery: Type.Number() }),
  fact('device.batteryRecovered', { device: Type.String(), battery: Type.Number() }),
]);
export type FleetFact = Static<typeof FleetFactSchema>;

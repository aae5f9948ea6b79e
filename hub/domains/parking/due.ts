/** What a session owes at a moment. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import type { Session } from './events.ts';
import { chargeLines, type TariffLine, totalOf } from './tariff.ts';
import { tariffAt, tariffVersions, type VehicleClass } from './tariffs.ts';

/** What a stay costs and by which decision; `unknown` when the lot's tariff is not in the table. */
export type Quote =
  | {
      readonly kind: 'quote';
      readonly decision: string;
      readonly lines: readonly TariffLine[];
      readonly total: number;
      /** True when nobody said what the vehicle is, and it was priced as a car. */
      readonly isClassAssumed: boolean;
    }
  | { readonly kind: 'unknown' };

/** The price of a session until `until`, by the version in force at its entry. */
export function quoteFor(session: Session, until: Millis, classAtExit: VehicleClass | null = null): Quote {
  const version = tariffAt(tariffVersions, session.tariff, session.entryAt);
  if (version === undefined) return { kind: 'unknown' };
  const vehicleClass = session.vehicleClass ?? classAtExit;
  const lines = chargeLines(version.charges[vehicleClass ?? 'car'], session.entryAt, until);
  return {
    kind: 'quote',
    decision: version.decision,
    lines,
    total: totalOf(lines),
    isClassAssumed: vehicleClass === null,
  };
}

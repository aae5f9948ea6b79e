/** Number plates as Hanoi's gates read them; the vehicles are invented. Pure. */
import type { Random } from './random.ts';

export type VehicleClass = 'car' | 'motorbike';

// Hanoi's codes 29 to 33 and 40; series letters without I, J, O, Q, R and W.
const carCodes = ['29', '30', '30', '30', '31', '33'];
const letters = 'ABCDEFGHKLMNPSTUVXYZ';

/** A plate such as `30A-123.45` (car) or `29-B1 123.45` (motorbike). */
export function freshPlate(vehicleClass: VehicleClass, random: Random): string {
  const letter = letters[random.whole(0, letters.length - 1)] ?? 'A';
  const digits = String(random.whole(0, 99_999)).padStart(5, '0');
  const number = `${digits.slice(0, 3)}.${digits.slice(3)}`;
  if (vehicleClass === 'motorbike') return `29-${letter}${random.whole(1, 9)} ${number}`;
  return `${random.pick(carCodes)}${letter}-${number}`;
}

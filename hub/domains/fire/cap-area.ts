/** Where a public warning is, as exactly as the public may know: the street and the ward, never the house. Pure. */
import type { RegistryReader } from '../../ports.ts';
import type { Position } from '../../registry/records.ts';

/** A circle around a point of a coarse grid, so that its middle does not give the house away. */
export type CapArea = {
  readonly description: string;
  readonly wardCode?: string;
  readonly circle?: { readonly center: Position; readonly radiusKm: number };
};

/** The grid's width: 0.002° is 222 m north to south and 208 m west to east in Hanoi. */
const cellsPerDegree = 500;
/** Holds any house whose nearest grid point is the middle (at most 152 m away), and the street around it. */
const radiusKm = 0.3;

/** The place as it stood when the incident was raised; the registry adds what it knows of it now. */
export type PlaceThen = { readonly address: string; readonly wardCode: string | null } | null;

/** The area of an incident. `subject` is its place, `deviceId` what raised it. */
export function capArea(subject: string, deviceId: string, then: PlaceThen, registry: RegistryReader): CapArea {
  const place = registry.place(subject);
  const position = place?.position ?? registry.device(deviceId)?.position;
  const code = then?.wardCode ?? place?.wardCode;
  const ward =
    code === undefined ? (position === undefined ? undefined : registry.wardAt(position)) : registry.ward(code);
  const wardCode = code ?? ward?.code;
  const street = streetOf(then?.address ?? place?.address ?? '');
  const parts = [street, ward && wardName(ward)].filter((part) => part !== undefined);
  return {
    description: parts.length === 0 ? unknownArea : parts.join(', '),
    ...(wardCode === undefined ? {} : { wardCode }),
    ...(position === undefined ? {} : { circle: { center: coarse(position), radiusKm } }),
  };
}

const unknownArea = 'Chưa rõ địa điểm';

/**
 * The street of an address without the house and its alleys: `12 ngõ 34 Hàng Bạc` → `Hàng Bạc`. `undefined` when nothing
 * is left that surely is a street: rather no street than a house.
 */
export function streetOf(address: string): string | undefined {
  const first = address.normalize('NFC').split(/[,;]/)[0]?.trim() ?? '';
  const words = first.split(/\s+/);
  const named = words.findLastIndex((word) => /^(phố|đường|đại)$/i.test(word));
  const lastNumber = words.findLastIndex((word) => /\d/.test(word));
  // Names such as "đường 19-5" hold a number themselves: then the word before tells where the name begins.
  const isOwnNumber = named >= 0 && lastNumber === named + 1;
  const from = isOwnNumber ? named : lastNumber + 1;
  // Without a number in front it may be the name of a house or a family.
  if (lastNumber < 0 && named < 0) return undefined;
  const street = words.slice(lastNumber < 0 ? named : from).join(' ');
  return /\p{L}{2}/u.test(street) ? street : undefined;
}

function wardName({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return kind === '' || name.toLowerCase().startsWith(kind.toLowerCase()) ? name : `${kind} ${name}`;
}

function coarse({ lat, lon }: Position): Position {
  const snap = (degrees: number) => Math.round(degrees * cellsPerDegree) / cellsPerDegree;
  return { lat: snap(lat), lon: snap(lon) };
}

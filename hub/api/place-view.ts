/** A place as REST shows it. No contacts: who answers there is shown inside a live incident only, to those who need it. */
import { Type } from 'typebox';
import type { Millis } from '../../devices/wire.ts';
import { may, type Principal } from '../access/policy.ts';
import type { RegistryReader } from '../ports.ts';
import { isValidAt } from '../registry/aliases.ts';
import { dayOf } from '../registry/day.ts';
import { type Alias, type AliasKind, aliasKinds, type Place } from '../registry/records.ts';

const PositionSchema = Type.Object({ lat: Type.Number(), lon: Type.Number() });

/** A name; days are those of the city, `validTo` is the last one. */
export const AliasSchema = Type.Object({
  kind: Type.Enum([...aliasKinds]),
  value: Type.String(),
  validFrom: Type.Optional(Type.String({ format: 'date' })),
  validTo: Type.Optional(Type.String({ format: 'date', description: 'its last day' })),
  source: Type.Optional(Type.String()),
  isPast: Type.Boolean({ description: 'it no longer holds' }),
});

export const PlaceSchema = Type.Object({
  id: Type.String({ description: 'house-number ID' }),
  name: Type.String(),
  address: Type.String(),
  wardCode: Type.Union([Type.String(), Type.Null()]),
  wardName: Type.Union([Type.String(), Type.Null()]),
  lat: Type.Number(),
  lon: Type.Number(),
  use: Type.Union([Type.String(), Type.Null()]),
  distanceMeters: Type.Optional(Type.Number({ description: 'from `near`' })),
  access: Type.Optional(
    Type.Object({
      truckPoint: Type.Optional(PositionSchema),
      footMeters: Type.Optional(Type.Number()),
      alleyWidthMeters: Type.Optional(Type.Number()),
      entrances: Type.Optional(
        Type.Array(Type.Object({ name: Type.String(), position: Type.Optional(PositionSchema) })),
      ),
      secondExit: Type.Optional(Type.String()),
      gate: Type.Optional(Type.String()),
      barredBalcony: Type.Optional(Type.Boolean()),
    }),
  ),
  hazards: Type.Optional(Type.Array(Type.String())),
  aliases: Type.Optional(Type.Array(AliasSchema, { description: 'what else it is or was called' })),
  foundBy: Type.Optional(
    Type.Array(AliasSchema, {
      description: 'the names by which it was found, where its present address was not enough; also of its ward',
    }),
  ),
});

/** A land certificate leads to its owner: for those who go there. */
export function maySeeAlias(viewer: Principal, kind: AliasKind): boolean {
  return kind !== 'landCertificate' || may(viewer, 'people.read');
}

export function aliasView({ validFrom, validTo, ...alias }: Alias, now: Millis) {
  return {
    ...alias,
    ...(validFrom === undefined ? {} : { validFrom: dayOf(validFrom) }),
    ...(validTo === undefined ? {} : { validTo: dayOf(validTo - 1) }),
    isPast: validTo !== undefined && validTo <= now,
  };
}

export type Look = {
  readonly registry: RegistryReader;
  readonly principal: Principal;
  readonly now: Millis;
  /** Only names that held then. */
  readonly at?: Millis;
};

/** The place for this viewer. */
export function placeView(
  place: Place,
  { registry, principal, now, at }: Look,
  found: { readonly foundBy?: readonly Alias[]; readonly distanceMeters?: number } = {},
) {
  const ward = place.wardCode === undefined ? undefined : registry.ward(place.wardCode);
  const { foundBy = [], distanceMeters } = found;
  const aliases = (place.aliases ?? []).filter(
    (alias) => maySeeAlias(principal, alias.kind) && (at === undefined || isValidAt(alias, at)),
  );
  const access = accessView(place.access, principal);
  const hazards = may(principal, 'fire.read') ? place.hazards : undefined;
  return {
    id: place.id,
    name: place.name,
    address: place.address,
    wardCode: place.wardCode ?? null,
    wardName: ward?.name ?? null,
    lat: place.position.lat,
    lon: place.position.lon,
    use: place.use ?? null,
    ...(distanceMeters === undefined ? {} : { distanceMeters }),
    ...(access === undefined ? {} : { access }),
    ...(hazards === undefined ? {} : { hazards: [...hazards] }),
    ...(aliases.length === 0 ? {} : { aliases: aliases.map((alias) => aliasView(alias, now)) }),
    ...(foundBy.length === 0 ? {} : { foundBy: foundBy.map((alias) => aliasView(alias, now)) }),
  };
}

/** How a truck gets near is no secret; doors, gates and bars are what a burglar asks for. */
function accessView(access: Place['access'], viewer: Principal) {
  if (access === undefined) return undefined;
  const { truckPoint, footMeters, alleyWidthMeters, entrances, ...site } = access;
  const near = {
    ...(truckPoint === undefined ? {} : { truckPoint }),
    ...(footMeters === undefined ? {} : { footMeters }),
    ...(alleyWidthMeters === undefined ? {} : { alleyWidthMeters }),
  };
  if (may(viewer, 'fire.read')) return { ...near, ...site, ...(entrances ? { entrances: [...entrances] } : {}) };
  return Object.keys(near).length === 0 ? undefined : near;
}

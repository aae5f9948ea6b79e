/** The place of an incident: where it is as locals say it, how to get in, what is dangerous, whom to call, who and what is near. */
import { may } from '../../access/policy.ts';
import type { Viewer } from '../../domain.ts';
import type { Alias, Contact, Facility, Place, Position } from '../../registry/records.ts';
import type { Incident } from './events.ts';
import type { IncidentPlaceView } from './view.ts';

/** How many stations and water sources a responder is shown. */
const nearestShown = 3;
/** Of so many the nearest that give water are looked for. */
const waterAsked = 12;

/** The place for this viewer; `incident` decides who may have its telephone numbers. */
export function placed(
  place: Place,
  bindingState: IncidentPlaceView['bindingState'],
  incident: Incident,
  viewer: Viewer,
): IncidentPlaceView {
  const { registry, principal } = viewer;
  const { position, use } = place;
  const ward = place.wardCode === undefined ? registry.wardAt(position) : registry.ward(place.wardCode);
  const wardCode = place.wardCode ?? ward?.code;
  // Reports and exports are made as for nobody: they say where it was, not how to get in.
  const mayEnter = may(principal, 'fire.read');
  return {
    id: place.id,
    name: place.name,
    address: place.address,
    ...(wardCode === undefined ? {} : { wardCode }),
    ...(ward === undefined ? {} : { wardName: ward.name }),
    ...(mayEnter ? namesOf(place.aliases ?? [], place.address, viewer.at) : {}),
    lat: position.lat,
    lon: position.lon,
    bindingState,
    ...(use === undefined ? {} : { use }),
    ...accessOf(place, mayEnter),
    ...contactsFor(place.contacts ?? [], incident, viewer),
    ...nearby(position, viewer),
  };
}

/** What locals call it, and what it was called: a caller's words and an old map say so still. */
function namesOf(aliases: readonly Alias[], address: string, at: number) {
  const holds = ({ validFrom = -Infinity, validTo = Infinity }: Alias) => validFrom <= at && at < validTo;
  const present = aliases.filter(holds);
  const alleyChain = present.find(({ kind }) => kind === 'alleyChain')?.value;
  const unit = present.find(({ kind }) => kind === 'unit')?.value;
  const isStillSaid = ({ kind, value }: Alias) =>
    address.includes(value) || present.some((name) => name.kind === kind && name.value === value);
  const formerNames = aliases
    .filter((alias) => sayable.has(alias.kind) && (alias.validTo ?? Infinity) <= at && !isStillSaid(alias))
    .sort((a, b) => (b.validTo ?? 0) - (a.validTo ?? 0))
    .map(({ kind, value, validTo }) => ({ kind, value, ...(validTo === undefined ? {} : { validTo }) }));
  return {
    ...(alleyChain === undefined ? {} : { alleyChain }),
    ...(unit === undefined ? {} : { unit }),
    ...(formerNames.length === 0 ? {} : { formerNames }),
  };
}

/** What people say of a place; numbers of papers and plates help nobody to find the way. */
const sayable: ReadonlySet<string> = new Set(['ward', 'oldWard', 'street', 'alleyChain', 'number', 'unit', 'other']);

function accessOf({ access = {}, hazards }: Place, mayEnter: boolean) {
  const { footMeters, alleyWidthMeters, truckPoint, entrances, secondExit, gate, barredBalcony } = access;
  const near = {
    ...(footMeters === undefined ? {} : { footMeters }),
    ...(alleyWidthMeters === undefined ? {} : { alleyWidthMeters }),
  };
  if (!mayEnter) return near;
  return {
    ...near,
    ...(truckPoint === undefined ? {} : { truckPoint }),
    ...(entrances === undefined ? {} : { entrances }),
    ...(secondExit === undefined ? {} : { secondExit }),
    ...(gate === undefined ? {} : { gate }),
    ...(barredBalcony === undefined ? {} : { barredBalcony }),
    ...(hazards === undefined ? {} : { hazards }),
  };
}

/**
 * Telephone numbers, while the incident is open and for the fire service only. Whoever holds a key, runs or guards the
 * premises, or leads the neighbourhood's group is there to be called: shown at once. The household itself is shown to
 * those who have taken the incident or were sent to it; the others learn how many there are.
 */
export function contactsFor(contacts: readonly Contact[], incident: Incident, { principal }: Viewer) {
  if (!may(principal, 'people.read') || incident.closed !== null) return { contacts: [] };
  const isAssigned = assignedTo(incident).has(principal.name);
  const shown = contacts.filter(({ role }) => isAssigned || !isHousehold(role));
  const withheld = contacts.length - shown.length;
  return { contacts: shown, ...(withheld === 0 ? {} : { contactsWithheld: withheld }) };
}

function isHousehold(role: Contact['role']): boolean {
  return role === undefined || role === 'owner' || role === 'resident';
}

/** Names of those who took it, sent units to it, or are such a unit. */
function assignedTo({ acknowledged, dispatched }: Incident): ReadonlySet<string> {
  const names = [acknowledged?.by, dispatched?.by, ...(dispatched?.units.split(',') ?? [])];
  return new Set(names.flatMap((name) => (name?.trim() ? [name.trim()] : [])));
}

function nearby(position: Position, { registry }: Viewer): Pick<IncidentPlaceView, 'stations' | 'water'> {
  return {
    stations: registry.nearest('fireStation', position, nearestShown).map(({ facility, distanceMeters }) => {
      const { name, approximate, position: where } = facility;
      return { name, meters: Math.round(distanceMeters), approximate, lat: where.lat, lon: where.lon };
    }),
    water: waterNear(registry.nearest('water', position, waterAsked)),
  };
}

/** The nearest three, and the nearest three that may give water: a broken hydrant near by must not hide a good one. */
export function waterNear(
  found: readonly { readonly facility: Facility; readonly distanceMeters: number }[],
): IncidentPlaceView['water'] {
  let usable = 0;
  return found
    .filter(({ facility: { state } }, index) => {
      const mayGive = state === undefined || state === 'working';
      if (mayGive) usable++;
      return index < nearestShown || (mayGive && usable <= nearestShown);
    })
    .map(({ facility: { name, state, position }, distanceMeters }) => {
      const { lat, lon } = position;
      return { name, meters: Math.round(distanceMeters), lat, lon, ...(state === undefined ? {} : { state }) };
    });
}

/** A registry that knows nothing. */
import type { RegistryReader } from '../../hub/ports.ts';

export const emptyRegistry: RegistryReader = {
  device: () => undefined,
  devices: () => [],
  place: () => undefined,
  places: () => [],
  lot: () => undefined,
  lots: () => [],
  vehicle: () => undefined,
  ward: () => undefined,
  wards: () => [],
  wardAt: () => undefined,
  nearest: () => [],
  placesNear: () => [],
  route: () => undefined,
  routes: () => [],
  patterns: () => [],
  stop: () => undefined,
  stops: () => [],
  trip: () => undefined,
  trips: () => [],
  presence: () => undefined,
};

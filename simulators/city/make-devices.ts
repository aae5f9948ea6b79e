/** Invents the devices of the simulated city and what each is bound to. Pure. */

import type { Point } from '../geo.ts';
import { type Random, randomStream } from '../random.ts';
import type { LotDrawing } from './facility-table.ts';
import { lines } from './lines.ts';
import type { MadePlace } from './make-city.ts';
import { oldQuarterAlley } from './street-table.ts';

/** A row of devices.csv. */
export type MadeDevice = {
  readonly id: string;
  readonly domain: 'fire' | 'bus' | 'parking';
  readonly model: string;
  readonly name: string;
  readonly heartbeatS: number;
  readonly place?: string;
  readonly lot?: string;
  readonly vehicle?: string;
  /** How sure the registry is: installers err, and some bindings nobody has checked. */
  readonly bindingState: 'verified' | 'claimed' | 'disputed';
  readonly at?: Point;
};

/** Detectors, call points and panels on the places: every house of an alley, every second one elsewhere. */
export function fireDevices(places: readonly MadePlace[], seed: number): readonly MadeDevice[] {
  const random = randomStream(seed, 'fire-devices');
  const made: MadeDevice[] = [];
  for (const place of places) {
    for (const model of modelsOf(place, random)) {
      const id = `fd-${String(made.length + 1).padStart(4, '0')}`;
      const name = `${modelNames[model]} - ${place.address}`;
      // The scenario's alley is the show-piece: its installers were careful.
      const luck = place.street === oldQuarterAlley ? 1 : random.next();
      const bindingState = luck < 0.02 ? 'disputed' : luck < 0.1 ? 'claimed' : 'verified';
      made.push({
        ...{ id, domain: 'fire', model, name, heartbeatS: 60 },
        place: place.id,
        bindingState,
        at: place.position,
      });
    }
  }
  return made;
}

type FireModel = 'smoke-detector' | 'heat-detector' | 'gas-detector' | 'call-point' | 'fire-panel';

const modelNames: Readonly<Record<FireModel, string>> = {
  'smoke-detector': 'Đầu báo khói',
  'heat-detector': 'Đầu báo nhiệt',
  'gas-detector': 'Đầu báo rò khí ga',
  'call-point': 'Nút nhấn báo cháy',
  'fire-panel': 'Tủ trung tâm báo cháy',
};

function modelsOf(place: MadePlace, random: Random): readonly FireModel[] {
  switch (place.use) {
    case 'market':
      return ['fire-panel', 'smoke-detector', 'heat-detector', 'call-point'];
    case 'factory':
      return ['fire-panel', 'heat-detector'];
    case 'school':
      return ['fire-panel', 'call-point'];
    case 'office':
    case 'hotel':
      return random.chance(0.5) ? ['fire-panel'] : [];
    case 'karaoke':
      return ['fire-panel', 'smoke-detector'];
    case 'mini-apartment':
      return place.access.alleyWidthMeters === undefined ? ['smoke-detector'] : ['smoke-detector', 'call-point'];
    case 'tube-house':
      return ['smoke-detector'];
    case 'shophouse':
      return random.chance(0.15) ? ['gas-detector'] : random.chance(0.4) ? ['smoke-detector'] : [];
  }
}

/** Gates and counters: the first lots have both, most only a counter, a few only a gate, one counts bay by bay. */
export function parkingDevices(
  lots: readonly { readonly id: string; readonly drawing: LotDrawing }[],
): readonly MadeDevice[] {
  return lots.flatMap(({ id, drawing: [name, , , , , lat, lon] }, index) => {
    const common = { domain: 'parking' as const, lot: id, bindingState: 'verified' as const, at: { lat, lon } };
    const gate: MadeDevice = {
      ...common,
      id: `gate-${id.slice(4)}`,
      model: 'gate',
      name: `Cổng - ${name}`,
      heartbeatS: 120,
    };
    const counter: MadeDevice = {
      ...common,
      id: `counter-${id.slice(4)}`,
      model: 'counter',
      name: `Bảng đếm - ${name}`,
      heartbeatS: 60,
    };
    const bays: MadeDevice = {
      ...common,
      id: `bays-${id.slice(4)}`,
      model: 'bay-sensors',
      name: `Cảm biến ô đỗ - ${name}`,
      heartbeatS: 120,
    };
    if (index < 12) return [gate, counter];
    if (index === 14) return [gate, bays];
    return index % 9 === 8 ? [gate] : [counter];
  });
}

/** A bus with its tracker: enough of them for each line's rush. */
export function vehiclesOf(
  gtfs: ReadonlyMap<string, string>,
  seed: number,
): readonly { readonly device: MadeDevice; readonly row: readonly string[] }[] {
  const random = randomStream(seed, 'vehicles');
  const plates = new Set<string>();
  return lines.flatMap((line) => {
    const fleet =
      Math.ceil(firstTripMinutes(gtfs.get('stop_times.txt') ?? '', line.id) * 2.25) / line.headwayMinutes[0];
    return Array.from({ length: Math.ceil(fleet) }, () => {
      const [series, digits] = freshPlate(plates, random);
      const vehicle = `${series}-${digits}`;
      const plate = `${series}-${digits.slice(0, 3)}.${digits.slice(3)}`;
      const id = `bus-${vehicle}`;
      const device: MadeDevice = {
        id,
        domain: 'bus',
        model: 'bus-tracker',
        name: `Xe buýt ${plate} (tuyến ${line.id})`,
        heartbeatS: 60,
        bindingState: 'verified',
        vehicle,
      };
      return { device, row: [vehicle, plate, line.id, 'true'] };
    });
  });
}

/** Hanoi's buses carry 29B plates; the numbers are drawn. */
function freshPlate(taken: Set<string>, random: Random): readonly [series: string, digits: string] {
  for (;;) {
    const digits = String(random.whole(10_000, 99_999));
    if (!taken.has(digits)) {
      taken.add(digits);
      return ['29B', digits];
    }
  }
}

function firstTripMinutes(stopTimes: string, lineId: string): number {
  const times = [...stopTimes.matchAll(new RegExp(`^${lineId}-0-1,(\\d+):(\\d+):`, 'gm'))];
  const minutes = times.map((match) => Number(match[1]) * 60 + Number(match[2]));
  return Math.max(...minutes) - Math.min(...minutes);
}

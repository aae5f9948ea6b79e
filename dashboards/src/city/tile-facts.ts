/** The six numbers of the city and what to think of each. Pure. */
import type { VehicleRow } from '../../../hub/domains/bus/view.ts';
import type { IncidentView } from '../../../hub/domains/fire/view.ts';
import type { FleetCounts, Pulse } from '../../../hub/domains/fleet/view.ts';
import { totalCounts } from '../devices/fleet.ts';
import { isUnaccepted, toneOf } from '../fire/queue.ts';
import { formatInteger, formatShare } from '../i18n/format.ts';
import type { LotNow } from '../parking/lots.ts';
import { isFull, isTrusted } from '../parking/lots.ts';

/** `calm`: nothing to do. `look`: worth a look. `act`: somebody must. `unknown`: there is no data to judge by. */
export type Verdict = 'calm' | 'look' | 'act' | 'unknown';

/** One number. `name` is the tile's text key below `city.`; `unit` fills the blanks of its unit's text. */
export type TileFacts = {
  readonly name: 'incidents' | 'devices' | 'buses' | 'free' | 'lots' | 'messages';
  readonly href: string;
  readonly value: string;
  readonly unit: Readonly<Record<string, string | number>>;
  readonly verdict: Verdict;
  /** Hub time of the number, ms, and how often it should come. */
  readonly at: number | null;
  readonly intervalMs: number;
};

export type CityFacts = {
  readonly incidents: readonly IncidentView[];
  readonly fleet: FleetCounts;
  readonly pulse: Pulse | undefined;
  readonly buses: readonly VehicleRow[];
  readonly lots: readonly LotNow[];
};

// Below this share of devices speaking, silence may hide alarms.
const onlineEnough = 0.95;

export function tilesOf(city: CityFacts): readonly TileFacts[] {
  return [incidentTile(city), deviceTile(city), busTile(city), ...parkingTiles(city.lots), messageTile(city)];
}

function incidentTile({ incidents: all, pulse }: CityFacts): TileFacts {
  // A drill or a device under test is nobody's emergency.
  const incidents = all.filter((incident) => toneOf(incident) === 'real');
  const unaccepted = incidents.filter(isUnaccepted).length;
  return {
    name: 'incidents',
    href: '/fire',
    value: formatInteger(incidents.length),
    unit: { n: unaccepted },
    verdict: unaccepted > 0 ? 'act' : incidents.length > 0 ? 'look' : 'calm',
    at: pulse?.at ?? null,
    intervalMs: 1_000,
  };
}

function deviceTile({ fleet, pulse }: CityFacts): TileFacts {
  const counts = totalCounts(fleet);
  const online = counts.online + counts.late;
  const share = online / counts.total;
  return {
    name: 'devices',
    href: '/devices',
    value: counts.total === 0 ? '–' : formatShare(share),
    unit: { online: formatInteger(online), total: formatInteger(counts.total) },
    verdict: counts.total === 0 ? 'unknown' : share < onlineEnough ? 'look' : 'calm',
    at: pulse?.at ?? null,
    intervalMs: 1_000,
  };
}

function busTile({ buses }: CityFacts): TileFacts {
  const routes = new Set(buses.map((row) => row[5]).filter((id) => id !== null));
  return {
    name: 'buses',
    href: '/bus',
    value: formatInteger(buses.length),
    unit: { n: routes.size },
    verdict: buses.length === 0 ? 'unknown' : 'calm',
    at: buses.length === 0 ? null : Math.max(...buses.map((row) => row[8])),
    intervalMs: 15_000,
  };
}

function parkingTiles(lots: readonly LotNow[]): readonly TileFacts[] {
  const trusted = lots.filter(isTrusted);
  const free = trusted.reduce((sum, lot) => sum + (lot.free ?? 0), 0);
  const capacity = trusted.reduce((sum, lot) => sum + (lot.capacity ?? 0), 0);
  const newest = trusted.reduce((at, lot) => Math.max(at, lot.at ?? 0), 0);
  const full = lots.filter(isFull).length;
  const common = { at: newest === 0 ? null : newest, intervalMs: 60_000 };
  const isUnknown = trusted.length === 0;
  return [
    {
      ...common,
      name: 'free',
      href: '/parking?free=1',
      value: isUnknown ? '–' : formatInteger(free),
      unit: { n: formatInteger(capacity) },
      verdict: isUnknown ? 'unknown' : 'calm',
    },
    {
      ...common,
      name: 'lots',
      href: '/parking',
      value: isUnknown ? '–' : formatInteger(full),
      unit: { n: trusted.length },
      verdict: isUnknown ? 'unknown' : full > 0 ? 'look' : 'calm',
    },
  ];
}

function messageTile({ pulse }: CityFacts): TileFacts {
  return {
    name: 'messages',
    href: '/devices',
    value: pulse === undefined ? '–' : formatInteger(pulse.perSecond),
    unit: {},
    verdict: pulse === undefined ? 'unknown' : 'calm',
    at: pulse?.at ?? null,
    intervalMs: 1_000,
  };
}

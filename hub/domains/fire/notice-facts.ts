/** What a notice carries besides its sentences: where it is, whose ward and stations that are, and how sure it is. Pure. */
import type { NoticeFacts } from '../../domain.ts';
import type { RegistryReader } from '../../ports.ts';
import type { Incident } from './events.ts';
import { evidenceOf } from './incident.ts';
import { worstBinding } from './incident-view.ts';

/** What the registry knows around an incident; asked only when somebody is to be told. */
export type Whereabouts = (incident: Incident) => Pick<NoticeFacts, 'place' | 'ward' | 'stations'>;

/** The station in charge is the nearest, its neighbour the second. */
const stationsTold = 2;

/** The whereabouts of the incidents of one subject. */
export function whereaboutsOf(subject: string, registry: RegistryReader): Whereabouts {
  return ({ raisedBy, signals }) => {
    const place = registry.place(subject);
    const device = registry.device(raisedBy.device);
    const position = place?.position ?? device?.position;
    const code = place?.wardCode;
    // A code that the registry has no ward for is still a code.
    const ward =
      code === undefined ? position && registry.wardAt(position) : (registry.ward(code) ?? { code, name: undefined });
    const devices = [...new Set([raisedBy.device, ...signals.map((signal) => signal.device)])];
    return {
      place:
        position === undefined
          ? null
          : {
              id: place?.id ?? subject,
              name: place?.name ?? device?.name ?? subject,
              address: place?.address ?? '',
              ...{ lat: position.lat, lon: position.lon },
              // A device that is bound to no place is where it says, as far as anybody knows.
              bindingState: place === undefined ? 'claimed' : worstBinding(devices, { registry }),
              contacts: place?.contacts?.length ?? 0,
            },
      ward: ward === undefined ? null : { code: ward.code, ...(ward.name === undefined ? {} : { name: ward.name }) },
      stations:
        position === undefined
          ? []
          : registry.nearest('fireStation', position, stationsTold).map(({ facility, distanceMeters }) => {
              return { id: facility.id, name: facility.name, meters: Math.round(distanceMeters) };
            }),
    };
  };
}

/** The facts of an incident as it stands. */
export function noticeFacts(incident: Incident, whereabouts: Whereabouts | undefined): NoticeFacts {
  const { priority, handling, source, quality, raisedAt } = incident;
  const { place, ward, stations } = whereabouts?.(incident) ?? { place: null, ward: null, stations: [] };
  return {
    ...{ place, ward, stations, priority },
    evidence: evidenceOf(incident),
    ...{ handling, source, quality: [...quality], raisedAt },
  };
}

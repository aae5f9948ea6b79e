/** REST of what people tell: `/api/v1/reports`. The hub finds which incidents and places a report concerns. */
import { Type } from 'typebox';
import type { Api, DomainKit } from '../../domain.ts';
import { HubError } from '../../errors.ts';
import { distanceMeters } from '../../registry/geometry.ts';
import type { Position } from '../../registry/records.ts';
import { ReportSourceSchema, reportMeters } from './person-report.ts';
import type { FireState } from './state.ts';

type Kit = DomainKit<FireState>;

/** Places told of one report, the nearest ones; a tower block's neighbours are more than anyone needs. */
const mostPlaces = 50;

const Given = Type.Object({
  place: Type.Optional(Type.String({ maxLength: 64, description: 'house-number ID; or a position' })),
  lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  source: ReportSourceSchema,
  text: Type.Optional(Type.String({ maxLength: 1_000 })),
});

const Taken = Type.Object({
  incidents: Type.Array(Type.Object({ id: Type.String(), subject: Type.String(), meters: Type.Integer() }), {
    description: 'open incidents that it now stands with, nearest first',
  }),
  waitingAt: Type.Integer({ description: 'places without an alarm at which it waits for one, for 10 minutes' }),
});

/** Registers the route. A report confirms alarms within 100 m and 10 minutes; alone it raises nothing. */
export function registerPersonReportRoutes(api: Api, kit: Kit): void {
  api.post(
    '/api/v1/reports',
    {
      config: { action: 'fire.act' },
      schema: { tags: ['fire'], summary: 'A person has told of a fire', body: Given, response: { 200: Taken } },
    },
    async (request) => {
      const { source, text } = request.body;
      const targets = targetsOf(kit, positionOf(kit, request.body));
      const by = kit.principal(request);
      for (const { subject, meters } of targets) {
        await kit.command(by, subject, 'report', { source, meters, ...(text === undefined ? {} : { text }) });
      }
      const incidents = targets.flatMap(({ subject, meters }) => {
        const open = kit.states.get(subject)?.open;
        return open?.reports === undefined ? [] : [{ id: open.id, subject, meters }];
      });
      return { incidents, waitingAt: targets.length - incidents.length };
    },
  );
}

function positionOf({ registry }: Kit, { place, lat, lon }: { place?: string; lat?: number; lon?: number }): Position {
  if (place !== undefined) {
    const known = registry.place(place);
    if (known === undefined) throw new HubError('notFound', `There is no place "${place}".`);
    return known.position;
  }
  if (lat === undefined || lon === undefined)
    throw new HubError('invalid', 'Name a place, or a position by lat and lon.');
  return { lat, lon };
}

/** Every subject within reach that has fire devices, the nearest first. */
function targetsOf({ registry, states }: Kit, from: Position): { subject: string; meters: number }[] {
  const found: { subject: string; meters: number }[] = [];
  const near = new Set(registry.placesNear(from, reportMeters).map(({ id }) => id));
  for (const [subject, state] of states) {
    const device = subject.startsWith('device:') ? registry.device(subject.slice(7)) : undefined;
    const position = device?.position ?? (near.has(subject) ? registry.place(subject)?.position : undefined);
    if (position === undefined || Object.keys(state.devices).length === 0) continue;
    const meters = Math.round(distanceMeters(from, position));
    if (meters <= reportMeters) found.push({ subject, meters });
  }
  return found.sort((a, b) => a.meters - b.meters).slice(0, mostPlaces);
}

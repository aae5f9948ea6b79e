/** `/gtfs-rt/*`: the standard feeds, with validators so that a consumer who asks every second costs nothing. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api, DomainKit } from '../../domain.ts';
import { type EncodedFeed, RealtimeFeed, vehicleEntities } from './gtfs-realtime.ts';
import type { VehicleState } from './vehicle.ts';

const feeds = [
  {
    name: 'vehicle-positions',
    summary: 'GTFS-Realtime: vehicle positions',
    description:
      'Every bus with a fix of the last 90 s. A trip is named only when it is in the imported timetable; else the route alone. Not older than one second.',
  },
  {
    name: 'trip-updates',
    summary: 'GTFS-Realtime: trip updates (empty in this version)',
    description: 'A valid feed without entities: this version predicts no arrival times.',
  },
  {
    name: 'alerts',
    summary: 'GTFS-Realtime: service alerts (empty in this version)',
    description: 'A valid feed without entities: this version publishes no service alerts.',
  },
] as const;

/** Registers the three feeds as `.pb` and `.json`. */
export function registerFeeds(api: Api, kit: DomainKit<VehicleState>): void {
  for (const { name, summary, description } of feeds) {
    const feed = new RealtimeFeed((now) =>
      name === 'vehicle-positions' ? vehicleEntities(kit.states, kit.registry, now) : [],
    );
    const schema = { tags: ['transit'], summary, description };
    const config = { action: 'anonymous' } as const;
    api.get(
      `/gtfs-rt/${name}.pb`,
      { config, schema: { ...schema, produces: ['application/x-protobuf'] } },
      (request, reply) => answer(request, reply, feed.at(kit.now()), 'protobuf'),
    );
    api.get(
      `/gtfs-rt/${name}.json`,
      { config, schema: { ...schema, summary: `${summary}, as JSON` } },
      (request, reply) => answer(request, reply, feed.at(kit.now()), 'json'),
    );
  }
}

const mediaTypes = { protobuf: 'application/x-protobuf', json: 'application/json; charset=utf-8' } as const;

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  feed: EncodedFeed,
  form: 'protobuf' | 'json',
): FastifyReply {
  const etag = form === 'protobuf' ? feed.etag : feed.etag.replace(/"$/, '-json"');
  reply.header('etag', etag);
  reply.header('last-modified', new Date(feed.timestamp * 1_000).toUTCString());
  reply.header('cache-control', 'public, max-age=1');
  if (isUnchanged(request, etag, feed.timestamp)) return reply.code(304).send();
  return reply.type(mediaTypes[form]).send(feed[form]);
}

/** RFC 9110 §13.1: If-None-Match (weak comparison) goes before If-Modified-Since. */
function isUnchanged(request: FastifyRequest, etag: string, timestamp: number): boolean {
  const known = request.headers['if-none-match'];
  if (known !== undefined) {
    return known === '*' || known.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
  }
  const since = request.headers['if-modified-since'];
  return since !== undefined && Date.parse(since) >= timestamp * 1_000;
}

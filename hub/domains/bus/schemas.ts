/** REST shapes of buses and the network. */
import { type Static, Type } from 'typebox';
import { pageOf } from '../../page.ts';

const Id = Type.String();
const nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Direction = Type.Union([Type.Literal(0), Type.Literal(1)]);

/** `VehicleView` of view.ts. */
export const VehicleSchema = Type.Object({
  id: Id,
  lat: Type.Number(),
  lon: Type.Number(),
  bearing: nullable(Type.Number({ description: 'degrees clockwise from north' })),
  speed: nullable(Type.Number({ description: 'm/s' })),
  routeId: nullable(Type.String()),
  routeShortName: nullable(Type.String()),
  tripId: nullable(Type.String()),
  directionId: Type.Union([Direction, Type.Null()]),
  occupancy: nullable(Type.Number({ description: 'GTFS-Realtime OccupancyStatus, 0 to 8' })),
  routeSource: Type.Union([Type.Literal('device'), Type.Literal('table'), Type.Literal('none')]),
  at: Type.String({ format: 'date-time' }),
  ageSeconds: Type.Number(),
});

export const RouteSchema = Type.Object({
  id: Id,
  shortName: Type.String(),
  longName: Type.String(),
  color: nullable(Type.String({ description: 'RRGGBB' })),
  type: Type.Integer({ description: 'GTFS route_type; 3 is a bus' }),
});

export const StopSchema = Type.Object({ id: Id, name: Type.String(), lat: Type.Number(), lon: Type.Number() });

export const PatternSchema = Type.Object({
  id: Id,
  directionId: Direction,
  headsign: nullable(Type.String()),
  shapeSource: Type.Union([Type.Literal('gtfs'), Type.Literal('stops')], {
    description: '`stops`: drawn from stop to stop because the feed has no line',
  }),
  shape: Type.Object({
    type: Type.Literal('LineString'),
    coordinates: Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })),
  }),
  stops: Type.Array(StopSchema),
});

export const RouteDetailSchema = Type.Object({ ...RouteSchema.properties, patterns: Type.Array(PatternSchema) });

export const ArrivalSchema = Type.Object({
  vehicleId: Id,
  routeId: Id,
  routeShortName: Type.String(),
  headsign: nullable(Type.String()),
  directionId: Direction,
  distanceMeters: Type.Integer({ description: 'along the line, from the last fix to the stop' }),
  stopsAway: Type.Integer(),
  arrivesAt: Type.Null({ description: 'this version predicts no times' }),
  source: Type.Literal('position', { description: 'from live positions, not from a timetable' }),
  at: Type.String({ format: 'date-time', description: 'time of the fix' }),
  ageSeconds: Type.Number(),
});

export const AlertSchema = Type.Object({ id: Id, header: Type.String(), description: Type.String() });

export const VehiclePage = pageOf(VehicleSchema);
export const RoutePage = pageOf(RouteSchema);
export const StopPage = pageOf(StopSchema);
export const ArrivalPage = pageOf(ArrivalSchema);
export const AlertPage = pageOf(AlertSchema);

export type RouteDetail = Static<typeof RouteDetailSchema>;
export type Arrival = Static<typeof ArrivalSchema>;

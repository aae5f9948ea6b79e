/** A window as it is kept. Pure. */
import { type Static, Type } from 'typebox';

export const WindowKindSchema = Type.Union([
  Type.Literal('drill'),
  Type.Literal('walkTest'),
  Type.Literal('isolation'),
  Type.Literal('commissioning'),
]);
/** A drill, walk test, isolation or commissioning, with who, why and until when. */
export const WindowSchema = Type.Object({
  window: Type.String(),
  kind: WindowKindSchema,
  devices: Type.Array(Type.String()),
  /** Only these points of the devices. Absent: all of them. */
  points: Type.Optional(Type.Array(Type.String(), { description: '`<device>/<point>`' })),
  by: Type.String(),
  reason: Type.String(),
  compensation: Type.Union([Type.Null(), Type.String()]),
  until: Type.Integer({ description: 'Unix time, ms' }),
});
export type WindowRecord = Static<typeof WindowSchema>;

/** Points that were heard in a window, and those that never spoke; names `<device>/<point>`. */
export const CoverageSchema = Type.Object({ seen: Type.Array(Type.String()), never: Type.Array(Type.String()) });

/** Who lives in a place, as far as a rescuer needs it. Household data: see people.ts for who may see it, and when. */
import { type Static, Type } from 'typebox';

const Words = (most: number) => Type.String({ minLength: 1, maxLength: most });

/** One resident. `needs` says why somebody cannot get out alone, e.g. wheelchair, oxygen, infant. */
export const PersonSchema = Type.Object({
  name: Words(200),
  phone: Type.Optional(Words(40)),
  birthYear: Type.Optional(Type.Integer({ minimum: 1880, maximum: 2200 })),
  needs: Type.Array(Words(100), { maxItems: 20 }),
  note: Type.Optional(Words(500)),
});
export type Person = Static<typeof PersonSchema>;

/** What one source says of a place. `unknown` is never the same as nobody. */
export type Answer =
  | { readonly state: 'known' | 'stale'; readonly asOf: number; readonly people: readonly Person[] }
  | { readonly state: 'unknown'; readonly reason: string };

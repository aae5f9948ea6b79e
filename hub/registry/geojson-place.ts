/**
 * What a place's feature says of the site:
 *
 * - `footMeters`, `alleyWidthMeters`, `truckLat` + `truckLon`, `secondExit`, `gate`, `barredBalcony` (true or false), `hazards`
 *   (a list of words), `entrances` (a list of `{ name, lat?, lon? }`);
 * - `contacts` (a list of `{ name, phone, role? }`), or `phone`, `contact:phone`;
 * - `aliases` (a list of `{ kind, value, validFrom?, validTo?, source? }`; days as `2025-06-30`, `validTo` is the last one). They are
 *   added to those that stand.
 *
 * A list that is of another form keeps the place out: half of what a crew relies on is worse than a question.
 */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { dayMs, dayStart } from './day.ts';
import { number, type Properties, words } from './geojson-properties.ts';
import { type Alias, aliasKinds, contactRoles, type Place } from './records.ts';
import { optional } from './row.ts';

const Words = Type.String({ minLength: 1, maxLength: 300 });
const Day = Type.Optional(Type.String({ maxLength: 10 }));
const AliasProperty = Type.Object({
  kind: Type.Enum([...aliasKinds]),
  value: Words,
  validFrom: Day,
  validTo: Day,
  source: Type.Optional(Words),
});
/** Each list: its form, and the form in words. */
const forms = {
  hazards: [Compile(Type.Array(Words, { maxItems: 20 })), 'a list of words'],
  entrances: [
    Compile(
      Type.Array(
        Type.Object({
          name: Words,
          lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
          lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
        }),
        { maxItems: 20 },
      ),
    ),
    'a list of { name, lat?, lon? }',
  ],
  contacts: [
    Compile(
      Type.Array(Type.Object({ name: Words, phone: Words, role: Type.Optional(Type.Enum([...contactRoles])) }), {
        maxItems: 20,
      }),
    ),
    `a list of { name, phone, role? }, the role one of ${contactRoles.join(', ')}`,
  ],
  aliases: [
    Compile(Type.Array(AliasProperty, { maxItems: 100 })),
    `a list of { kind, value, validFrom?, validTo?, source? }, the kind one of ${aliasKinds.join(', ')}`,
  ],
} as const;

/** Why the lists cannot be used, or nothing. */
export function siteFault(properties: Properties): string | undefined {
  for (const [key, [form, description]] of Object.entries(forms)) {
    if (isGiven(properties[key]) && !form.Check(properties[key])) return `${key} is not ${description}`;
  }
  const aliases = forms.aliases[0].Check(properties.aliases) ? properties.aliases : [];
  for (const { validFrom, validTo } of aliases) {
    const wrong = [validFrom, validTo].find((day) => day !== undefined && dayStart(day) === undefined);
    if (wrong !== undefined) return `aliases: "${wrong}" is no day, e.g. 2025-06-30`;
    if (validFrom !== undefined && validTo !== undefined && (dayStart(validTo) ?? 0) < (dayStart(validFrom) ?? 0)) {
      return `aliases: validTo ${validTo} is before validFrom ${validFrom}`;
    }
  }
  return undefined;
}

/** What the feature says; lists without fault. */
export function siteOf(
  properties: Properties,
  name: string,
): Pick<Place, 'access' | 'hazards' | 'contacts' | 'aliases'> {
  const { hazards, entrances, contacts, aliases } = properties;
  const truckLat = number(properties, 'truckLat');
  const truckLon = number(properties, 'truckLon');
  const barred = words(properties, 'barredBalcony');
  const access = {
    ...(truckLat !== undefined && truckLon !== undefined ? { truckPoint: { lat: truckLat, lon: truckLon } } : {}),
    ...optional('footMeters', number(properties, 'footMeters')),
    ...optional('alleyWidthMeters', number(properties, 'alleyWidthMeters')),
    ...optional('entrances', forms.entrances[0].Check(entrances) ? entrances.map(entranceOf) : undefined),
    ...optional('secondExit', words(properties, 'secondExit')),
    ...optional('gate', words(properties, 'gate')),
    ...optional(
      'barredBalcony',
      properties.barredBalcony === false ? false : barred === undefined ? undefined : /^(true|yes|1)$/i.test(barred),
    ),
  };
  const phone = words(properties, 'phone', 'contact:phone');
  const people = forms.contacts[0].Check(contacts) ? contacts : phone === undefined ? undefined : [{ name, phone }];
  return {
    ...(Object.keys(access).length > 0 ? { access } : {}),
    ...optional('hazards', forms.hazards[0].Check(hazards) ? hazards : undefined),
    ...optional('contacts', people),
    ...optional('aliases', forms.aliases[0].Check(aliases) ? aliases.map(aliasOf) : undefined),
  };
}

function entranceOf({ name, lat, lon }: { readonly name: string; readonly lat?: number; readonly lon?: number }) {
  return lat === undefined || lon === undefined ? { name } : { name, position: { lat, lon } };
}

function aliasOf({ kind, value, validFrom, validTo, source }: Static<typeof AliasProperty>): Alias {
  const last = validTo === undefined ? undefined : dayStart(validTo);
  return {
    kind,
    value: value.normalize('NFC'),
    ...optional('validFrom', validFrom === undefined ? undefined : dayStart(validFrom)),
    ...optional('validTo', last === undefined ? undefined : last + dayMs),
    ...optional('source', source),
  };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

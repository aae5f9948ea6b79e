/** The kinds of values that settings have, each with what to say when it is another. */

/** The environment, as far as it is settings. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** See `settingsReader`. */
export type SettingsReader = ReturnType<typeof settingsReader>;

/** Reads settings one by one; a bad value adds a sentence to `faults` and the fallback is used. */
export function settingsReader(environment: Environment, faults: string[]) {
  const text = (name: string): string | undefined => {
    const value = environment[name]?.trim();
    return value === '' ? undefined : value;
  };
  const integer = (name: string, fallback: number): number => {
    const value = text(name);
    if (value === undefined) return fallback;
    if (/^-?\d{1,15}$/.test(value)) return Number(value);
    faults.push(`${name} is "${value}"; expected a whole number`);
    return fallback;
  };
  return {
    text,
    integer,
    list: (name: string): readonly string[] =>
      text(name)
        ?.split(/[\s,]+/)
        .filter((word) => word !== '') ?? [],
    port(name: string, fallback: number): number {
      const value = text(name);
      if (value === undefined) return fallback;
      if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
      faults.push(`${name} is "${value}"; expected a port from 1 to 65535, or 0 for any free one`);
      return fallback;
    },
    url(name: string, protocols: readonly string[]): string | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
      faults.push(
        `${name} is "${value}"; expected an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`,
      );
      return undefined;
    },
    oneOf<const T extends string>(name: string, words: readonly T[], fallback: T): T {
      const value = text(name);
      if (value === undefined) return fallback;
      const word = words.find((candidate) => candidate === value);
      if (word !== undefined) return word;
      faults.push(`${name} is "${value}"; expected one of ${words.join(', ')}`);
      return fallback;
    },
  };
}

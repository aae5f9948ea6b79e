/** Reading a feature's properties, whoever has written them. Pure. */

export type Properties = Readonly<Record<string, unknown>>;

/** Longer text is a mistake; screens and topics need short words. */
const maxWords = 300;

/** The first of these properties that says something, as text. */
export function words(properties: Properties, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = properties[key];
    const text =
      typeof value === 'string'
        ? value.trim()
        : typeof value === 'number'
          ? String(value)
          : value === true
            ? 'true'
            : '';
    if (text !== '') return text.slice(0, maxWords);
  }
  return undefined;
}

/** A property as a number, when it is one. */
export function number(properties: Properties, key: string): number | undefined {
  const text = words(properties, key);
  return text === undefined || !Number.isFinite(Number(text)) ? undefined : Number(text);
}

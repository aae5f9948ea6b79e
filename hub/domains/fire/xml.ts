/** XML as plain data, written out with everything escaped. Pure. */

/** An element: its name, attributes, and text or elements inside; an absent child is left out. */
export type Element = {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | readonly (Element | undefined)[];
};

/** An element without attributes. */
export function element(name: string, content: Element['content']): Element {
  return { name, content };
}

/** The whole document, two spaces a level, ending in a line break. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}\n`;
}

/** Text as it may stand in XML and HTML, between tags and in quoted attributes; what XML cannot hold is left out. */
export function escapeMarkup(text: string): string {
  return [...text]
    .filter(isAllowed)
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function write({ name, attributes = {}, content }: Element, indent: string): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeMarkup(value)}"`);
  const open = `${indent}<${name}${pairs.join('')}>`;
  if (typeof content === 'string') return `${open}${escapeMarkup(content)}</${name}>`;
  const children = content.filter((child) => child !== undefined).map((child) => write(child, `${indent}  `));
  return children.length === 0 ? `${open}</${name}>` : `${open}\n${children.join('\n')}\n${indent}</${name}>`;
}

/** XML 1.0 §2.2: most control characters, lone surrogates and two code points cannot be written, not even escaped. */
function isAllowed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

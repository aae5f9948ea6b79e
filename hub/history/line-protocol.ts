/** Batches as InfluxDB's line protocol, safe against every id and text. https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/ */
import type { Batch } from './batch.ts';

/** The tag that holds a point's subject. */
export const subjectTag = 'subject';

/** One line a point: `measurement,subject=… field=1,field="text" <ms>`. */
export function toLines(batch: Batch): string[] {
  const tags = batch.subjects.map((subject) => escapeTag(encodeSubject(subject)));
  const measurement = escapeMeasurement(batch.measurement);
  const numbers = [...batch.numbers].map(([name, values]) => ({ prefix: `${escapeTag(name)}=`, values }));
  const strings = [...batch.strings].map(([name, { words, codes }]) => ({
    codes,
    texts: words.map((word) => `${escapeTag(name)}=${quoteText(word)}`),
  }));
  const lines: string[] = [];
  for (let row = 0; row < batch.points; row++) {
    let fields = '';
    for (const { prefix, values } of numbers) {
      const value = values[row];
      if (value !== undefined && !Number.isNaN(value)) fields += `,${prefix}${value}`;
    }
    for (const { texts, codes } of strings) {
      const text = texts[(codes[row] ?? 0) - 1];
      if (text !== undefined) fields += `,${text}`;
    }
    const tag = tags[(batch.subjectCodes[row] ?? 0) - 1];
    lines.push(`${measurement},${subjectTag}=${tag} ${fields.slice(1)} ${batch.at[row]}`);
  }
  return lines;
}

/**
 * A subject as a tag's value. InfluxDB has no escape for a backslash in a tag (influxdb#5231) and ends a line at a
 * newline, so these, and the percent sign that marks them, are written as in a URL.
 */
export function encodeSubject(subject: string): string {
  return subject.replace(/[%\\\p{Cc}]/gu, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

function escapeTag(text: string): string {
  return text.replace(/[,= ]/g, '\\$&');
}

function escapeMeasurement(text: string): string {
  return text.replace(/[, ]/g, '\\$&');
}

/** In a quoted text only the quote and the backslash need one. */
function quoteText(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

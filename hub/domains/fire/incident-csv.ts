/** Incidents as CSV for a spreadsheet, in which no cell is ever run as a formula. Pure. */
import type { RestIncident } from './rest.ts';

const columns = [
  'id',
  'raised_at',
  'place_id',
  'place_name',
  'address',
  'ward_code',
  'priority',
  'evidence',
  'handling',
  'source',
  'synthetic',
  'status',
  'points',
  'acknowledged_at',
  'acknowledged_by',
  'seconds_to_acknowledge',
  'dispatched_at',
  'units',
  'resolved_at',
  'closed_at',
  'closed_by',
  'disposition',
  'note',
] as const;

/** The first line. The mark in front tells spreadsheets that it is UTF-8. */
export const csvHeader = `\uFEFF${columns.join(',')}\r\n`;

/** One incident as a line. No contacts. */
export function csvLine(incident: RestIncident): string {
  const { place, acknowledged, dispatched, resolved, closed, raisedAt } = incident;
  const cells: readonly (string | number | undefined)[] = [
    incident.id,
    raisedAt,
    place?.id,
    place?.name,
    place?.address,
    place?.wardCode,
    incident.priority,
    incident.evidence,
    incident.handling,
    incident.source,
    incident.synthetic ? 1 : 0,
    incident.isolated ? 'isolated' : (incident.status ?? 'actual'),
    incident.points.length,
    acknowledged?.at,
    acknowledged?.by,
    acknowledged && (Date.parse(acknowledged.at) - Date.parse(raisedAt)) / 1_000,
    dispatched?.at,
    dispatched?.units,
    resolved?.at,
    closed?.at,
    closed?.by,
    closed?.disposition,
    closed?.note,
  ];
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * One cell: numbers bare, text in quotes (RFC 4180). Text that a spreadsheet would run gets an apostrophe in front
 * (OWASP ASVS 1.2.10): = + - @, tab, line breaks and NUL, and the full-width forms that it takes for them.
 */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = dangerous.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

const dangerous = /^[=+\-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20]/;

/** calendar.txt and calendar_dates.txt into services. */
import { HubError } from '../errors.ts';
import type { ReadTable } from './gtfs-feed.ts';
import { dateOf } from './gtfs-time.ts';
import type { Calendar } from './records.ts';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** @throws HubError `invalid` when the feed has neither file. */
export async function readCalendars(read: ReadTable): Promise<Map<string, Calendar>> {
  const calendars = new Map<string, Calendar>();
  const hasWeeks = await read('calendar.txt', ['service_id', ...weekdays, 'start_date', 'end_date'], (row) => {
    const serviceId = row.get('service_id');
    const from = dateOf(row.get('start_date'));
    const to = dateOf(row.get('end_date'));
    if (serviceId === '') return 'service_id is empty';
    if (calendars.has(serviceId)) return `service "${serviceId}" stands in the file twice`;
    if (from === undefined || to === undefined)
      return `service "${serviceId}" needs start_date and end_date as YYYYMMDD`;
    const days = weekdays.map((day) => row.get(day) === '1');
    calendars.set(serviceId, { serviceId, days, from, to, added: [], removed: [] });
    return undefined;
  });
  const hasDates = await read('calendar_dates.txt', ['service_id', 'date', 'exception_type'], (row) => {
    const serviceId = row.get('service_id');
    const date = dateOf(row.get('date'));
    const type = row.get('exception_type');
    if (serviceId === '') return 'service_id is empty';
    if (date === undefined) return `date "${row.get('date')}" is not YYYYMMDD`;
    if (type !== '1' && type !== '2') return `exception_type "${type}" is neither 1 (added) nor 2 (removed)`;
    const known = calendars.get(serviceId) ?? { serviceId, days: weekdays.map(() => false), added: [], removed: [] };
    const part = type === '1' ? 'added' : 'removed';
    calendars.set(serviceId, { ...known, [part]: [...known[part], date] });
    return undefined;
  });
  if (!hasWeeks && !hasDates)
    throw new HubError('invalid', 'neither calendar.txt nor calendar_dates.txt is in the feed');
  return calendars;
}

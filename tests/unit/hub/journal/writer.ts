/** A process to be killed: appends events, eight at a time under way, and prints each id once it is acknowledged. */
import { pino } from 'pino';
import { openSqliteJournal } from '../../../../hub/journal/sqlite.ts';

const [, , path = '', round = ''] = process.argv;
const journal = await openSqliteJournal(path, { limits: { deadLetters: 10 }, log: pino({ level: 'silent' }) });
let next = 0;

async function appendOn(): Promise<never> {
  for (;;) {
    const id = `${round}-${next++}`;
    const event = { id, domain: 'fire', subject: 'place-1', type: 'incident.raised', at: 1, data: { round } };
    await journal.append([event]);
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, appendOn));

/** A process whose files may not grow: appends until the journal refuses, then says what it saw. */
import { pino } from 'pino';
import { openSqliteJournal } from '../../../../hub/journal/sqlite.ts';

const path = process.argv[2] ?? '';
// Without a handler the kernel ends the process; a full disk sends no signal, only the error.
process.on('SIGXFSZ', () => undefined);
const journal = await openSqliteJournal(path, { limits: { deadLetters: 10 }, log: pino({ level: 'silent' }) });
const acknowledged: string[] = [];
let rejected = 0;
let fault: string | undefined;

for (let index = 0; index < 2_000 && rejected < 20; index++) {
  const id = `e${index}`;
  const event = { id, domain: 'fire', subject: 's', type: 't.done', at: 1, data: 'x'.repeat(5_000) };
  try {
    await journal.append([event]);
    acknowledged.push(id);
  } catch (cause) {
    rejected++;
    fault = journal.stats().fault ?? fault ?? String(cause);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const { pending } = journal.stats();
console.log(JSON.stringify({ acknowledged, rejected, fault, pending }));
process.exit(0);

/** A process whose files may not grow beyond a limit: offers points until the history has seen it, then says what it saw. */
import { pino } from 'pino';
import { openHistory } from '../../../../hub/history/open.ts';

const directory = process.argv[2] ?? '';
// Without a handler the kernel ends the process; a full disk sends no signal, only the error.
process.on('SIGXFSZ', () => undefined);
const history = await openHistory({
  directory,
  config: {},
  measurements: { 'bus.position': { lat: 'number', lon: 'number', text: 'string' } },
  limits: { pendingPoints: 20_000, spoolBytes: 64 * 1024 * 1024 },
  log: pino({ level: 'silent' }),
});
const faults = new Set<string>();
let isExact = true;

for (let round = 0; round < 150; round++) {
  history.append(
    Array.from({ length: 1_000 }, (_, index) => ({
      measurement: 'bus.position',
      subject: `bus-${index}`,
      at: round * 1_000 + index,
      fields: { lat: Math.random(), lon: Math.random(), text: String(Math.random()) },
    })),
  );
  const { offered, written, pending, shed, refused, fault } = history.stats();
  isExact &&= offered === written + pending + shed + refused && pending >= 0 && offered === (round + 1) * 1_000;
  if (fault !== undefined) faults.add(fault);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const { offered, written, shed } = history.stats();
await history.close();
console.log(JSON.stringify({ offered, written, shed, isExact, faults: [...faults] }));
process.exit(0);

/** A process to be killed: appends points safely, beside others that are not, and prints the times that are safe. */
import { pino } from 'pino';
import { openHistory } from '../../../../hub/history/open.ts';

const [, , directory = '', from = '0', url, token = ''] = process.argv;
const history = await openHistory({
  directory,
  config: url === undefined ? {} : { influx: { url, token, org: 'nhip', bucket: 'telemetry' } },
  measurements: { 'bus.position': { lat: 'number' }, 'bus.other': { lat: 'number' } },
  limits: { pendingPoints: 100_000, spoolBytes: 64 * 1024 * 1024 },
  log: pino({ level: 'silent' }),
});

// Ten thousand times a round at most: the next round's begin there.
for (let at = Number(from); at < Number(from) + 9_000; at += 2) {
  const points = [at, at + 1].map((time) => ({
    measurement: 'bus.position',
    subject: 'bus-1',
    at: time,
    fields: { lat: 21 },
  }));
  history.append(points.map((point) => ({ ...point, measurement: 'bus.other' })));
  await history.appendSafely(points);
  process.stdout.write(`${at} ${at + 1}\n`);
}
await new Promise(() => setInterval(() => undefined, 1_000));

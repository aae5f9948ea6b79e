import { expect, test, vi } from 'vitest';
import { type Job, startJobs } from '../../../../hub/jobs/jobs.ts';

type Line = { readonly level: string; readonly details: object; readonly message: string };

function testLog() {
  const lines: Line[] = [];
  const writer = (level: string) => (details: object, message: string) => void lines.push({ level, details, message });
  return { lines, log: { info: writer('info'), warn: writer('warn'), error: writer('error') } };
}

const never = '0 0 1 1 *';

test('a job runs at its time', async () => {
  let runs = 0;
  const jobs = startJobs({
    jobs: [{ name: 'each-second', schedule: '* * * * * *', run: () => void runs++ }],
    now: () => 1_000,
    log: testLog().log,
  });
  await vi.waitFor(() => expect(runs).toBeGreaterThan(0), { timeout: 5_000, interval: 50 });
  await jobs.stop();
});

test('a job that fails is logged and counted, and runs again', async () => {
  let mood = 'bad';
  const { lines, log } = testLog();
  const job: Job = {
    name: 'moody',
    schedule: never,
    async run() {
      if (mood === 'bad') throw new Error('disk is full');
    },
  };
  const jobs = startJobs({ jobs: [job], now: () => 5_000, log });
  expect(await jobs.run('moody')).toBe(true);
  expect(jobs.stats()).toEqual([
    {
      name: 'moody',
      runs: 1,
      failures: 1,
      skipped: 0,
      lastRunAt: 5_000,
      lastDurationMs: expect.any(Number),
      lastError: 'disk is full',
    },
  ]);
  expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'error: job failed; it will be tried at its next time',
  ]);
  mood = 'good';
  await jobs.run('moody');
  expect(jobs.stats()[0]).toMatchObject({ runs: 2, failures: 1 });
  expect(jobs.stats()[0]).not.toHaveProperty('lastError');
  await jobs.stop();
});

test('a job never runs twice at once', async () => {
  const gate = Promise.withResolvers<void>();
  let running = 0;
  const jobs = startJobs({
    jobs: [
      {
        name: 'slow',
        schedule: never,
        async run() {
          running++;
          await gate.promise;
          running--;
        },
      },
    ],
    now: () => 0,
    log: testLog().log,
  });
  const first = jobs.run('slow');
  expect(await jobs.run('slow')).toBe(false);
  expect(running).toBe(1);
  gate.resolve();
  expect(await first).toBe(true);
  expect(jobs.stats()[0]).toMatchObject({ runs: 1, skipped: 1 });
  await jobs.stop();
});

test('stopping waits for the run under way and lets no other begin', async () => {
  const gate = Promise.withResolvers<void>();
  let done = false;
  const jobs = startJobs({
    jobs: [
      {
        name: 'slow',
        schedule: never,
        async run() {
          await gate.promise;
          done = true;
        },
      },
    ],
    now: () => 0,
    log: testLog().log,
  });
  const run = jobs.run('slow');
  const stopped = jobs.stop();
  expect(await jobs.run('slow')).toBe(false);
  gate.resolve();
  await stopped;
  expect(done).toBe(true);
  await run;
});

test('there is no job of another name', async () => {
  const jobs = startJobs({ jobs: [], now: () => 0, log: testLog().log });
  expect(await jobs.run('nothing')).toBe(false);
  await jobs.stop();
});

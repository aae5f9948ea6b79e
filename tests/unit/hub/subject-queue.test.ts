import { expect, test } from 'vitest';
import { createSubjectQueue } from '../../../hub/subject-queue.ts';

function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

test('work on an idle subject runs at once and costs no promise', () => {
  const queue = createSubjectQueue();
  const seen: string[] = [];
  expect(queue.run('a', () => void seen.push('first'))).toBeUndefined();
  expect(seen).toEqual(['first']);
  expect(queue.pending()).toBe(0);
});

test('a subject runs one thing at a time, in order, while another runs beside it', async () => {
  const queue = createSubjectQueue();
  const seen: string[] = [];
  const first = gate();
  const done = [
    queue.run('a', () => first.opened.then(() => void seen.push('a1'))),
    queue.run('a', () => void seen.push('a2')),
    queue.run('a', () => Promise.resolve().then(() => void seen.push('a3'))),
    queue.run('a', () => void seen.push('a4')),
  ];
  expect(queue.run('b', () => void seen.push('b1'))).toBeUndefined();
  expect(seen).toEqual(['b1']);
  expect(queue.waiting('a')).toBe(3);
  expect(queue.pending()).toBe(4);
  first.open();
  await Promise.all(done);
  expect(seen).toEqual(['b1', 'a1', 'a2', 'a3', 'a4']);
  expect(queue.pending()).toBe(0);
  expect(queue.isBusy('a')).toBe(false);
});

test('a failure is told to its own caller only, and the next one still runs', async () => {
  const queue = createSubjectQueue();
  const first = gate();
  const failing = queue.run('a', () => first.opened.then(() => Promise.reject(new Error('disk full'))));
  const throwing = queue.run('a', () => {
    throw new Error('bad input');
  });
  const last = queue.run('a', () => undefined);
  first.open();
  await expect(failing).rejects.toThrow('disk full');
  await expect(throwing).rejects.toThrow('bad input');
  await expect(last).resolves.toBeUndefined();
  expect(queue.pending()).toBe(0);
});

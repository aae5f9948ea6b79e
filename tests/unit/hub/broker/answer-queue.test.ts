import { expect, test } from 'vitest';
import { AnswerQueue } from '../../../../hub/broker/answer-queue.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('answers leave in the order of the questions, whatever order the work ends in', async () => {
  const queue = new AnswerQueue();
  const answers: string[] = [];
  const works = ['a', 'b', 'c'].map((name) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    queue.add(promise, (isKept) => answers.push(`${name} ${isKept}`));
    return resolve;
  });
  works[2]?.();
  works[1]?.();
  await settled();
  expect(answers).toEqual([]);
  works[0]?.();
  await settled();
  expect(answers).toEqual(['a true', 'b true', 'c true']);
  expect(queue.length).toBe(0);
});

test('work that is done already is answered at once, but not before what is still open', async () => {
  const queue = new AnswerQueue();
  const answers: string[] = [];
  queue.add(undefined, () => answers.push('a'));
  expect(answers).toEqual(['a']);
  const { promise, resolve } = Promise.withResolvers<void>();
  queue.add(promise, () => answers.push('b'));
  queue.add(undefined, () => answers.push('c'));
  expect(answers).toEqual(['a']);
  resolve();
  await settled();
  expect(answers).toEqual(['a', 'b', 'c']);
});

test('after a loss nothing further is kept, though its own work succeeded', async () => {
  const queue = new AnswerQueue();
  const answers: boolean[] = [];
  for (const work of [Promise.resolve(), Promise.reject(new Error('full')), Promise.resolve()]) {
    queue.add(work, (isKept) => answers.push(isKept));
  }
  await settled();
  queue.add(undefined, (isKept) => answers.push(isKept));
  expect(answers).toEqual([true, false, false, false]);
});

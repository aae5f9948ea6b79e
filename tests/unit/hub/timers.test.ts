import { expect, test } from 'vitest';
import { createTimers } from '../../../hub/timers.ts';

test('a subject is due once, not before its time', () => {
  const timers = createTimers();
  timers.set('a', 10_500);
  expect(timers.due(10_000)).toEqual([]);
  expect(timers.due(11_000)).toEqual(['a']);
  expect(timers.due(12_000)).toEqual([]);
});

test('setting a time again moves it, and undefined clears it', () => {
  const timers = createTimers();
  timers.set('a', 5_000);
  timers.set('a', 20_000);
  timers.set('b', 5_000);
  timers.set('b', undefined);
  expect(timers.due(10_000)).toEqual([]);
  expect(timers.due(20_000)).toEqual(['a']);
});

test('a time that has passed already is due at the next turn, even after its second was served', () => {
  const timers = createTimers();
  timers.set('a', 1_000);
  expect(timers.due(9_000)).toEqual(['a']);
  timers.set('b', 2_000);
  expect(timers.due(9_500)).toEqual(['b']);
  timers.set('c', 2_000);
  timers.set('c', 30_000);
  expect(timers.due(29_000)).toEqual([]);
  expect(timers.due(30_000)).toEqual(['c']);
});

test('subjects come in the order of their seconds', () => {
  const timers = createTimers();
  timers.set('late', 9_000);
  timers.set('early', 3_000);
  expect(timers.due(60_000)).toEqual(['early', 'late']);
});

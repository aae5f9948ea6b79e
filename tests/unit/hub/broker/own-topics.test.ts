import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayPublish, maySubscribe, TopicReader } from '../../../../hub/broker/own-topics.ts';

const bus = { deviceId: 'b1', domain: 'bus', first: false };

const read = (reader: TopicReader, topic: string): string | undefined => {
  const bytes = Buffer.from(`..${topic}..`);
  return reader.read(bytes, 2, bytes.length - 2);
};

describe('a device publishes below its own id and nowhere else', () => {
  test.each([
    ['city/v1/bus/b1/position', true],
    ['city/v1/bus/b1/event', true],
    ['city/v1/bus/b1/', false],
    ['city/v1/bus/b1', false],
    ['city/v1/bus/b1/a/b', false],
    ['city/v1/bus/b1/Position', false],
    ['city/v1/bus/b1/position ', false],
    ['city/v1/bus/b1/posi\0tion', false],
    ['city/v1/bus/b1/+', false],
    ['city/v1/bus/b1/#', false],
    ['city/v1/bus/b12/position', false],
    ['city/v1/bus/B1/position', false],
    ['city/v1/fire/b1/event', false],
    ['city/v2/bus/b1/position', false],
    ['/city/v1/bus/b1/position', false],
    ['$SYS/x/new/clients', false],
    [`city/v1/bus/b1/${'a'.repeat(33)}`, false],
    ['', false],
  ])('%j: %s', (topic, allowed) => {
    expect(mayPublish(bus, topic)).toBe(allowed);
    expect(read(new TopicReader(bus), topic)).toBe(allowed ? topic : undefined);
  });
});

test('the reader of bytes and the rule for strings agree on everything', () => {
  const part = fc.constantFrom(
    'city',
    'v1',
    'bus',
    'fire',
    'b1',
    'b',
    '1',
    'position',
    '',
    '+',
    '#',
    '$SYS',
    '\0',
    'é',
    'a'.repeat(32),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 7 }), fc.string({ unit: 'binary' }), (parts, noise) => {
      const reader = new TopicReader(bus);
      for (const topic of [parts.join('/'), noise, `city/v1/bus/b1/${noise}`]) {
        expect(read(reader, topic)).toBe(mayPublish(bus, topic) ? topic : undefined);
      }
    }),
    { seed: 11, numRuns: 1_000 },
  );
});

test('a topic read again is the very same, and another one in between does no harm', () => {
  const reader = new TopicReader(bus);
  const topics = [
    'city/v1/bus/b1/position',
    'city/v1/bus/b1/position',
    'city/v1/bus/b1/event',
    'city/v1/bus/b1/position',
    '',
  ];
  expect(topics.map((topic) => read(reader, topic))).toEqual([...topics.slice(0, 4), undefined]);
});

test('a device subscribes to exactly its own command and receipt', () => {
  const allowed = ['city/v1/bus/b1/command', 'city/v1/bus/b1/receipt'];
  const denied = [
    '#',
    'city/v1/bus/b1/+',
    'city/v1/bus/b1/event',
    'city/v1/bus/b2/command',
    '$share/g/city/v1/bus/b1/command',
  ];
  expect([...allowed, ...denied].filter((filter) => maySubscribe(bus, filter))).toEqual(allowed);
});

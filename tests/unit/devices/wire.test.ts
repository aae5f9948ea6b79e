/** The wire with hostile hands on it. */
import { expect, test } from 'vitest';
import { BadMessage, buildTopic, decodeJson, isDeviceId, parseTopic } from '../../../devices/wire.ts';

test('a topic is taken apart and put together', () => {
  expect(parseTopic('city/v1/fire/det_1-A/event')).toEqual({ domain: 'fire', deviceId: 'det_1-A', message: 'event' });
  expect(buildTopic('fire', 'det_1-A', 'receipt')).toBe('city/v1/fire/det_1-A/receipt');
});

test.each([
  '',
  '/',
  'city/v1/fire/a',
  'city/v1/fire/a/event/',
  '/city/v1/fire/a/event',
  'city/v1/fire/a/event/more',
  'city/v1/fire//event',
  'city//fire/a/event',
  'city/v1/fire/+/event',
  'city/v1/fire/#',
  'city/v1/+/a/event',
  '$SYS/broker/uptime',
  '$share/group/city/v1/fire/a/event',
  'city/v2/fire/a/event',
  'CITY/v1/fire/a/event',
  'city/v1/Fire/a/event',
  'city/v1/fire/a/Event',
  'city/v1/fire/../event',
  'city/v1/fire/a b/event',
  'city/v1/fire/a\u0000/event',
  'city/v1/fire/a/event\n',
  '\ufeffcity/v1/fire/a/event',
  'city/v1/fire/nhà-12/event',
  `city/v1/fire/${'a'.repeat(65)}/event`,
  `city/v1/${'f'.repeat(33)}/a/event`,
  `city/v1/fire/a/${'e'.repeat(33)}`,
  'a/'.repeat(30_000),
])('a topic that is not ours leads nowhere: %j', (topic) => {
  expect(parseTopic(topic)).toBeUndefined();
});

test('a device id has 1 to 64 plain characters', () => {
  expect(['a', 'A-9_z', 'x'.repeat(64)].map(isDeviceId)).toEqual([true, true, true]);
  expect(['', 'x'.repeat(65), 'a/b', 'a.b', 'ă', 'a\n', '+', '#', '$'].map(isDeviceId)).toEqual(Array(9).fill(false));
});

function reasonOf(payload: Uint8Array | string): string {
  try {
    decodeJson(typeof payload === 'string' ? Buffer.from(payload) : payload);
    return 'none';
  } catch (error) {
    if (error instanceof BadMessage) return error.reason;
    throw error;
  }
}

test.each([
  ['10,000 levels of arrays', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'depth'],
  ['10,000 levels of objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'depth'],
  ['17 levels', `${'['.repeat(17)}${']'.repeat(17)}`, 'depth'],
  ['10,000 open brackets and no end', '['.repeat(10_000), 'depth'],
  ['a __proto__ key', '{"__proto__":{"a":1}}', 'json'],
  ['a __proto__ key deep inside an array', '[[{"a":[{"__proto__":1}]}]]', 'json'],
  ['a __proto__ key with an escape', '{"\\u005f_proto__":1}', 'json'],
  ['a __proto__ key all in escapes', '{"\\u005f\\u005f\\u0070roto\\u005f\\u005f":1}', 'json'],
  ['a constructor key', '{"constructor":{"prototype":{}}}', 'json'],
  ['an escaped constructor key', '{"\\u0063onstructor":1}', 'json'],
  ['a prototype key', '{"a":{"prototype":1}}', 'json'],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'json'],
  ['a UTF-8 surrogate half', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'json'],
  ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'json'],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'json'],
  ['a NUL byte between values', '{"a":1}\u0000', 'json'],
  ['a NUL byte inside a text', '{"a":"\u0000"}', 'json'],
  ['a line feed inside a text', '{"a":"\n"}', 'json'],
  ['nothing', '', 'json'],
  ['NaN', 'NaN', 'json'],
  ['a comment', '{/*a*/}', 'json'],
  ['a trailing comma', '{"a":1,}', 'json'],
  ['two values', '{}{}', 'json'],
  ['one byte too many', `"${'x'.repeat(65_535)}"`, 'size'],
])('%s is refused', (_name, payload, reason) => {
  expect(reasonOf(payload)).toBe(reason);
});

test.each([
  ['16 levels', `${'['.repeat(16)}${']'.repeat(16)}`],
  ['10,000 brackets inside a text', `"${'['.repeat(10_000)}"`],
  ['an escaped quote before brackets', `"\\"${'['.repeat(100)}"`],
  ['__proto__ as a value', '{"a":"__proto__"}'],
  ['a key that only begins like it', '{"__proto":1}'],
  ['64 KiB to the byte', `"${'x'.repeat(65_534)}"`],
])('%s is taken', (_name, payload) => {
  expect(reasonOf(payload)).toBe('none');
});

test('what JSON leaves open is known: the last of two keys stands, 1e400 is infinite, 2^53+1 is rounded', () => {
  expect(decodeJson(Buffer.from('{"a":1,"a":2}'))).toEqual({ a: 2 });
  expect(decodeJson(Buffer.from('1e400'))).toBe(Number.POSITIVE_INFINITY);
  expect(decodeJson(Buffer.from('9007199254740993'))).toBe(9_007_199_254_740_992);
});

test('texts that only escapes can write are kept as they are: a lone surrogate, a NUL', () => {
  expect(decodeJson(Buffer.from('["\\ud800","\\u0000"]'))).toEqual(['\ud800', '\u0000']);
});

test('a byte order mark before the JSON is no fault', () => {
  expect(decodeJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 });
});

test('decoding leaves the prototype of every object alone', () => {
  expect(reasonOf('{"__proto__":{"isAdmin":true}}')).toBe('json');
  expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
});

/** What the hub still understands of events that the schema refuses: nothing that speaks of a fire is lost. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fireMessages } from '../../../../devices/fire/message.ts';
import { salvageFireEvent } from '../../../../devices/fire/salvage.ts';

const at = 1_795_500_030_000;
const folder = new URL('../../../../devices/fire/samples/bad/', import.meta.url);
const alarm = { id: '7-41', ts: 1_795_500_000_000, boot: 7, seq: 41, kind: 'alarm', class: 'smoke' } as const;
const ownName = /^[0-9a-f]{16}-29925000$/;

/** Each bad sample of an event, and what is understood of it; `null`: it says nothing of a fire. */
const samples: Readonly<Record<string, object | null>> = {
  'event.depth.nested.json': null,
  'event.json.empty.json': null,
  'event.json.cut-off.json': { kind: 'alarm', class: 'other', ts: at, quality: ['unreadable', 'clock'] },
  'event.json.escaped-prototype-key.json': { kind: 'alarm', class: 'other', quality: ['unreadable', 'clock'] },
  'event.json.prototype-key.json': { kind: 'alarm', class: 'other', quality: ['unreadable', 'clock'] },
  'event.json.sia-dc09.json': { kind: 'alarm', class: 'other', quality: ['unreadable', 'clock'] },
  'event.schema.text.json': { kind: 'alarm', class: 'other', quality: ['unreadable', 'clock'] },
  'event.range.1970.json': { ...alarm, ts: at, values: { deviceTime: '0' }, quality: ['clock'] },
  'event.range.2262.json': {
    ...alarm,
    ts: at,
    values: { deviceTime: '9223372036854' },
    quality: ['clock'],
  },
  'event.range.seconds.json': { ...alarm, values: { deviceTime: '1795500000' }, quality: ['clock'] },
  'event.range.microseconds.json': { ...alarm, values: { deviceTime: '1795500000000000' }, quality: ['clock'] },
  'event.schema.fractional-time.json': { ...alarm, values: { deviceTime: '1795500000000.5' }, quality: ['clock'] },
  'event.schema.iso-time.json': {
    ...alarm,
    ts: 1_795_504_800_000,
    values: { deviceTime: '2026-11-24T07:20:00Z' },
    quality: ['clock'],
  },
  'event.range.empty-id.json': { ...alarm, id: expect.stringMatching(ownName), quality: ['schema'] },
  'event.range.long-id.json': { ...alarm, id: expect.stringMatching(ownName), quality: ['schema'] },
  'event.schema.id-with-space.json': { ...alarm, id: expect.stringMatching(ownName), quality: ['schema'] },
  'event.schema.no-id.json': { ...alarm, id: expect.stringMatching(ownName), quality: ['schema'] },
  'event.range.huge-seq.json': { ...alarm, boot: '? 7-41', seq: 0, quality: ['schema'] },
  'event.range.negative-seq.json': { ...alarm, boot: '? 7-41', seq: 0, quality: ['schema'] },
  'event.schema.no-seq.json': { ...alarm, boot: '? 7-41', seq: 0, quality: ['schema'] },
  'event.range.long-point.json': { ...alarm, point: 'x'.repeat(64), quality: ['schema'] },
  'event.schema.array.json': { ...alarm, quality: [] },
  'event.schema.class-unknown.json': { ...alarm, class: 'other', quality: ['unknownCode'] },
  'event.schema.kind-unknown.json': { ...alarm, kind: 'alarm', quality: ['unknownCode'] },
  'event.schema.nested-values.json': { ...alarm, quality: ['schema'] },
  'event.schema.verified-as-text.json': { ...alarm, quality: ['schema'] },
};

test('the table names every bad event of the samples', () => {
  const names = readdirSync(folder).filter((name) => name.startsWith('event.'));
  expect(Object.keys(samples).sort()).toEqual(names.sort());
});

test.each(Object.entries(samples))('%s', (name, expected) => {
  const salvaged = salvageFireEvent(readFileSync(new URL(name, folder)), at);
  if (expected === null) return expect(salvaged).toBeUndefined();
  expect(salvaged).toMatchObject(expected);
  if (salvaged === undefined) return;
  expect(fireMessages.event.parse(fireMessages.event.build(salvaged))).toEqual(salvaged);
});

const from = (message: object) => salvageFireEvent(Buffer.from(JSON.stringify(message)), at);

test.each([
  ['a restore of a class that nobody knows clears nothing', { ...alarm, kind: 'restore', class: 'dust' }],
  ['a test of an unknown class is no alarm', { ...alarm, kind: 'test', class: 'dust' }],
  ['an object that names neither kind nor class', { temperature: 41 }],
])('%s', (_what, message) => {
  expect(from(message)).toBeUndefined();
});

test.each([
  ['a cut-off restore', '{"id":"1","kind":"restore","class":"smoke","ts":17955'],
  ['a cut-off test', '{"kind": "test", "class": "smoke"'],
  ['noise', '\u0000\u0001\u0002'],
])('%s raises nobody', (_what, text) => {
  expect(salvageFireEvent(Buffer.from(text), at)).toBeUndefined();
});

test('a restore by a device without a clock is a restore', () => {
  expect(from({ ...alarm, kind: 'restore', ts: 12 })).toMatchObject({ kind: 'restore', class: 'smoke', ts: at });
});

test('without an id the same bytes are one event within a minute, and another later', () => {
  const payload = Buffer.from('{"kind":"alarm","class":"smoke"}');
  const first = salvageFireEvent(payload, at);
  expect(salvageFireEvent(payload, at + 5_000)?.id).toBe(first?.id);
  expect(salvageFireEvent(payload, at + 60_000)?.id).not.toBe(first?.id);
});

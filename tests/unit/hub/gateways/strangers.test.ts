/** Whoever reaches a door can speak as a thousand panels: neither the known ones nor the disk may suffer from it. */
import { expect, test } from 'vitest';
import { gatewayLimits } from '../../../../hub/gateways/limits.ts';
import { createStrangers } from '../../../../hub/gateways/strangers.ts';
import type { Delivery } from '../../../../hub/ports.ts';
import { at, openDoor, panel, vector } from './dc09-door.ts';

const registry = { device: (id: string) => (id === 'dc09-1234' ? panel(id) : undefined) };

/** A door whose clock is moved by hand. */
function openRoom(change: Partial<typeof gatewayLimits> = {}) {
  const clock = { now: at };
  const limits = { ...gatewayLimits, openStrangers: 100, strangerFrames: 3, strangerFrameMs: 1_000, ...change };
  return { clock, strangers: createStrangers({ registry, now: () => clock.now, limits }) };
}

test('so many frames of strangers are taken at once, then one each second', () => {
  const { clock, strangers } = openRoom();
  const taken = () => [1, 2, 3, 4, 5].filter(() => strangers.enter('dc09-9999', false) !== undefined).length;
  expect(taken()).toBe(3);
  expect(taken()).toBe(0);
  clock.now += 2_000;
  expect(taken()).toBe(2);
  clock.now += 3_600_000;
  expect(taken()).toBe(3);
});

test('a clock that is set back gives no room and takes none', () => {
  const { clock, strangers } = openRoom();
  expect(strangers.enter('dc09-9999', false)).toBeDefined();
  clock.now -= 3_600_000;
  const rest = [1, 2, 3].map(() => strangers.enter('dc09-9999', false) !== undefined);
  expect(rest).toEqual([true, true, false]);
});

test('a known device is always let in, and a link test uses up nothing', () => {
  const { strangers } = openRoom();
  for (let count = 0; count < 10; count++) expect(strangers.enter('dc09-9999', true)).toBeDefined();
  for (let count = 0; count < 3; count++) strangers.enter('dc09-9999', false);
  expect(strangers.enter('dc09-9999', false)).toBeUndefined();
  expect(strangers.enter(undefined, false)).toBeUndefined();
  expect(strangers.enter('dc09-1234', false)).toBeDefined();
});

test('strangers that wait for the disk take only their own room, and give it back', () => {
  const { strangers } = openRoom({ openStrangers: 1 });
  const leave = strangers.enter('dc09-9999', true);
  expect(strangers.enter('dc09-8888', true)).toBeUndefined();
  expect(strangers.enter('dc09-1234', true)).toBeDefined();
  leave?.();
  expect(strangers.enter('dc09-8888', true)).toBeDefined();
});

test('a flood of forged accounts does not keep a registered panel from its ACK', async () => {
  // The disk is slow: what strangers sent waits for it for ever.
  const stored: Delivery[] = [];
  const door = openDoor({
    limits: { ...gatewayLimits, openFrames: 30, openStrangers: 20 },
    receive: (delivery) =>
      delivery.deviceId === 'dc09-1234'
        ? Promise.resolve(void stored.push(delivery))
        : new Promise<never>(() => undefined),
  });
  const forged = vector('S1').frame;
  for (let count = 0; count < 40; count++) void door.say(forged);
  await door.say(vector('F1').frame);
  expect(stored.map(({ topic }) => topic)).toEqual(['city/v1/fire/dc09-1234/event']);
  expect(door.answers).toHaveLength(1);
  expect(door.receiver.counts).toMatchObject({ acked: 1, strangers: 20, busy: 0 });
});

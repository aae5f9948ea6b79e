import { expect, test } from 'vitest';
import { Mailbox } from '../../../../hub/broker/mailbox.ts';

const topic = 'city/v1/bus/b1/command';

/** A device's line: what was sent on it, as `<message id>:<payload>`. */
function line() {
  const sent: string[] = [];
  return {
    sent,
    send(packet: Buffer): boolean {
      const isAcknowledged = packet[0] === 0x32;
      const body = packet.subarray(2);
      const rest = body.subarray(2 + body.readUInt16BE(0));
      sent.push(isAcknowledged ? `${rest.readUInt16BE(0)}:${rest.subarray(2)}` : `-:${rest}`);
      return true;
    },
  };
}

function mailbox() {
  const dropped: string[] = [];
  return { dropped, box: new Mailbox((deviceId) => dropped.push(deviceId)) };
}

test('a letter waits for the connection and the subscription, and leaves on the acknowledgement', () => {
  const { box } = mailbox();
  const device = line();
  box.post('b1', topic, Buffer.from('a'));
  box.connected('b1', device, false);
  expect(device.sent).toEqual([]);
  box.subscribed('b1', topic, 1);
  box.deliver('b1');
  expect(device.sent).toEqual(['1:a']);
  expect(box.size).toBe(1);
  box.acknowledged('b1', 2);
  expect(box.size).toBe(1);
  box.acknowledged('b1', 1);
  expect(box.size).toBe(0);
});

test('a subscription of QoS 0 gets letters of QoS 0, once', () => {
  const { box } = mailbox();
  const device = line();
  box.connected('b1', device, false);
  box.subscribed('b1', topic, 0);
  box.post('b1', topic, Buffer.from('a'));
  expect(device.sent).toEqual(['-:a']);
  expect(box.size).toBe(0);
});

test('twenty are under way at once; the next follows an acknowledgement', () => {
  const { box } = mailbox();
  const device = line();
  box.connected('b1', device, false);
  box.subscribed('b1', topic, 1);
  for (let index = 1; index <= 25; index++) box.post('b1', topic, Buffer.from(String(index)));
  expect(device.sent.length).toBe(20);
  box.acknowledged('b1', 3);
  expect(device.sent.at(-1)).toBe('21:21');
});

test('what was not acknowledged comes again, first, on the next connection', () => {
  const { box } = mailbox();
  const [first, second] = [line(), line()];
  box.connected('b1', first, true);
  box.subscribed('b1', topic, 1);
  box.post('b1', topic, Buffer.from('a'));
  box.post('b1', topic, Buffer.from('b'));
  box.acknowledged('b1', 1);
  box.disconnected('b1', first);
  box.post('b1', topic, Buffer.from('c'));
  box.connected('b1', second, true);
  expect(second.sent.map((text) => text.split(':')[1])).toEqual(['b', 'c']);
});

test('the goodbye of an older connection does not end the newer one', () => {
  const { box } = mailbox();
  const [first, second] = [line(), line()];
  box.connected('b1', first, false);
  box.connected('b1', second, false);
  box.disconnected('b1', first);
  box.subscribed('b1', topic, 1);
  box.post('b1', topic, Buffer.from('a'));
  expect(second.sent).toEqual(['1:a']);
});

test('at its bound the oldest letter goes, counted, and a forgotten device has none', () => {
  const { box, dropped } = mailbox();
  for (let index = 1; index <= 103; index++) box.post('b1', topic, Buffer.from(String(index)));
  expect(dropped).toEqual(['b1', 'b1', 'b1']);
  expect(box.size).toBe(100);
  box.forget('b1');
  expect(box.size).toBe(0);
});

test('message ids are never 0 and never in use, even after 65,535 letters', () => {
  const { box } = mailbox();
  const device = line();
  box.connected('b1', device, false);
  box.subscribed('b1', topic, 1);
  box.post('b1', topic, Buffer.from('held'));
  for (let index = 2; index <= 65_540; index++) {
    box.post('b1', topic, Buffer.from('x'));
    box.acknowledged('b1', Number(device.sent.at(-1)?.split(':')[0]));
  }
  const ids = device.sent.map((text) => Number(text.split(':')[0]));
  expect(ids.filter((id) => id === 1)).toEqual([1]);
  expect(ids.includes(0)).toBe(false);
  expect(Math.max(...ids)).toBe(65_535);
});

import { expect, test } from 'vitest';
import { Lanes, type Waiting } from '../../../../hub/broker/lanes.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Has a number of visits' worth of work, each said in `order`. */
function waiting(name: string, visits: number, order: string[], passed = 0): Waiting {
  let left = visits;
  return {
    serve() {
      order.push(name);
      left--;
      return { more: left > 0, passed };
    },
    readOn: () => void order.push(`${name} reads on`),
  };
}

test('connections take turns: nobody is served twice while another waits', async () => {
  const order: string[] = [];
  const lanes = new Lanes(50, () => true);
  lanes.add(waiting('a', 3, order));
  lanes.add(waiting('b', 1, order));
  lanes.add(waiting('c', 2, order));
  await turn();
  expect(order).toEqual(['a', 'b', 'c', 'a', 'c', 'a']);
  lanes.stop();
});

test('what was passed to the broker is charged to the turn: at 40 a millisecond it ends', async () => {
  const order: string[] = [];
  const lanes = new Lanes(2, () => true);
  lanes.add(waiting('a', 5, order, 32));
  await turn();
  expect(order.length).toBeLessThanOrEqual(3);
  for (let count = 0; count < 5; count++) await turn();
  expect(order.length).toBe(5);
  lanes.stop();
});

test('newcomers come four a turn, and 32 at most wait for their answer', async () => {
  const lanes = new Lanes(2, () => true);
  const answers: (() => void)[] = [];
  for (let count = 0; count < 40; count++) lanes.addNewcomer({ open: (done) => answers.push(done) });
  await turn();
  expect(answers.length).toBe(4);
  for (let count = 0; count < 20; count++) await turn();
  expect(answers.length).toBe(32);
  const [first] = answers;
  first?.();
  first?.();
  for (let count = 0; count < 5; count++) await turn();
  expect(answers.length).toBe(33);
  lanes.stop();
});

test('held sockets are read on when there is room, eight a turn', async () => {
  const order: string[] = [];
  let hasRoom = false;
  const lanes = new Lanes(2, () => hasRoom);
  for (let count = 0; count < 10; count++) lanes.hold(waiting('a', 0, order));
  await turn();
  expect(order.length).toBe(0);
  hasRoom = true;
  lanes.recheck();
  await turn();
  expect(order.length).toBe(8);
  await turn();
  expect(order.length).toBe(10);
  lanes.stop();
});

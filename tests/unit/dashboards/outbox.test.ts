/** An operator's command is sent once, again while the hub is away, and given up aloud after a minute. */
import { expect, test } from 'vitest';
import { HubProblem } from '../../../dashboards/src/live/hub.ts';
import { createOutbox } from '../../../dashboards/src/live/outbox.ts';

/** A hub that answers each post as told; `settled` lets the promises run. */
function outboxWith(answers: (Error | undefined)[]) {
  const posted: string[] = [];
  const post = async (path: string): Promise<void> => {
    posted.push(path);
    const answer = answers.shift();
    if (answer !== undefined) throw answer;
  };
  const outbox = createOutbox(post, () => 1_000);
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { outbox, posted, settled, stateOf: () => outbox.waiting.value.get('i-1')?.state };
}

test('it is drawn as sending until the hub answers', async () => {
  const { outbox, posted, settled, stateOf } = outboxWith([undefined]);
  outbox.send('i-1', 'acknowledge', {});
  expect(stateOf()).toBe('sending');
  await settled();
  expect(stateOf()).toBeUndefined();
  expect(posted).toEqual(['/incidents/i-1/acknowledge']);
});

test('a second press while the first is under way sends nothing', async () => {
  const { outbox, posted, settled } = outboxWith([undefined]);
  outbox.send('i-1', 'acknowledge', {});
  outbox.send('i-1', 'acknowledge', {});
  await settled();
  expect(posted.length).toBe(1);
});

test('what the hub refuses is shown with its sentence and not tried again', async () => {
  const refusal = new HubProblem(409, 'conflict', 'Already acknowledged by Lan at 14:02:11.');
  const { outbox, posted, settled, stateOf } = outboxWith([refusal]);
  outbox.send('i-1', 'acknowledge', {});
  await settled();
  outbox.beat(5_000);
  expect(stateOf()).toBe('refused');
  expect(outbox.waiting.value.get('i-1')?.reason).toBe('Already acknowledged by Lan at 14:02:11.');
  expect(posted.length).toBe(1);
});

test('while the hub is away it is tried at each beat, and after 60 s it becomes the phone procedure', async () => {
  const away = new TypeError('fetch failed');
  const { outbox, posted, settled, stateOf } = outboxWith([away, away]);
  outbox.send('i-1', 'acknowledge', {});
  await settled();
  expect(stateOf()).toBe('unsent');
  outbox.beat(31_000);
  await settled();
  expect(posted.length).toBe(2);
  outbox.beat(61_001);
  expect(stateOf()).toBe('expired');
  outbox.beat(62_000);
  expect(posted.length).toBe(2);
});

test('a hub that came back takes what was unsent', async () => {
  const { outbox, settled, stateOf } = outboxWith([new TypeError('fetch failed'), undefined]);
  outbox.send('i-1', 'acknowledge', {});
  await settled();
  outbox.beat(3_000);
  await settled();
  expect(stateOf()).toBeUndefined();
});

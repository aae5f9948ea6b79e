import { FrameSplitter } from '../../../../devices/adapters/sia-dc09/frame.ts';
import { createDc09Receiver, type Dc09Options } from '../../../../hub/gateways/dc09-receiver.ts';
import { gatewayLimits } from '../../../../hub/gateways/limits.ts';
import { nothingRecent, readRecent } from '../../../../hub/gateways/recent.ts';
import type { Delivery } from '../../../../hub/ports.ts';
import { vectors } from '../../devices/adapters/sia-dc09-vectors.ts';

export const at = Date.parse('2026-03-01T02:15:10Z');
const silent = () => undefined;
export const quiet = { debug: silent, info: silent, warn: silent, error: silent };
/** A vector by the word before the first blank of its name. */
export const vector = (name: string) =>
  vectors.find((one) => one.name.startsWith(`${name} `)) ?? { frame: '', key: undefined };

export function panel(id: string) {
  return { id, domain: 'fire', model: 'dc09-panel', name: id, heartbeatMs: 90_000, synthetic: false };
}

export function openDoor(change: Partial<Dc09Options> = {}) {
  const stored: Delivery[] = [];
  const answers: string[] = [];
  const receiver = createDc09Receiver({
    receive: async (delivery) => void stored.push(delivery),
    registry: { device: (id) => (id === 'dc09-1234' || id === 'unregistered' ? panel(id) : undefined) },
    now: () => at,
    log: quiet,
    limits: gatewayLimits,
    recent: nothingRecent,
    accountOf: () => ({}),
    ...change,
  });
  return {
    stored,
    answers,
    receiver,
    async say(text: string, address = '203.0.113.7'): Promise<void> {
      const splitter = new FrameSplitter();
      const frames = [...splitter.push(Buffer.from(`\n${text}\r`, 'latin1')), ...splitter.flush()];
      await Promise.all(
        frames.map((frame) => receiver.take(frame, address, (answer) => void answers.push(answer.toString().trim()))),
      );
    },
    events: () => stored.map(({ topic, payload }) => [topic, JSON.parse(payload.toString())]),
  };
}

/** What the journal holds of a door's events, read by the next hub. */
export function afterRestart(door: ReturnType<typeof openDoor>, now: number) {
  const facts = door.events().flatMap(([topic, { id: event, kind, point, boot }], index) => {
    const device = topic.split('/')[3] ?? '';
    const data = { device, event, kind, point, boot };
    // What an unregistered device said is not in the journal.
    const isStored = device === 'unregistered' || device === 'dc09-1234';
    const fact = { id: `${index}`, cursor: index + 1, domain: 'fire', subject: 's', type: 'signal.received', at, data };
    return isStored ? [fact] : [];
  });
  return readRecent({ read: async () => facts.reverse() }, now, gatewayLimits);
}

import { expect } from 'vitest';
import type { AdaptContext, AdaptedReading, Flags } from '../../../../devices/adapters/edges.ts';
import { fireMessages } from '../../../../devices/fire/message.ts';
import { fleetMessages } from '../../../../devices/fleet/message.ts';

export const at = Date.parse('2026-03-01T02:15:10Z');
const tables = { ...fireMessages, ...fleetMessages };

export type Adapt = (topic: string, payload: Uint8Array, context: AdaptContext) => AdaptedReading | undefined;
export type Heard = { readonly at?: number; readonly retained?: boolean };

/** A bridge that remembers, as the real one does, and shows the fewest words. */
export function bridge(adapt: Adapt, names: Partial<AdaptContext> = {}) {
  const flags = new Map<string, Flags>();
  return (topic: string, payload: unknown, heard: Heard = {}) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const context = { at, retained: false, ...heard, flagsOf: (id: string) => flags.get(id), ...names };
    const adapted = adapt(topic, Buffer.from(text), context);
    if (adapted?.flags !== undefined) flags.set(adapted.deviceId, adapted.flags);
    return (adapted?.messages ?? []).map((one) => {
      expect(tables[one.message].parse(Buffer.from(JSON.stringify(one.body)))).toEqual(one.body);
      return one;
    });
  };
}

type Message = AdaptedReading['messages'][number];
/** Events as `kind class point doubts`, other messages by their name. */
export const words = (messages: readonly Message[]) =>
  messages.map((one) =>
    one.message === 'event'
      ? [one.body.kind, one.body.class, one.body.point ?? '', ...one.quality].join(' ').trim()
      : one.message,
  );

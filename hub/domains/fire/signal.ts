/** From a device's message to the signal that the hub understood: priority, trusted time, doubts. Pure. */
import type { FireEvent } from '../../../devices/fire/message.ts';
import type { Millis } from '../../../devices/wire.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { priorityOf } from './classify.ts';
import { cleanText } from './clean-text.ts';
import { judgeTime, skewOf } from './clock.ts';
import type { DeviceState } from './device-state.ts';
import { pathOf, repetitionOf } from './repetition.ts';
import type { Signal } from './signal-schema.ts';

/** A durable message with what is known of its way. */
export type Reception = {
  readonly body: FireEvent;
  readonly device: DeviceRecord;
  readonly at: Millis;
  readonly retained: boolean;
  /** The registry knows the place that the device is bound to. */
  readonly placeKnown: boolean;
};

/** An alarm that came again by another way: one event, two receptions. */
export type SecondPath = { readonly secondOf: string; readonly path: string };

/**
 * The signal, or `undefined` when it is a duplicate of one that was taken. Nothing else is ever dropped: a doubt becomes a
 * word in `quality` (`late`, `clock`, `binding`, `retained`, `identity`: an id or counter that was used before for
 * something else), beside those of the gateway that decoded it.
 */
export function takeReception(reception: Reception, known: DeviceState): Signal | SecondPath | undefined {
  const { body, device, at } = reception;
  const point = cleanText(body.point ?? '');
  const { boot, seq, kind, class: sensor, ts } = body;
  const path = pathOf(body.values);
  const paths = path === undefined ? {} : { paths: [path] };
  const repetition = repetitionOf(known, { event: body.id, boot, seq, kind, class: sensor, point, ts, ...paths }, at);
  if (repetition.kind === 'duplicate') {
    return repetition.isNewPath && path !== undefined ? { secondOf: repetition.of.event, path } : undefined;
  }
  const judged = judgeTime(ts, at, skewOf(known.offsetsMs));
  const doubts: Readonly<Record<string, boolean>> = {
    late: judged.late,
    clock: !judged.clockTrusted,
    binding: !reception.placeKnown || device.binding?.state !== 'verified',
    retained: reception.retained,
    identity: repetition.kind === 'identityReused',
  };
  return {
    device: device.id,
    event: body.id,
    boot,
    seq,
    kind,
    class: body.class,
    point,
    ts,
    time: judged.time,
    priority: priorityOf(body),
    quality: [...new Set([...Object.keys(doubts).filter((doubt) => doubts[doubt]), ...(body.quality ?? [])])],
    synthetic: device.synthetic,
    panelVerified: body.panelVerified === true,
    ...(body.values === undefined ? {} : { values: body.values }),
  };
}

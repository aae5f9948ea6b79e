/** ChirpStack v4: `application/<id>/device/<devEui>/event/<up|status|…>` in JSON. Pure. */
import { deviceIdOf, valueText } from '../adapted.ts';
import { type AdaptContext, type AdaptedReading, adaptReading, type Reading } from '../edges.ts';
import { compact, type JsonObject, numberIn, objectOf, readObject, textOf, timeOf } from '../json.ts';
import { bestSignal, readPayload } from '../lorawan/payload.ts';

/** What to subscribe to. */
export const chirpstackTopics = ['application/+/device/+/event/+'] as const;

const pattern = /^application\/[^/]+\/device\/([0-9a-fA-F]{16})\/event\/(up|status|join)$/;

/**
 * An uplink or status of a device; `undefined` for events that say nothing to us (log, ack, txack).
 *
 * @throws BadMessage when the payload is no JSON.
 */
export function adaptChirpstack(topic: string, payload: Uint8Array, context: AdaptContext): AdaptedReading | undefined {
  const match = pattern.exec(topic);
  const devEui = match?.[1]?.toLowerCase();
  if (devEui === undefined) return undefined;
  const event = readObject(payload);
  if (event === undefined) return undefined;
  const time = timeOf(event.time);
  const identity = textOf(event.deduplicationId);
  const known = {
    dialect: 'lora',
    deviceId: context.deviceIdFor?.(devEui) ?? deviceIdOf('lora', devEui),
    ...(time === undefined ? {} : { time }),
    ...(identity === undefined ? {} : { identity }),
  };
  return adaptReading({ ...known, ...(match?.[2] === 'up' ? readUplink(event) : readStatus(event)) }, context);
}

type Said = Pick<Reading, 'conditions' | 'heartbeat' | 'values'>;

function readStatus(event: JsonObject): Said {
  return { conditions: [], heartbeat: compact({ battery: numberIn(event.batteryLevel, 0, 100) }) };
}

function readUplink(event: JsonObject): Said {
  return readPayload({
    data: Buffer.from(textOf(event.data) ?? '', 'base64'),
    decoded: objectOf(event.object),
    ...signalOf(event),
    values: valuesOf(event),
  });
}

function signalOf(event: JsonObject) {
  const receptions = Array.isArray(event.rxInfo) ? event.rxInfo : [];
  return bestSignal(receptions.map((reception) => numberIn(objectOf(reception)?.rssi, -200, 0)));
}

function valuesOf(event: JsonObject) {
  const name = textOf(objectOf(event.deviceInfo)?.deviceName);
  return compact({
    fCnt: numberIn(event.fCnt, 0, 4_294_967_295),
    fPort: numberIn(event.fPort, 0, 255),
    deviceName: name === undefined ? undefined : valueText(name),
  });
}

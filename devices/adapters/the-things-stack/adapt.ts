/** The Things Stack v3: `v3/<application>[@<tenant>]/devices/<device>/up` in JSON. Pure. */
import { deviceIdOf, valueText } from '../adapted.ts';
import { type AdaptContext, type AdaptedReading, adaptReading, type Reading } from '../edges.ts';
import { compact, type JsonObject, numberIn, objectOf, readObject, textOf, timeOf } from '../json.ts';
import { bestSignal, readPayload } from '../lorawan/payload.ts';

/** What to subscribe to. */
export const theThingsStackTopics = ['v3/+/devices/+/up', 'v3/+/devices/+/join'] as const;

const pattern = /^v3\/[^/]+\/devices\/([^/]+)\/(up|join)$/;

/**
 * An uplink or join of a device; `undefined` for downlink events and service data.
 *
 * @throws BadMessage when the payload is no JSON.
 */
export function adaptTheThingsStack(
  topic: string,
  payload: Uint8Array,
  context: AdaptContext,
): AdaptedReading | undefined {
  const [, name, kind] = pattern.exec(topic) ?? [];
  if (name === undefined) return undefined;
  const event = readObject(payload);
  if (event === undefined) return undefined;
  const uplink = objectOf(event.uplink_message);
  if (kind === 'up' && uplink === undefined) return undefined;
  const time = timeOf(uplink?.received_at) ?? timeOf(event.received_at);
  const identity = uplink === undefined ? undefined : identityOf(uplink);
  const said = uplink === undefined ? { conditions: [], heartbeat: {} } : readUplink(uplink, name);
  return adaptReading(
    {
      dialect: 'lora',
      deviceId: idOf(event, name, context),
      ...(time === undefined ? {} : { time }),
      ...(identity === undefined ? {} : { identity }),
      ...said,
    },
    context,
  );
}

/** The DevEUI, as behind every other network server: a device that moves keeps its name. */
function idOf(event: JsonObject, name: string, { deviceIdFor }: AdaptContext): string {
  const devEui = textOf(objectOf(event.end_device_ids)?.dev_eui)?.toLowerCase();
  const isEui = devEui !== undefined && /^[0-9a-f]{16}$/.test(devEui);
  return (
    (isEui ? deviceIdFor?.(devEui) : undefined) ?? deviceIdFor?.(name) ?? deviceIdOf('lora', isEui ? devEui : name)
  );
}

/** Session and frame counter: the same when the network delivers twice. A counter of 0 is left out of the JSON. */
function identityOf(uplink: JsonObject): string | undefined {
  const session = textOf(uplink.session_key_id);
  return session === undefined ? undefined : `${session} ${numberIn(uplink.f_cnt, 0, 4_294_967_295) ?? 0}`;
}

function readUplink(uplink: JsonObject, name: string): Pick<Reading, 'conditions' | 'heartbeat' | 'values'> {
  const receptions = Array.isArray(uplink.rx_metadata) ? uplink.rx_metadata : [];
  const battery = numberIn(objectOf(uplink.last_battery_percentage)?.value, 0, 100);
  const said = readPayload({
    data: Buffer.from(textOf(uplink.frm_payload) ?? '', 'base64'),
    decoded: objectOf(uplink.decoded_payload),
    ...bestSignal(receptions.map((reception) => numberIn(objectOf(reception)?.rssi, -200, 0))),
    values: {
      deviceName: valueText(name),
      fCnt: numberIn(uplink.f_cnt, 0, 4_294_967_295) ?? 0,
      ...compact({ fPort: numberIn(uplink.f_port, 0, 255) }),
      // Sent from the console; it says so and is an alarm all the same: a device cannot declare itself a drill.
      ...(uplink.simulated === true ? { simulated: 1 } : {}),
    },
  });
  return { ...said, heartbeat: { ...compact({ battery }), ...said.heartbeat } };
}

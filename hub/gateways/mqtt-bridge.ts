/**
 * A client of somebody else's MQTT broker (Zigbee2MQTT, ChirpStack, The Things Stack, Tasmota, ESPHome): its messages become ours and enter by
 * the one door, one after the other, each acknowledged once stored.
 */
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type IPublishPacket } from 'mqtt';
import { adaptChirpstack, chirpstackTopics } from '../../devices/adapters/chirpstack/adapt.ts';
import type { AdaptContext, AdaptedReading, Flags } from '../../devices/adapters/edges.ts';
import { adaptEsphome, esphomeTopics } from '../../devices/adapters/esphome/adapt.ts';
import { adaptTasmota, tasmotaTopics } from '../../devices/adapters/tasmota/adapt.ts';
import { adaptTheThingsStack, theThingsStackTopics } from '../../devices/adapters/the-things-stack/adapt.ts';
import { adaptZigbee2mqtt, zigbee2mqttTopics } from '../../devices/adapters/zigbee2mqtt/adapt.ts';
import type { FireEvent } from '../../devices/fire/message.ts';
import { BadMessage } from '../../devices/wire.ts';
import { BoundedMap } from './bounded-map.ts';
import { type GatewayParts, handOn } from './hand-on.ts';

type BridgeDialect = {
  readonly topics: readonly string[];
  /** @throws BadMessage */
  adapt(topic: string, payload: Uint8Array, context: AdaptContext): AdaptedReading | undefined;
};

/** The languages that a bridge can be told to understand. */
export const bridgeDialects = {
  zigbee2mqtt: { topics: zigbee2mqttTopics, adapt: adaptZigbee2mqtt },
  chirpstack: { topics: chirpstackTopics, adapt: adaptChirpstack },
  tasmota: { topics: tasmotaTopics, adapt: adaptTasmota },
  esphome: { topics: esphomeTopics, adapt: adaptEsphome },
  'the-things-stack': { topics: theThingsStackTopics, adapt: adaptTheThingsStack },
} as const satisfies Readonly<Record<string, BridgeDialect>>;

export type BridgeDialectName = keyof typeof bridgeDialects;

/** What a person said of a foreign device: our id for it, and what its contacts mean. */
export type BridgeDevice = {
  readonly deviceId?: string;
  readonly contacts: Readonly<Record<string, FireEvent['class']>>;
};

export type BridgeOptions = GatewayParts & {
  /** `mqtt://user:secret@host:port`, or mqtts, ws, wss. */
  readonly url: string;
  readonly dialects: readonly BridgeDialectName[];
  /** By the foreign name (friendly name, devEui, topic, prefix). */
  readonly devices: ReadonlyMap<string, BridgeDevice>;
  /** What the journal knows of a device's last alarms: a retained message is compared with it after a restart. */
  recall?(deviceId: string): Promise<Flags>;
};

export type BridgeReceiver = {
  /** Resolves when the message is stored, or says nothing to us. Rejects when it could not be stored. */
  take(topic: string, payload: Uint8Array, retained: boolean): Promise<void>;
  readonly counts: Readonly<ReturnType<typeof noCounts>>;
};

/** The bridge without its connection. */
export function createBridgeReceiver(options: Omit<BridgeOptions, 'url'>): BridgeReceiver {
  const { devices, log, now, limits } = options;
  const flags = new BoundedMap<string, Flags>(limits.states);
  const counts = noCounts();

  function adapt(topic: string, payload: Uint8Array, retained: boolean): AdaptedReading | undefined {
    const context: AdaptContext = {
      at: now(),
      retained,
      flagsOf: (deviceId) => flags.get(deviceId),
      deviceIdFor: (foreign) => devices.get(foreign)?.deviceId,
      classFor(foreign, contact) {
        const contacts = devices.get(foreign)?.contacts ?? {};
        return Object.hasOwn(contacts, contact) ? contacts[contact] : undefined;
      },
    };
    try {
      for (const name of options.dialects) {
        const adapted = bridgeDialects[name].adapt(topic, payload, context);
        if (adapted !== undefined) return adapted;
      }
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      counts.unreadable++;
      log.warn({ topic: topic.slice(0, 256), reason: error.reason }, error.message);
    }
    return undefined;
  }

  return {
    counts,
    async take(topic, payload, retained) {
      counts.frames++;
      let adapted = adapt(topic, payload, retained);
      if (adapted === undefined || adapted.messages.length === 0) return void counts.foreign++;
      const { deviceId } = adapted;
      if (retained && options.recall !== undefined && flags.get(deviceId) === undefined) {
        flags.set(deviceId, await options.recall(deviceId));
        adapted = adapt(topic, payload, retained) ?? adapted;
      }
      try {
        await handOn(options, adapted.messages, retained);
      } catch (error) {
        counts.notStored++;
        throw error;
      }
      counts.acked++;
      if (options.registry.device(deviceId) === undefined) counts.unknownAccount++;
      // Only what is stored was told: what was not comes again as news.
      if (adapted.flags !== undefined) flags.set(adapted.deviceId, adapted.flags);
    },
  };
}

/** How many messages ended how, and whether the broker is there (1) or away (0). */
export type BridgeStats = Readonly<Record<keyof ReturnType<typeof noCounts> | 'connections', number>>;

export type Bridge = { stats(): BridgeStats; stop(): Promise<void> };

const noCounts = () => ({ frames: 0, acked: 0, foreign: 0, unreadable: 0, notStored: 0, unknownAccount: 0 });

/** Connects in the background: a house's broker that is away must not keep the hub from starting. */
export function startMqttBridge(options: BridgeOptions): Bridge {
  const { url, dialects, log } = options;
  const receiver = createBridgeReceiver(options);
  const stopping = new AbortController();
  const client = mqtt.connect(url, {
    clientId: `nhip-bridge-${hostname()}`,
    clean: false,
    keepalive: 30,
    reconnectPeriod: 2_000,
    resubscribe: false,
    protocolVersion: 4,
  });
  const topics = dialects.flatMap((name) => [...bridgeDialects[name].topics]);
  client.on('connect', () => {
    log.info({ topics }, 'connected to the bridged MQTT broker');
    client.subscribeAsync(topics, { qos: 1 }).catch((error: unknown) => {
      log.error({ error: String(error) }, 'the bridged MQTT broker refuses to subscribe us');
    });
  });
  client.on('error', (error) => log.warn({ error: error.message }, 'bridged MQTT broker'));

  async function store(packet: IPublishPacket): Promise<boolean> {
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    while (!stopping.signal.aborted) {
      try {
        await receiver.take(packet.topic, payload, packet.retain);
        return true;
      } catch (error) {
        log.warn({ error: String(error), topic: packet.topic.slice(0, 256) }, 'a bridged message could not be stored');
        // A QoS 0 message would never come again: it is kept and tried until it is stored.
        await pause(options.limits.retryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return false;
  }

  // mqtt.js handles one message after the other and acknowledges each when its callback is called without an error.
  client.handleMessage = (packet, next) => {
    store(packet).then(
      (isStored) => next(isStored ? undefined : new Error('the hub stops')),
      (error: unknown) => next(error instanceof Error ? error : new Error(String(error))),
    );
  };
  return {
    stats: () => ({ ...receiver.counts, connections: client.connected ? 1 : 0 }),
    async stop() {
      stopping.abort();
      await client.endAsync(true);
    },
  };
}

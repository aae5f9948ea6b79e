/** Settings from the environment and the bounds of every queue, checked once, frozen, passed as an argument. */
import { resolve } from 'node:path';
import { type OutsideSettings, readOutside } from './channels/settings.ts';
import { StartError } from './errors.ts';
import { defaultPlaceIdRule, type PlaceIdRule, placeIdRuleNames } from './registry/place-id.ts';
import { type Environment, type SettingsReader, settingsReader } from './settings-reader.ts';

/** Everything the hub can be told from outside. See the README's table. */
export type Config = {
  readonly host: string;
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly mqtts?: { readonly port: number; readonly certificateFile: string; readonly keyFile: string };
  readonly dataDirectory: string;
  readonly influx?: { readonly url: string; readonly token: string; readonly org: string; readonly bucket: string };
  /** External MQTT broker instead of the embedded one. */
  readonly brokerUrl?: string;
  /** SIA DC-09 panels over TCP and UDP, and the file with their keys. */
  readonly dc09?: { readonly port: number; readonly keysFile?: string };
  /** GB/T 26875.3 transmitters over TCP. */
  readonly gbt26875Port?: number;
  /** Somebody else's MQTT broker, the languages spoken there, and the file that names its devices. */
  readonly bridge?: {
    readonly url: string;
    readonly dialects: readonly BridgeDialect[];
    readonly devicesFile?: string;
  };
  /** What a house-number ID must look like when it is imported. */
  readonly placeIdRule: PlaceIdRule;
  readonly logLevel: LogLevel;
  readonly demo: { readonly scenario: string; readonly seed: number };
  readonly limits: Limits;
} & OutsideSettings;

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
const bridgeDialects = ['zigbee2mqtt', 'chirpstack', 'tasmota', 'esphome', 'the-things-stack'] as const;
type BridgeDialect = (typeof bridgeDialects)[number];
export type LogLevel = (typeof logLevels)[number];

/** The bounds. Each says what happens there. */
export type Limits = typeof defaultLimits;

export const defaultLimits = {
  /** A larger packet ends the connection at its header: no message of ours comes near. */
  packetBytes: 256 * 1024,
  /** The same before CONNACK: an unknown peer gets 4 KiB. */
  connectPacketBytes: 4 * 1024,
  /** A peer that has not sent CONNECT by then is cut. */
  connectTimeoutMs: 5_000,
  /** Connections from one address; the next is refused. Devices behind one NAT are many. */
  connectionsPerAddress: 20_000,
  /** All connections together. */
  connections: 60_000,
  /** Bytes that wait below the broker for one socket before it is paused: the backpressure. */
  waitingBytesPerSocket: 128 * 1024,
  /** How long queued sockets are served before the loop turns to others. Measured: keeps an alarm's p99 at 12 ms under bursts. */
  sliceMs: 2,
  /** Messages of one subject waiting for its turn; the next stream message is shed. */
  subjectBacklog: 1_000,
  /** Points waiting for the store in memory; at the bound the oldest batch is shed and counted. */
  pendingPoints: 400_000,
  /** Spool of points on disk while the store is away; at the bound the oldest segment is shed and counted. */
  spoolBytes: 1024 * 1024 * 1024,
  /** Dead letters kept; the oldest go. */
  deadLetters: 10_000,
  /** Dead letters written a second; the rest are only counted. A broken fleet must not fill the disk. */
  deadLettersPerSecond: 200,
  /** Subscribed rooms of one namespace; a further filter is refused. */
  rooms: 2_000,
  /** Anonymous sockets together, and subscriptions a minute for each. */
  anonymousSockets: 5_000,
  anonymousSubscribesPerMinute: 30,
  /** Unacknowledged durable events to one socket before it is cut; it comes back with its cursor. */
  unacknowledgedEvents: 1_000,
  /** How long a client may leave an event unacknowledged before it is sent again. */
  resendMs: 5_000,
  /** Between two test alarms of the hub's own; two lost in a row are an alarm themselves, a minute after the break. */
  watchdogMs: 30_000,
  /** A test alarm that needs longer is lost: real ones are promised within a second. */
  watchdogGraceMs: 10_000,
  /** Days that raw points are kept. */
  historyDays: 90,
  /** Days that a journal's routine facts are kept. */
  journalDays: 3_650,
  /** Days that the hub's own test alarms are kept, 2,880 a day: enough to look back on a bad week. */
  watchdogDays: 7,
};

/**
 * Reads the settings.
 *
 * @throws StartError with one message that lists every bad value, what was expected and which setting it is.
 */
export function readConfig(environment: Environment): Config {
  const faults: string[] = [];
  const reader = settingsReader(environment, faults);
  const certificateFile = reader.text('HUB_TLS_CERT');
  const keyFile = reader.text('HUB_TLS_KEY');
  const mqttsPort = reader.port('HUB_MQTTS_PORT', 8883);
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    faults.push('HUB_TLS_CERT and HUB_TLS_KEY must be set together');
  }
  if (environment.HUB_MQTTS_PORT !== undefined && certificateFile === undefined) {
    faults.push('HUB_MQTTS_PORT needs HUB_TLS_CERT and HUB_TLS_KEY');
  }
  const influx = readInflux(reader, faults);
  const outside = readOutside(reader, faults);
  const brokerUrl = reader.url('HUB_BROKER_URL', ['mqtt:', 'mqtts:', 'ws:', 'wss:']);
  for (const setting of ['HUB_DATABASE_URL', 'HUB_REDIS_URL']) {
    if (environment[setting]) faults.push(`${setting} is not supported by this version; remove it`);
  }
  const config: Config = {
    host: reader.text('HUB_HOST') ?? '0.0.0.0',
    httpPort: reader.port('HUB_HTTP_PORT', 8080),
    mqttPort: reader.port('HUB_MQTT_PORT', 1883),
    ...(certificateFile && keyFile ? { mqtts: { port: mqttsPort, certificateFile, keyFile } } : {}),
    dataDirectory: resolve(reader.text('HUB_DATA_DIR') ?? './data'),
    ...(influx ? { influx } : {}),
    ...(brokerUrl ? { brokerUrl } : {}),
    ...readGateways(reader, faults),
    ...outside,
    placeIdRule: reader.oneOf('HUB_PLACE_ID_RULE', placeIdRuleNames, defaultPlaceIdRule),
    logLevel: reader.oneOf('HUB_LOG_LEVEL', logLevels, 'info'),
    demo: { scenario: reader.text('HUB_DEMO_SCENARIO') ?? 'calm-day', seed: reader.integer('HUB_DEMO_SEED', 1) },
    limits: defaultLimits,
  };
  for (const name of Object.keys(environment)) {
    if (name.startsWith('HUB_') && !isForeign.test(name) && !knownSettings.includes(name)) {
      faults.push(`${name} is not a setting; known are ${knownSettings.join(', ')}`);
    }
  }
  if (faults.length > 0)
    throw new StartError(`The hub cannot start with these settings:\n  - ${faults.join('\n  - ')}`);
  return Object.freeze(config);
}

// Tests have their own; Kubernetes sets HUB_SERVICE_HOST, HUB_PORT_8080_TCP and the like for a service named `hub`.
const isForeign = /^HUB_(TEST_|SERVICE_|PORT$|PORT_)/;

const knownSettings = [
  'HUB_HTTP_PORT',
  'HUB_MQTT_PORT',
  'HUB_MQTTS_PORT',
  'HUB_TLS_CERT',
  'HUB_TLS_KEY',
  'HUB_HOST',
  'HUB_DATA_DIR',
  'HUB_INFLUX_URL',
  'HUB_INFLUX_TOKEN',
  'HUB_INFLUX_ORG',
  'HUB_INFLUX_BUCKET',
  'HUB_DATABASE_URL',
  'HUB_BROKER_URL',
  'HUB_REDIS_URL',
  'HUB_DC09_PORT',
  'HUB_DC09_KEYS',
  'HUB_GBT26875_PORT',
  'HUB_BRIDGE_URL',
  'HUB_BRIDGE_DIALECTS',
  'HUB_BRIDGE_DEVICES',
  'HUB_WEBHOOK_URL',
  'HUB_WEBHOOK_SECRET',
  'HUB_WEBHOOK_ALLOW',
  'HUB_SMTP_URL',
  'HUB_MAIL_TO',
  'HUB_MAIL_FROM',
  'HUB_NOTICE_ROUTES',
  'HUB_PEOPLE_URL',
  'HUB_PLACE_ID_RULE',
  'HUB_LOG_LEVEL',
  'HUB_DEMO_SCENARIO',
  'HUB_DEMO_SEED',
];

function readInflux(reader: SettingsReader, faults: string[]): Config['influx'] {
  const url = reader.url('HUB_INFLUX_URL', ['http:', 'https:']);
  if (url === undefined) return undefined;
  const token = reader.text('HUB_INFLUX_TOKEN');
  if (token === undefined) {
    faults.push('HUB_INFLUX_TOKEN is needed with HUB_INFLUX_URL: a token that may write to the bucket');
    return undefined;
  }
  return {
    url,
    token,
    org: reader.text('HUB_INFLUX_ORG') ?? 'hub',
    bucket: reader.text('HUB_INFLUX_BUCKET') ?? 'telemetry',
  };
}

/** Doors that stay closed until they are asked for. */
function readGateways(reader: SettingsReader, faults: string[]): Pick<Config, 'dc09' | 'gbt26875Port' | 'bridge'> {
  const keysFile = reader.text('HUB_DC09_KEYS');
  const devicesFile = reader.text('HUB_BRIDGE_DEVICES');
  const url = reader.url('HUB_BRIDGE_URL', ['mqtt:', 'mqtts:', 'ws:', 'wss:']);
  const words = (reader.text('HUB_BRIDGE_DIALECTS') ?? bridgeDialects.join(',')).split(/[\s,]+/);
  const dialects = bridgeDialects.filter((name) => words.includes(name));
  if (dialects.length !== words.length) {
    faults.push(`HUB_BRIDGE_DIALECTS is "${words.join(',')}"; expected some of ${bridgeDialects.join(', ')}`);
  }
  const hasDc09 = reader.text('HUB_DC09_PORT') !== undefined;
  const hasGbt = reader.text('HUB_GBT26875_PORT') !== undefined;
  if (keysFile !== undefined && !hasDc09) faults.push('HUB_DC09_KEYS needs HUB_DC09_PORT');
  if (devicesFile !== undefined && url === undefined) faults.push('HUB_BRIDGE_DEVICES needs HUB_BRIDGE_URL');
  return {
    ...(hasDc09 ? { dc09: { port: reader.port('HUB_DC09_PORT', 0), ...(keysFile ? { keysFile } : {}) } } : {}),
    ...(hasGbt ? { gbt26875Port: reader.port('HUB_GBT26875_PORT', 0) } : {}),
    ...(url ? { bridge: { url, dialects, ...(devicesFile ? { devicesFile } : {}) } } : {}),
  };
}

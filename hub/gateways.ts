/** Opens the doors for dialects that are not our MQTT, each only when its setting is there. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { readKey } from '../devices/adapters/sia-dc09/cipher.ts';
import { FireEventSchema } from '../devices/fire/message.ts';
import { isDeviceId, type Millis } from '../devices/wire.ts';
import type { Keep } from './closers.ts';
import type { Config } from './config.ts';
import { StartError } from './errors.ts';
import { startDc09Gateway } from './gateways/dc09.ts';
import { startGbGateway } from './gateways/gbt26875.ts';
import { standInId } from './gateways/hand-on.ts';
import { type BridgeDevice, startMqttBridge } from './gateways/mqtt-bridge.ts';
import type { Receive } from './ports.ts';
import type { Registry } from './registry/registry.ts';

/** The ports that were opened. */
export type OpenedGateways = { readonly dc09Port?: number; readonly gbt26875Port?: number };

type Context = { readonly config: Config; readonly log: Logger; readonly keep: Keep; now(): Millis };

/** @throws StartError when a port is taken or a file of keys or devices cannot be read. */
export async function openGateways(
  { config, log, keep, now }: Context,
  { receive, registry }: { readonly receive: Receive; readonly registry: Registry },
): Promise<OpenedGateways> {
  const { dc09, gbt26875Port, bridge, host } = config;
  if (dc09 === undefined && gbt26875Port === undefined && bridge === undefined) return {};
  addStandIn(registry);
  const parts = { receive, registry, now, log, host };
  const panels =
    dc09 &&
    keep(await startDc09Gateway({ ...parts, port: dc09.port, keyOf: keysOf(dc09.keysFile) }), (door) => door.stop());
  const transmitters =
    gbt26875Port === undefined
      ? undefined
      : keep(await startGbGateway({ ...parts, port: gbt26875Port }), (door) => door.stop());
  if (bridge !== undefined) {
    const devices = bridgeDevices(bridge.devicesFile);
    keep(startMqttBridge({ ...parts, url: bridge.url, dialects: bridge.dialects, devices }), (door) => door.stop());
  }
  return {
    ...(panels === undefined ? {} : { dc09Port: panels.port }),
    ...(transmitters === undefined ? {} : { gbt26875Port: transmitters.port }),
  };
}

/** What an unregistered panel says must reach a person: it is kept under this device's name. */
function addStandIn(registry: Registry): void {
  if (registry.device(standInId) !== undefined) return;
  registry.putDevice({
    id: standInId,
    domain: 'fire',
    model: 'stand-in',
    name: 'Thiết bị chưa đăng ký',
    // It is no device, so its silence means nothing.
    heartbeatMs: 365 * 86_400_000,
    synthetic: false,
  });
}

/** Keys by account, one a line: `<account> <key>`; the account `*` stands for all others. @throws StartError */
function keysOf(file: string | undefined): (account: string) => Buffer | undefined {
  const keys = new Map<string, Buffer>();
  for (const [number, line] of linesOf('HUB_DC09_KEYS', file)) {
    const [account = '', text = ''] = line.split(/[\s,;]+/);
    const key = readKey(text);
    if (key === undefined || !/^(\*|[0-9A-Fa-f]{1,16})$/.test(account)) {
      throw new StartError(
        `HUB_DC09_KEYS: line ${number} of ${file} is not "<account> <key>"; a key has 32, 48 or 64 hex digits`,
      );
    }
    keys.set(account.toUpperCase(), key);
  }
  return (account) => keys.get(account.toUpperCase()) ?? keys.get('*');
}

/** Foreign devices, one a line: `<foreign name> = <device id> [contact:class …]`. @throws StartError */
function bridgeDevices(file: string | undefined): ReadonlyMap<string, BridgeDevice> {
  const devices = new Map<string, BridgeDevice>();
  for (const [number, line] of linesOf('HUB_BRIDGE_DEVICES', file)) {
    const [foreign = '', rest = ''] = line.split(/\s+=\s+/);
    const [deviceId = '', ...contacts] = rest.split(/\s+/);
    const meanings = contacts.map((contact) => contact.split(':'));
    const classes = meanings.map(([contact = '', word]) => [contact, sensorClass(word)] as const);
    const isWrong = foreign === '' || !isDeviceId(deviceId) || classes.some(([, sensor]) => sensor === undefined);
    if (isWrong) {
      throw new StartError(
        `HUB_BRIDGE_DEVICES: line ${number} of ${file} is not "<foreign name> = <device id> [contact:class …]"`,
      );
    }
    const known = classes.flatMap(([contact, sensor]) => (sensor === undefined ? [] : [[contact, sensor] as const]));
    devices.set(foreign, { deviceId, contacts: Object.fromEntries(known) });
  }
  return devices;
}

const sensorClasses = FireEventSchema.properties.class.anyOf.map((literal) => literal.const);

function sensorClass(word: string | undefined) {
  return sensorClasses.find((name) => name === word);
}

/** Lines with something in them and their numbers; `//` begins a remark. @throws StartError */
function linesOf(setting: string, file: string | undefined): readonly (readonly [number: number, line: string])[] {
  if (file === undefined) return [];
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines
      .map((line, index) => [index + 1, line.trim()] as const)
      .filter(([, line]) => line !== '' && !line.startsWith('//'));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`${setting} names ${file}, which cannot be read: ${detail}`);
  }
}

/** Opens the doors for dialects that are not our MQTT, each only when its setting is there. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { FireEventSchema } from '../devices/fire/message.ts';
import { isDeviceId, type Millis } from '../devices/wire.ts';
import type { Numbers } from './api/metrics.ts';
import type { Keep } from './closers.ts';
import type { Config } from './config.ts';
import { StartError } from './errors.ts';
import { startDc09Gateway } from './gateways/dc09.ts';
import { readPanelLine } from './gateways/dc09-accounts.ts';
import type { PanelAccount } from './gateways/dc09-receiver.ts';
import { startGbGateway } from './gateways/gbt26875.ts';
import { standInId } from './gateways/hand-on.ts';
import { gatewayLimits } from './gateways/limits.ts';
import { type BridgeDevice, startMqttBridge } from './gateways/mqtt-bridge.ts';
import { recallFlags } from './gateways/recall.ts';
import { readRecent } from './gateways/recent.ts';
import type { JournalReader, Receive } from './ports.ts';
import type { Registry } from './registry/registry.ts';

/** The ports that were opened. */
export type OpenedGateways = {
  readonly dc09Port?: number;
  readonly gbt26875Port?: number;
  /** How many frames ended how, by gateway; empty while all doors are closed. */
  stats(): GatewayStats;
};

export type GatewayStats = Readonly<Record<string, Readonly<Record<string, number>>>>;

type Context = { readonly config: Config; readonly log: Logger; readonly keep: Keep; now(): Millis };

type Parts = {
  readonly receive: Receive;
  readonly registry: Registry;
  readonly journal: Pick<JournalReader, 'read'>;
};

/** @throws StartError when a port is taken or a file of panels or devices cannot be read. */
export async function openGateways(
  { config, log, keep, now }: Context,
  { receive, registry, journal }: Parts,
): Promise<OpenedGateways> {
  const { dc09, gbt26875Port, bridge, host } = config;
  if (dc09 === undefined && gbt26875Port === undefined && bridge === undefined) return { stats: () => ({}) };
  addStandIn(registry);
  const recent = await readRecent(journal, now(), gatewayLimits);
  const parts = { receive, registry, now, log, host, limits: gatewayLimits, recent };
  const panels =
    dc09 &&
    keep(await startDc09Gateway({ ...parts, port: dc09.port, accountOf: accountsOf(dc09.keysFile) }), (door) =>
      door.stop(),
    );
  const transmitters =
    gbt26875Port === undefined
      ? undefined
      : keep(await startGbGateway({ ...parts, port: gbt26875Port }), (door) => door.stop());
  const houses =
    bridge &&
    keep(
      startMqttBridge({
        ...parts,
        url: bridge.url,
        dialects: bridge.dialects,
        devices: bridgeDevices(bridge.devicesFile),
        recall: (deviceId) => recallFlags(journal, deviceId, registry.device(deviceId) !== undefined),
      }),
      (door) => door.stop(),
    );
  return {
    ...(panels === undefined ? {} : { dc09Port: panels.port }),
    ...(transmitters === undefined ? {} : { gbt26875Port: transmitters.port }),
    stats: () => ({
      ...(panels === undefined ? {} : { 'sia-dc09': panels.stats() }),
      ...(transmitters === undefined ? {} : { gbt26875: transmitters.stats() }),
      ...(houses === undefined ? {} : { bridge: houses.stats() }),
    }),
  };
}

/** For Prometheus: labels from closed lists only, never an account. */
export function gatewayNumbers(stats: GatewayStats): NonNullable<Numbers['domains']> {
  const all = Object.entries(stats).flatMap(([gateway, counts]) =>
    Object.entries(counts).map(([outcome, value]) => ({ labels: { gateway, outcome }, value })),
  );
  return [
    {
      name: 'gateway_frames',
      help: 'Frames of other dialects by outcome, since the start',
      samples: all.filter(({ labels }) => labels.outcome !== 'connections'),
    },
    {
      name: 'gateway_connections',
      help: 'Connections to the doors of other dialects',
      samples: all.flatMap(({ labels: { gateway, outcome }, value }) =>
        outcome === 'connections' ? [{ labels: { gateway }, value }] : [],
      ),
    },
  ];
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

/** The settings of panels; what an account's own line leaves out is that of `*`. @throws StartError */
function accountsOf(file: string | undefined): (account: string) => PanelAccount {
  const panels = new Map<string, PanelAccount>();
  for (const [number, line] of linesOf('HUB_DC09_KEYS', file)) {
    const panel = readPanelLine(line);
    if (panel === undefined) {
      throw new StartError(
        `HUB_DC09_KEYS: line ${number} of ${file} is not "<account> [<key>] [from=<address>,…] [verified=<code>,…]"; ` +
          'a key has 32, 48 or 64 hex digits',
      );
    }
    panels.set(...panel);
  }
  const others = panels.get('*') ?? {};
  const merged = new Map([...panels].map(([account, panel]) => [account, { ...others, ...panel }]));
  return (account) => merged.get(account.toUpperCase()) ?? others;
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

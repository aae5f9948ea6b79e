/** What the web server needs from the rest of the hub. `hub.ts` fills it in. */
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { MessageTable } from '../../devices/message.ts';
import type { Millis } from '../../devices/wire.ts';
import type { Action, Principal, Role } from '../access/policy.ts';
import type { Api, CommandTable } from '../domain.ts';
import type { HistoryReader, MeasurementTable, RegistryReader } from '../ports.ts';
import type { Binding, DeviceRecord } from '../registry/records.ts';
import type { Metrics } from './metrics.ts';

/** A domain as the web server and its documents see it; a `Mounted` of the engine fits. */
export type MountedDomain = {
  readonly name: string;
  readonly title: { readonly vi: string; readonly en: string };
  readonly first: boolean;
  readonly messages: MessageTable;
  readonly commands: CommandTable;
  readonly events: TSchema;
  readonly measurements: MeasurementTable;
  readonly live?:
    | {
        readonly namespace: `/${string}`;
        readonly action: Action | 'anonymous';
        readonly filter: TSchema;
        readonly frames?: readonly { readonly name: string }[];
      }
    | undefined;
  /** Registers the domain's routes; paths are written in full (`/api/v1/vehicles`, `/gtfs-rt/alerts.pb`). */
  routes?(api: Api, principal: (request: FastifyRequest) => Principal): void;
};

/** A token without its secret. */
export type TokenRecord = {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly createdAt: Millis;
  readonly expiresAt?: Millis;
};

/** Tokens of people and apps. The secret is known once, at creation. */
export type TokenAdmin = {
  list(): readonly TokenRecord[];
  create(request: { readonly name: string; readonly roles: readonly Role[]; readonly expiresAt?: Millis }): {
    readonly id: string;
    readonly token: string;
  };
  /** False when there is no such token. Live sockets of the token are closed by whoever implements this. */
  revoke(id: string): boolean;
};

/** Devices: standing record, secret and binding. The routes have checked that the device exists. */
export type DeviceAdmin = {
  /** Creates or replaces the record. */
  put(record: DeviceRecord): void;
  /** A new secret, known once. */
  issueSecret(deviceId: string, domain: string): string;
  /** Sets what the device hangs at; `undefined` unbinds. */
  bind(deviceId: string, binding: Binding | undefined): void;
  /** Record, secret and session end. */
  remove(deviceId: string): void;
};

/** The one-time link of the first start. */
export type Setup = {
  /** True while nobody has a token. */
  isOpen(): boolean;
  /** Spends the code for a new admin token. @throws HubError `forbidden` when it is wrong or spent. */
  redeem(code: string, name: string): { readonly token: string };
};

/** How one part of the hub is. `reason` says what is wrong, in words for an operator. */
export type ComponentHealth = { readonly ok: boolean; readonly reason?: string; readonly ageSeconds?: number };

/** All parts by name: `journal`, `history`, `broker`, … */
export type Health = Readonly<Record<string, ComponentHealth>>;

export type ApiOptions = {
  readonly log: FastifyBaseLogger;
  readonly version: string;
  now(): Millis;
  /** Who owns this bearer token; `undefined` when unknown, expired or revoked. Quick, from memory. */
  principalOf(token: string): Principal | undefined;
  readonly domains: readonly MountedDomain[];
  readonly registry: RegistryReader;
  readonly history: HistoryReader;
  readonly tokens: TokenAdmin;
  readonly devices: DeviceAdmin;
  readonly setup: Setup;
  readonly metrics: Metrics;
  health(): Health;
  /** Routes of rooms that are no domain, e.g. notices and people. */
  readonly routes?: readonly ((api: Api) => void)[];
  /** What the hub sends to others by HTTP: OpenAPI's path items, by name. */
  readonly webhooks?: Readonly<Record<string, object>>;
  /** Folder of the built web app; may be missing, then a page says how to build it. */
  readonly assetsDirectory: string;
  /** Anonymous requests to the API: burst and refill for one address. */
  readonly anonymousLimit?: { readonly burst: number; readonly perSecond: number };
};

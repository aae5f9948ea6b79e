/** What the web server needs from the rest of the hub. `hub.ts` fills it in. */
import type { FastifyBaseLogger } from 'fastify';
import type { Millis } from '../../devices/wire.ts';
import type { Principal } from '../access/policy.ts';
import type { TokenInfo } from '../access/tokens.ts';
import type { Api, DomainEvent, FrameDefinition, LiveDefinition } from '../domain.ts';
import type { Mounted } from '../mounted.ts';
import type { HistoryReader, RegistryReader } from '../ports.ts';
import type { Hand } from '../registry/binding-history.ts';
import type { DeviceRecord } from '../registry/records.ts';
import type { Metrics } from './metrics.ts';

/** A domain as the web server and its documents see it; a `Mounted` of the engine fits. */
export type MountedDomain = Pick<
  Mounted,
  'name' | 'title' | 'first' | 'messages' | 'commands' | 'events' | 'measurements'
> &
  Partial<Pick<Mounted, 'guarded' | 'routes'>> & {
    readonly live?: LiveDocument | undefined;
  };

/** What the documents tell of a live channel. */
type LiveDocument = Pick<LiveDefinition<unknown, DomainEvent>, 'namespace' | 'action' | 'filter'> & {
  readonly frames?: readonly Pick<FrameDefinition<unknown>, 'name'>[];
};

/** Tokens of people and apps. The secret is known once, at creation. */
export type TokenAdmin = {
  list(): readonly TokenInfo[];
  create(request: Pick<TokenInfo, 'name' | 'roles' | 'expiresAt'>): {
    readonly id: string;
    readonly token: string;
  };
  /** False when there is no such token. Live sockets of the token are closed by whoever implements this. */
  revoke(id: string): boolean;
};

/** Devices: standing record, secret and binding. The routes have checked that the device exists. */
export type DeviceAdmin = {
  /** Creates or replaces the record, and what it hangs at. `hand`: who does it. */
  put(record: DeviceRecord, hand: Hand): void;
  /** A new secret, known once. */
  issueSecret(deviceId: string, domain: string): string;
  /** Record, secret and session end. */
  remove(deviceId: string, hand: Hand): void;
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

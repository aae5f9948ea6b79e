/** A running domain as the rest of the hub sees it: uniform, whatever its own types are. */
import type { FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { Lane, MessageTable } from '../devices/message.ts';
import type { Millis } from '../devices/wire.ts';
import type { Action, Principal } from './access/policy.ts';
import type {
  Api,
  CommandTable,
  DomainEvent,
  DomainNumber,
  JournalledEvent,
  LiveDefinition,
  Notice,
  Send,
  Told,
} from './domain.ts';
import type { History, Journal, MeasurementTable, RegistryReader } from './ports.ts';
import type { DeviceRecord } from './registry/records.ts';

/** What the engine needs of the house. */
export type EngineParts = {
  readonly journal: Journal;
  readonly history: History;
  readonly registry: RegistryReader;
  now(): Millis;
  /** Messages down to devices; called after the commit, never awaited by a step. */
  send(send: Send): void;
  /** Messages to people outside the screens, with the cursor of the event that they follow from; never awaited by a step. */
  notify?(notices: readonly Notice[], cursor: number): void;
  /** What became of the notices of an incident. */
  told?(incident: string): readonly Told[];
  /** What a device told of its battery, in %, for the fleet. */
  noteBattery(deviceId: string, percent: number): void;
  /** Messages of one subject that may wait; the next stream message is shed. */
  readonly subjectBacklog: number;
  readonly log: { error(details: object, message: string): void; warn(details: object, message: string): void };
};

/** One message of a known device, still as bytes. */
export type Arrival = {
  readonly name: string;
  readonly payload: Uint8Array;
  readonly device: DeviceRecord;
  readonly at: Millis;
  readonly retained: boolean;
  /** QoS 1: the answer must wait until it survives a kill -9. */
  readonly safe: boolean;
};

/** What the live channels hear of a domain. */
export type Watcher<State, Event extends DomainEvent> = {
  changed(subject: string): void;
  published(event: JournalledEvent<Event>, state: State): void;
};

/** A running domain. */
export type Mounted<State = unknown, Event extends DomainEvent = DomainEvent> = {
  readonly name: string;
  readonly title: { readonly vi: string; readonly en: string };
  /** Its devices' bytes pass the broker's guard before all others. */
  readonly first: boolean;
  readonly messages: MessageTable;
  readonly commands: CommandTable;
  readonly events: TSchema;
  readonly measurements: MeasurementTable;
  /** Measurements that need more than the right to see the domain. */
  readonly guarded: Readonly<Record<string, Action>>;
  readonly states: ReadonlyMap<string, State>;
  readonly live: LiveDefinition<State, Event> | undefined;
  /** Lane of a message by name; `undefined` when the domain does not know it. */
  lane(name: string): Lane | undefined;
  /**
   * Takes a message. `undefined` when nothing has to be waited for; a promise that resolves when the device may be
   * acknowledged, and rejects with BadMessage or when the journal refused; `shed` when the subject's backlog is full.
   *
   * @throws BadMessage
   */
  accept(arrival: Arrival): Promise<void> | undefined | 'shed';
  /** What the domain makes of a message that `accept` refused; see Domain. */
  salvage(arrival: Arrival): Uint8Array | undefined;
  /** Gives a command; resolves after the commit. @throws HubError */
  command(by: Principal, subject: string, name: string, args: unknown): Promise<void>;
  /** A live client has acknowledged this event. */
  receipt(event: JournalledEvent, by: Principal): Promise<void>;
  /** Sends a tick to one subject now, e.g. when a silent device spoke. */
  touch(subject: string): void;
  /** Sends ticks to every subject whose time has come. */
  tick(): void;
  watch(watcher: Watcher<State, Event>): void;
  /** Folds one journalled event that is read back at start. */
  fold(event: JournalledEvent): void;
  /** Takes the states of a snapshot that this same code made. */
  restore(states: unknown): void;
  /** Hears a fact of another subject, or of another domain; live, and again at start. */
  hear(event: JournalledEvent): void;
  /** The notices that follow from an event read back from the journal: what a crash may have kept from leaving. */
  notices(event: JournalledEvent): readonly Notice[];
  numbers(at: Millis): readonly DomainNumber[];
  /** Parses an event read back from the journal; `undefined` when no version of this domain wrote it. */
  parse(event: JournalledEvent): JournalledEvent<Event> | undefined;
  /** Inputs under way or waiting. */
  pending(): number;
  /** Registers the domain's REST routes. */
  routes(api: Api, principal: (request: FastifyRequest) => Principal): void;
};

/** One line of the domain list: a domain with its types closed over, ready to be mounted. */
export type DomainEntry = {
  readonly name: string;
  readonly messages: MessageTable;
  readonly measurements: MeasurementTable;
  mount(parts: EngineParts): Mounted;
};

/** Status messages and silence need a home: a hub without the fleet cannot be. @throws Error when the list has none. */
export function fleetOf(mounted: readonly Mounted[]): Mounted {
  const fleet = mounted.find((domain) => domain.name === 'fleet');
  if (fleet === undefined) throw new Error('the fleet domain is missing from the list of domains');
  return fleet;
}

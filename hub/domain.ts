/** What a domain is: the one type that fire, bus, parking, fleet and any fourth fill in. Pure; no room is imported. */

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { MessageTable, NamedMessage } from '../devices/message.ts';
import type { BadMessageReason, Millis } from '../devices/wire.ts';
import type { Action, Principal } from './access/policy.ts';
import type { ErrorCode } from './errors.ts';
import type { Notice } from './notice.ts';
import type { HistoryReader, JournalReader, MeasurementTable, Point, RegistryReader } from './ports.ts';
import type { DeviceRecord } from './registry/records.ts';

/** A fact, for ever: what a step decided, before the journal gives it a cursor. */
export type DomainEvent = {
  /** `<noun>.<past tense>`, e.g. `incident.raised`. */
  readonly type: string;
  /** Hub time of the input that caused it. */
  readonly at: Millis;
  readonly data: unknown;
};

/** Commands by name: the schema of the arguments and what a principal must be allowed to do to give it. */
export type CommandTable = Readonly<Record<string, { readonly schema: TSchema; readonly action: Action }>>;

/** The union `{ name, args }` of all commands in a table. */
export type NamedCommand<C extends CommandTable> = {
  [K in keyof C & string]: { readonly name: K; readonly args: Static<C[K]['schema']> };
}[keyof C & string];

/** All that enters a step. Time comes in with it; nothing else tells the time. */
export type Input<M extends MessageTable, C extends CommandTable> =
  | ({
      readonly kind: 'message';
      readonly at: Millis;
      readonly device: DeviceRecord;
      readonly retained: boolean;
    } & NamedMessage<M>)
  | ({ readonly kind: 'command'; readonly at: Millis; readonly id: string; readonly by: Principal } & NamedCommand<C>)
  /** A live client acknowledged an event of this subject: the first time tells the device `delivered`. */
  | {
      readonly kind: 'receipt';
      readonly at: Millis;
      readonly event: string;
      readonly by: Principal;
      /** The event itself, when the live room still has it: a late receipt is then not taken for a newer incident's. */
      readonly of?: DomainEvent;
    }
  /** The clock: sent to a subject when its `dueAt` has passed. */
  | { readonly kind: 'tick'; readonly at: Millis };

/** A message from the hub down to a device, e.g. `receipt`. Sent after the journal's commit. */
export type Send = { readonly deviceId: string; readonly message: string; readonly payload: unknown };

export type { Notice, NoticeFacts } from './notice.ts';

/** What became of a notice, channel by channel; `log` has each attempt, oldest first. */
export type Told = Pick<Notice, 'step' | 'audience' | 'at'> & {
  readonly deliveries: readonly {
    readonly channel: string;
    readonly state: string;
    readonly log: readonly { readonly at: Millis; readonly outcome: string; readonly reason: string | undefined }[];
  }[];
};

/**
 * How a domain follows the facts of other subjects, its own or another domain's. What was heard is folded into the state, live
 * and again at start, and decided upon by the next tick (`dueAt`): so nothing that was heard is lost or taken twice.
 */
export type Hearing<State> = {
  /** The subjects that want this event, with what they need of it. Quick: it is asked of every fact of the hub. */
  take(
    event: JournalledEvent,
    registry: RegistryReader,
  ): readonly { readonly subject: string; readonly heard: unknown }[];
  /** Folds it. Must not depend on the order between what is heard and the subject's own facts. */
  fold(state: State, heard: unknown): State;
};

/** A number for Prometheus: `hub_<name>`, one sample for each set of labels. */
export type DomainNumber = {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
};

/** Why a command was not carried out; nothing changed. */
export type Rejection = { readonly code: ErrorCode; readonly message: string };

/** What a step decides. `events` go to the journal, `points` to the history, `sends` to devices. */
export type Step<State, Event extends DomainEvent> = {
  readonly state: State;
  readonly events?: readonly Event[];
  readonly points?: readonly Point[];
  readonly sends?: readonly Send[];
  /** A command that was not carried out; the state stands. */
  readonly rejection?: Rejection;
  /** A well-formed message that cannot be true (e.g. a fix from the future): counted and kept as a dead letter. */
  readonly refused?: { readonly reason: BadMessageReason; readonly detail: string };
};

/** Which subject an input belongs to, and the facts of the registry that its step needs. */
export type Located<Context> = { readonly subject: string; readonly context: Context };

/** A domain: messages in, events and points out, and how it is shown. */
export type Domain<
  M extends MessageTable,
  C extends CommandTable,
  E extends TSchema,
  State,
  Event extends DomainEvent,
  Context,
> = {
  /** Stands in topics, event ids and REST paths. */
  readonly name: string;
  readonly title: { readonly vi: string; readonly en: string };
  /** Bytes of its devices pass the broker's guard at once, before every queue. Life safety only. */
  readonly first: boolean;
  readonly messages: M;
  readonly commands: C;
  /** Union of `{ type, at, data }`: checks what is read back from the journal and documents live events. */
  readonly events: E;
  readonly measurements: MeasurementTable;
  /**
   * A well-formed message in the place of one that `messages` refused, where its loss costs more than a doubt; it then takes
   * the usual way, and the original is kept as a dead letter. `undefined`: it is only kept. `at`: hub time.
   */
  salvage?(name: string, payload: Uint8Array, at: Millis): Uint8Array | undefined;
  /** Measurements whose history needs more than the right to see the domain. */
  readonly guarded?: Readonly<Record<string, Action>>;
  /** The subject and context of a message. Throws BadMessage when the device is not fit for it. */
  locate(device: DeviceRecord, registry: RegistryReader, at: Millis): Located<Context>;
  /** The context of a subject that a command, receipt or tick is for. */
  contextOf(subject: string, registry: RegistryReader, at: Millis): Context;
  /** The state of a subject that nothing is known of. */
  initial(subject: string): State;
  /** Folds one journalled event into the state; `step` uses it too, so that memory and journal cannot differ. */
  apply(state: State, event: Event): State;
  step(state: State, input: Input<M, C>, context: Context): Step<State, Event>;
  /** When the subject next needs a tick, if no message comes; kept in state, so it survives a restart. */
  dueAt?(state: State): Millis | undefined;
  /** What a message tells of the device itself, noted with its presence for the fleet. Battery in %. */
  health?(message: NamedMessage<M>): { readonly battery?: number } | undefined;
  /** What people outside the screens are told of a journalled event. Pure; called after the commit, and again after a crash. */
  notices?(event: JournalledEvent<Event>, state: State, context: Context): readonly Notice[];
  readonly hears?: Hearing<State>;
  /** Numbers of all subjects together, read when Prometheus asks. */
  numbers?(states: ReadonlyMap<string, State>, at: Millis): readonly DomainNumber[];
  readonly live?: LiveDefinition<State, Event>;
  /** REST routes below `/api/v1` (and the domain's own standard paths, e.g. `/gtfs-rt`). */
  routes?(api: Api, kit: DomainKit<State>): void;
};

/** How a domain is shown live. See design.md §5, Live. */
export type LiveDefinition<State, Event extends DomainEvent> = {
  /** socket.io namespace, e.g. `/transit`. Several domains may not share one. */
  readonly namespace: `/${string}`;
  /** What a socket needs to connect; `anonymous` admits everyone, rate-limited. */
  readonly action: Action | 'anonymous';
  /** Schema of the `subscribe` filter. */
  readonly filter: TSchema;
  /** The first answer to `subscribe`: everything that the filter and the principal may see, as the app's view. */
  snapshot(states: ReadonlyMap<string, State>, filter: unknown, viewer: Viewer): unknown;
  /** Events that clients must receive and acknowledge; `undefined` hides an event from this viewer. */
  present?(event: JournalledEvent<Event>, state: State, filter: unknown, viewer: Viewer): unknown;
  /** Latest-value frames, at most one a second a room. */
  readonly frames?: readonly FrameDefinition<State>[];
};

/** A volatile frame: `{ at, <name>: rows, gone: [id…] }`. */
export type FrameDefinition<State> = {
  readonly name: string;
  /** The subject's row for everybody, or `undefined` when it is not to be shown (then it is in `gone` once). */
  row(subject: string, state: State, at: Millis): readonly unknown[] | undefined;
  /** Whether the row belongs to a room with this filter. */
  matches(subject: string, state: State, filter: unknown, viewer: Viewer): boolean;
};

/** Who looks, when, and what the registry knows. */
export type Viewer = { readonly principal: Principal; readonly at: Millis; readonly registry: RegistryReader };

/** An event with its place in the journal. */
export type JournalledEvent<Event extends DomainEvent = DomainEvent> = Event & {
  readonly cursor: number;
  readonly id: string;
  readonly domain: string;
  readonly subject: string;
};

/** The web server as domains see it: every schema gives the handler its types. */
export type Api = FastifyInstance<
  RawServerDefault,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What a domain's routes may use. Every route names its action in `config: { action }`; the server refuses to start without. */
export type DomainKit<State> = {
  readonly states: ReadonlyMap<string, State>;
  readonly registry: RegistryReader;
  readonly journal: JournalReader;
  readonly history: HistoryReader;
  /** The hub's clock. */
  now(): Millis;
  /** What people outside the screens were told of an incident, oldest first; absent in a hub that tells nobody. */
  told?(incident: string): readonly Told[];
  /** Who asks; anonymous when no token was given. */
  principal(request: FastifyRequest): Principal;
  /** Sends a command through the one door; throws HubError when the step rejects it. Resolves after the commit. */
  command(by: Principal, subject: string, name: string, args: unknown): Promise<void>;
};

/** Runs a domain's pure steps: one subject at a time in order, journal before state, state before anyone sees it. */
import { randomUUID } from 'node:crypto';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { decodeMessage, type MessageTable } from '../devices/message.ts';
import { BadMessage } from '../devices/wire.ts';
import { may, type Principal } from './access/policy.ts';
import type {
  CommandTable,
  Domain,
  DomainEvent,
  Input,
  JournalledEvent,
  NamedCommand,
  Notice,
  Step,
} from './domain.ts';
import { HubError } from './errors.ts';
import type { DomainEntry, EngineParts, Mounted, Watcher } from './mounted.ts';
import type { NewEvent } from './ports.ts';
import { createSubjectQueue } from './subject-queue.ts';
import { createTimers } from './timers.ts';

/** Makes a domain ready for the list: its own types stay inside. */
export function domainEntry<
  M extends MessageTable,
  C extends CommandTable,
  E extends TSchema,
  State,
  Event extends DomainEvent,
  Context,
>(domain: Domain<M, C, E, State, Event, Context>): DomainEntry {
  const { name, messages, measurements } = domain;
  return { name, messages, measurements, mount: (parts) => mountDomain(domain, parts) };
}

/** Mounts a domain on the house. The type parameters stay inside: what comes out is uniform. */
export function mountDomain<
  M extends MessageTable,
  C extends CommandTable,
  E extends TSchema,
  State,
  Event extends DomainEvent,
  Context,
>(domain: Domain<M, C, E, State, Event, Context>, parts: EngineParts): Mounted<State, Event> {
  const states = new Map<string, State>();
  const queue = createSubjectQueue();
  const timers = createTimers();
  const watchers: Watcher<State, Event>[] = [];
  const eventSchema = Compile(domain.events);
  const commands = new Map(Object.entries(domain.commands).map(([name, { schema }]) => [name, Compile(schema)]));

  const stateOf = (subject: string): State => states.get(subject) ?? domain.initial(subject);

  function keep(subject: string, state: State): void {
    states.set(subject, state);
    if (domain.dueAt) timers.set(subject, domain.dueAt(state));
    for (const watcher of watchers) watcher.changed(subject);
  }

  /** Steps at once; waits only when there are events to commit or points that must be safe. */
  function run(subject: string, input: Input<M, C>, context: Context, safe: boolean): Promise<void> | undefined {
    const step = domain.step(stateOf(subject), input, context);
    if (step.rejection) throw new HubError(step.rejection.code, step.rejection.message);
    if (step.refused) throw new BadMessage(step.refused.reason, step.refused.detail);
    if (step.events !== undefined && step.events.length > 0) return commit(subject, step, step.events, input, safe);
    keep(subject, step.state);
    const stored = storePoints(step, safe);
    step.sends?.forEach(parts.send);
    return stored;
  }

  function storePoints(step: Step<State, Event>, safe: boolean): Promise<void> | undefined {
    if (step.points === undefined || step.points.length === 0) return undefined;
    if (safe) return parts.history.appendSafely(step.points);
    parts.history.append(step.points);
    return undefined;
  }

  async function commit(
    subject: string,
    step: Step<State, Event>,
    events: readonly Event[],
    input: Input<M, C>,
    safe: boolean,
  ): Promise<void> {
    const cause = causeOf(input);
    const facts: NewEvent[] = events.map((event) => ({
      id: randomUUID(),
      domain: domain.name,
      subject,
      type: event.type,
      at: event.at,
      data: event.data,
      ...cause,
    }));
    const cursors = await parts.journal.append(facts);
    keep(subject, step.state);
    const stored = storePoints(step, safe);
    step.sends?.forEach(parts.send);
    for (const [index, event] of events.entries()) {
      const fact = facts[index];
      const cursor = cursors[index];
      if (fact === undefined || cursor === undefined) throw new Error('the journal answered fewer cursors than events');
      const published = { ...event, cursor, id: fact.id, domain: domain.name, subject };
      for (const watcher of watchers) watcher.published(published, step.state);
      notify(published, step.state);
    }
    await stored;
  }

  function noticesOf(event: JournalledEvent<Event>, state: State): readonly Notice[] {
    return domain.notices?.(event, state, domain.contextOf(event.subject, parts.registry, event.at)) ?? [];
  }

  /** A notice that cannot be made must not undo what is committed: the screens have the event. */
  function notify(event: JournalledEvent<Event>, state: State): void {
    if (parts.notify === undefined) return;
    try {
      const notices = noticesOf(event, state);
      if (notices.length > 0) parts.notify(notices, event.cursor);
    } catch (error) {
      parts.log.error({ error, domain: domain.name, event: event.id }, 'the notices of an event could not be made');
    }
  }

  /** Folds a fact of another subject in its turn; the domain decides upon it at the next tick. */
  function hear(event: JournalledEvent): void {
    const { hears } = domain;
    if (hears === undefined) return;
    for (const { subject, heard } of hears.take(event, parts.registry)) {
      const work = queue.run(subject, () => {
        const before = stateOf(subject);
        const after = hears.fold(before, heard);
        if (after !== before) keep(subject, after);
        return undefined;
      });
      work?.catch((error: unknown) => {
        parts.log.error(
          { error, domain: domain.name, subject, event: event.id },
          'a fact that was heard was not folded',
        );
      });
    }
  }

  /** Enters the subject's queue with an input that may not be shed. */
  async function enter(subject: string, input: Input<M, C>): Promise<void> {
    await queue.run(subject, () => run(subject, input, domain.contextOf(subject, parts.registry, input.at), true));
  }

  function tickSubject(subject: string): void {
    if (queue.isBusy(subject)) {
      timers.set(subject, parts.now() + 1_000);
      return;
    }
    enter(subject, { kind: 'tick', at: parts.now() }).catch((error: unknown) => {
      parts.log.error(
        { err: error, domain: domain.name, subject },
        'a tick was not carried out; it comes again in 5 s',
      );
      timers.set(subject, parts.now() + 5_000);
    });
  }

  function parse(event: JournalledEvent): JournalledEvent<Event> | undefined {
    return isEventOf<Event>(eventSchema, event) ? event : undefined;
  }

  async function command(by: Principal, subject: string, name: string, args: unknown): Promise<void> {
    const given = { name, args };
    if (!isCommandOf(domain.commands, commands, given)) {
      throw new HubError('invalid', `"${name}" with these arguments is not a command of ${domain.name}`);
    }
    const action = domain.commands[given.name]?.action;
    if (action === undefined || !may(by, action))
      throw new HubError('forbidden', `${by.name} may not ${name} in ${domain.name}`);
    await enter(subject, { kind: 'command', at: parts.now(), id: randomUUID(), by, ...given });
  }

  return {
    name: domain.name,
    title: domain.title,
    first: domain.first,
    messages: domain.messages,
    commands: domain.commands,
    events: domain.events,
    measurements: domain.measurements,
    guarded: domain.guarded ?? {},
    states,
    live: domain.live,
    lane: (name) => (Object.hasOwn(domain.messages, name) ? domain.messages[name]?.lane : undefined),
    accept(arrival) {
      const { device, at, retained, name, safe } = arrival;
      const message = decodeMessage(domain.messages, name, arrival.payload);
      const health = domain.health?.(message);
      if (health?.battery !== undefined) parts.noteBattery(device.id, health.battery);
      const { subject, context } = domain.locate(device, parts.registry, at);
      const input: Input<M, C> = { kind: 'message', at, device, retained, ...message };
      const isStream = domain.messages[name]?.lane === 'stream';
      if (isStream && queue.waiting(subject) >= parts.subjectBacklog) return 'shed';
      return queue.run(subject, () => run(subject, input, context, safe));
    },
    salvage: ({ name, payload, at }) => domain.salvage?.(name, payload, at),
    command,
    receipt: (event, by) => enter(event.subject, { kind: 'receipt', at: parts.now(), event: event.id, by, of: event }),
    touch: tickSubject,
    tick: () => timers.due(parts.now()).forEach(tickSubject),
    watch: (watcher) => void watchers.push(watcher),
    parse,
    restore(saved) {
      if (!isStates<State>(saved)) throw new Error(`a snapshot of ${domain.name} is not a list of states`);
      for (const [subject, state] of saved) {
        states.set(subject, state);
        if (domain.dueAt) timers.set(subject, domain.dueAt(state));
      }
    },
    fold(event) {
      const known = parse(event);
      if (known === undefined) {
        parts.log.warn(
          { cursor: event.cursor, type: event.type },
          'a journalled event is not understood and left out of the state',
        );
        return;
      }
      const state = domain.apply(stateOf(event.subject), known);
      states.set(event.subject, state);
      if (domain.dueAt) timers.set(event.subject, domain.dueAt(state));
    },
    hear,
    notices(event) {
      const known = parse(event);
      return known === undefined ? [] : noticesOf(known, stateOf(event.subject));
    },
    numbers: (at) => domain.numbers?.(states, at) ?? [],
    pending: queue.pending,
    routes(api, principal) {
      const { registry, journal, history, now, told } = parts;
      const tellings = told === undefined ? {} : { told };
      domain.routes?.(api, { states, registry, journal, history, now, ...tellings, principal, command });
    },
  };
}

function causeOf<M extends MessageTable, C extends CommandTable>(
  input: Input<M, C>,
): { deviceId?: string; by?: string } {
  switch (input.kind) {
    case 'message':
      return { deviceId: input.device.id };
    case 'command':
      return { by: input.by.name };
    case 'receipt':
      return { by: input.by.name };
    case 'tick':
      return { by: 'hub' };
  }
}

/** The journal's door: an event is one of the domain's when the domain's own schema says so. */
function isEventOf<Event extends DomainEvent>(
  schema: { Check(value: unknown): boolean },
  event: JournalledEvent,
): event is JournalledEvent<Event> {
  return schema.Check({ type: event.type, at: event.at, data: event.data });
}

/** The snapshot's door: its stamp has shown that this same code made it. */
function isStates<State>(saved: unknown): saved is readonly (readonly [string, State])[] {
  return Array.isArray(saved) && saved.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string');
}

function isCommandOf<C extends CommandTable>(
  table: C,
  schemas: ReadonlyMap<string, { Check(value: unknown): boolean }>,
  command: { readonly name: string; readonly args: unknown },
): command is NamedCommand<C> {
  return Object.hasOwn(table, command.name) && schemas.get(command.name)?.Check(command.args) === true;
}

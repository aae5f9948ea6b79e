/** What a dispatcher may do with an incident, and the sentence when it cannot be done. Pure; fire.md §5.4. */
import { type Static, Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import type { Principal } from '../../access/policy.ts';
import type { NamedCommand, Rejection, Step } from '../../domain.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import type { Area } from './area.ts';
import { countOf } from './area-count.ts';
import { isManual } from './classify.ts';
import { CauseSchema, DispositionSchema, type FireFact, type Incident, StageSchema } from './events.ts';
import { activePoints, alarmedRows, soundRows } from './evidence.ts';
import { maxNotes } from './incident.ts';
import { acceptReceipts } from './receipts.ts';
import { reportCommands } from './report-command.ts';
import { applyFact, type FireState, incidentOf } from './state.ts';
import { windowCommands } from './window-commands.ts';

const Text = Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' });
const Note = Type.Optional(Type.String({ maxLength: 1_000 }));
const incident = { incident: Type.String({ minLength: 1, maxLength: 64 }) };

/** The bodies that REST takes; `incident` is added from the path. */
export const commandBodies = {
  acknowledge: Type.Object({}),
  verify: Type.Object({ note: Note }),
  dispatch: Type.Object({ units: Type.Optional(Type.String({ maxLength: 200 })) }),
  progress: Type.Object({ stage: StageSchema }),
  refute: Type.Object({
    reason: Text,
    onSite: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '\\S',
        description: 'who looked; the units on scene when absent',
      }),
    ),
  }),
  note: Type.Object({ text: Text }),
  resolve: Type.Object({ note: Note }),
  close: Type.Object({
    disposition: DispositionSchema,
    note: Note,
    causeDevice: Type.Optional(Type.String({ maxLength: 64 })),
    cause: Type.Optional(CauseSchema),
  }),
};

/** Commands to the subject that holds the incident. */
const incidentCommands = {
  acknowledge: { schema: Type.Object(incident), action: 'fire.act' },
  verify: { schema: Type.Object({ ...incident, ...commandBodies.verify.properties }), action: 'fire.act' },
  dispatch: { schema: Type.Object({ ...incident, ...commandBodies.dispatch.properties }), action: 'fire.act' },
  progress: { schema: Type.Object({ ...incident, ...commandBodies.progress.properties }), action: 'fire.act' },
  refute: { schema: Type.Object({ ...incident, ...commandBodies.refute.properties }), action: 'fire.act' },
  note: { schema: Type.Object({ ...incident, ...commandBodies.note.properties }), action: 'fire.act' },
  resolve: { schema: Type.Object({ ...incident, ...commandBodies.resolve.properties }), action: 'fire.act' },
  close: { schema: Type.Object({ ...incident, ...commandBodies.close.properties }), action: 'fire.act' },
} as const;

/** Every command of the fire domain. */
export const fireCommands = { ...incidentCommands, ...windowCommands, ...reportCommands } as const;

export type FireCommand = NamedCommand<typeof fireCommands>;
type Input = NamedCommand<typeof incidentCommands> & { readonly at: Millis; readonly by: Principal };
/** The registry's devices of this subject; slow to answer. */
type Here = () => readonly DeviceRecord[];
type Close = Static<(typeof incidentCommands)['close']['schema']>;

/** Carries a command out, or says why not. The first of two wins; the second is told who and when. */
export function stepCommand(state: FireState, input: Input, here?: Here): Step<FireState, FireFact> {
  const open = state.open;
  if (open === null || open.id !== input.args.incident) {
    return { state, rejection: notOpen(incidentOf(state, input.args.incident)) };
  }
  const rejection = refusal(state, open, input, here);
  if (rejection !== undefined) return { state, rejection };
  const at = input.at;
  const facts: FireFact[] = [];
  // Whoever dispatches, resolves or closes has taken it: acknowledged is a fact of its own, for the ledger.
  if (open.acknowledged === null && movesForward(input)) {
    facts.push({ type: 'incident.acknowledged', at, data: { incident: open.id, by: input.by.name } });
  }
  if (input.name === 'close' && open.source === 'active') facts.push(setAside(state, open, input));
  if (input.name !== 'acknowledge') facts.push(factOf(facts.reduce(applyFact, state), open.id, input));
  return { state: facts.reduce(applyFact, state), events: facts, sends: acceptReceipts(open, at) };
}

/** What closes although it was never restored: closeRefusal has seen that nobody can restore it any more. */
function setAside({ area }: FireState, { id: incident }: Incident, { at, by }: Input): FireFact {
  const reason = area === undefined ? 'deviceMoved' : 'overdue';
  return { type: 'incident.setAside', at, data: { incident, by: by.name, reason } };
}

function movesForward(input: Input): boolean {
  return input.name !== 'note' && input.name !== 'verify' && input.name !== 'refute';
}

function factOf(state: FireState, id: string, input: Exclude<Input, { name: 'acknowledge' }>): FireFact {
  const { at } = input;
  const person = { incident: id, by: input.by.name };
  switch (input.name) {
    case 'verify':
      return { type: 'incident.verified', at, data: { ...person, note: input.args.note ?? null } };
    case 'dispatch':
      return { type: 'incident.dispatched', at, data: { ...person, units: input.args.units ?? '' } };
    case 'progress':
      return { type: 'incident.progressed', at, data: { ...person, stage: input.args.stage } };
    case 'refute':
      return {
        type: 'incident.refuted',
        at,
        data: { ...person, reason: input.args.reason, ...lookedBy(state, input) },
      };
    case 'note':
      return { type: 'incident.noted', at, data: { ...person, text: input.args.text } };
    case 'resolve':
      return { type: 'incident.resolved', at, data: { ...person, note: input.args.note ?? null } };
    case 'close':
      return closing(state, person, at, input.args);
  }
}

/** A person on site refutes: whoever is named, else the units that have arrived. Nobody: the record shows that too. */
function lookedBy({ open }: FireState, { args }: Extract<Input, { name: 'refute' }>): { readonly onSite?: string } {
  const isOnScene = open?.progress?.some(({ stage }) => stage !== 'enRoute') ?? false;
  const onSite = args.onSite?.trim() || (isOnScene ? open?.dispatched?.units : undefined);
  return onSite ? { onSite } : {};
}

function closing(state: FireState, person: { incident: string; by: string }, at: Millis, body: Close): FireFact {
  const { disposition, note = null, causeDevice = null, cause } = body;
  const withRecord = (record: Incident): FireFact => ({
    type: 'incident.closed',
    at,
    data: { ...person, note, disposition, causeDevice, ...(cause === undefined ? {} : { cause }), record },
  });
  if (state.open === null) throw new Error(`incident ${person.incident} is not open`);
  const record = applyFact(state, withRecord(state.open)).closed[0];
  if (record === undefined) throw new Error(`incident ${person.incident} was not closed`);
  return withRecord(record);
}

function refusal(state: FireState, open: Incident, input: Input, here: Here | undefined): Rejection | undefined {
  switch (input.name) {
    case 'acknowledge':
      return open.acknowledged === null ? undefined : already('acknowledged', open.acknowledged);
    case 'verify':
      return open.verdict?.kind === 'verified' ? already('verified', open.verdict) : undefined;
    case 'dispatch':
      return dispatchRefusal(open, input.args.units ?? '');
    case 'progress':
      return progressRefusal(open, input.args.stage);
    case 'refute':
      return refuteRefusal(state, open);
    case 'resolve':
      return open.resolved === null ? undefined : already('resolved', open.resolved);
    case 'close':
      return state.area === undefined ? closeRefusal(state, here) : areaCloseRefusal(state.area, input.at);
    case 'note':
      return noteRefusal(open);
  }
}

function noteRefusal(open: Incident): Rejection | undefined {
  if ((open.notes ?? 0) < maxNotes) return undefined;
  return conflict(`This incident has ${maxNotes} notes, as many as it may. Say the rest when you close it.`);
}

function dispatchRefusal(open: Incident, units: string): Rejection | undefined {
  if (open.resolved !== null) return already('resolved', open.resolved);
  // More units may follow; the same ones twice is a second click or a second dispatcher.
  const sent = open.dispatched?.units.split(', ') ?? [];
  return open.dispatched !== null && (units === '' || sent.includes(units))
    ? already('dispatched', open.dispatched)
    : undefined;
}

function progressRefusal(open: Incident, stage: Static<typeof StageSchema>): Rejection | undefined {
  if (open.resolved !== null) return already('resolved', open.resolved);
  if (open.dispatched === null) return conflict('No unit was dispatched yet; dispatch first.');
  const said = open.progress?.find((one) => one.stage === stage);
  return said && already(stageWords[stage], said);
}

const stageWords = { enRoute: 'en route', onScene: 'on scene', underControl: 'under control' } as const;

function refuteRefusal(state: FireState, open: Incident): Rejection | undefined {
  if (open.verdict?.kind === 'refuted') return already('refuted', open.verdict);
  const rows = soundRows(alarmedRows(state.devices));
  const points = activePoints(rows);
  if (points >= 2) {
    return conflict(
      `${points} points are in alarm; an alarm of two or more points cannot be refuted until they are restored.`,
    );
  }
  if (rows.some(({ row, active }) => active && isManual(row.class))) {
    return conflict('A call point is pulled; a person’s alarm cannot be refuted until it is restored.');
  }
  return undefined;
}

function closeRefusal(state: FireState, here: Here | undefined): Rejection | undefined {
  const burning = alarmedRows(state.devices).filter((one) => one.active);
  if (burning.length === 0) return undefined;
  // A device that was bound to another place, or removed, restores there or never: it must not hold this one for ever.
  const present = here === undefined ? undefined : new Set(here().map(({ id }) => id));
  const held = burning.filter(({ deviceId }) => present === undefined || present.has(deviceId));
  if (held.length === 0) return undefined;
  const active = held.map(({ deviceId, row }) => `${deviceId} ${row.point || row.class}`);
  const shown = active.slice(0, 3).join(', ') + (active.length > 3 ? ` and ${active.length - 3} more` : '');
  return conflict(`Still in alarm: ${shown}. Restore the devices on site before closing.`);
}

/** Closing is impossible while it is active; what is overdue has become a visit for each (fire.md §5.9). */
function areaCloseRefusal(area: Area, at: Millis): Rejection | undefined {
  const { standing, overdue } = countOf(area.members, at);
  if (standing === overdue) return undefined;
  return conflict(
    `${standing - overdue} devices went into trouble less than 15 minutes ago. Those still in trouble then need a visit each.`,
  );
}

function notOpen(found: Incident | undefined): Rejection {
  if (found?.closed != null) return already('closed', found.closed);
  return { code: 'notFound', message: 'There is no open incident with this id at this place.' };
}

function already(what: string, mark: { readonly at: Millis; readonly by: string }): Rejection {
  return conflict(`Already ${what} by ${mark.by} at ${clockTime(mark.at)}.`);
}

function conflict(message: string): Rejection {
  return { code: 'conflict', message };
}

/** Wall-clock time in Vietnam (UTC+7, no summer time), as people in the room say it. */
function clockTime(at: Millis): string {
  return new Date(at + 7 * 3_600_000).toISOString().slice(11, 19);
}

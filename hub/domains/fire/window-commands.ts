/** Opening, extending and ending a window, and the sentence when it cannot be done. Pure; fire.md §5.8. */
import { Type } from 'typebox';
import type { Millis } from '../../../devices/wire.ts';
import type { Principal } from '../../access/policy.ts';
import type { NamedCommand, Rejection, Step } from '../../domain.ts';
import type { DeviceRecord } from '../../registry/records.ts';
import { afterWindow } from './after-window.ts';
import type { FireFact } from './events.ts';
import { alarmedRows, sourceOf } from './evidence.ts';
import { applyFact, type FireState } from './state.ts';
import { WindowKindSchema } from './window-schema.ts';
import { devicesOf, ending, overlaps, type Window, windowLimits } from './windows.ts';

const Text = Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' });
const Minutes = Type.Integer({ minimum: 1, maximum: 1_440 });
const window = { window: Type.String({ minLength: 1, maxLength: 64 }) };

/** The bodies that REST takes. */
export const windowBodies = {
  openWindow: Type.Object({
    kind: WindowKindSchema,
    devices: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1_000, description: 'all of the place when absent' }),
    ),
    points: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), {
        maxItems: 1_000,
        description: '`<device>/<point>`: only these points, e.g. one zone of a panel; instead of devices',
      }),
    ),
    reason: Text,
    compensation: Type.Optional(
      Type.String({ maxLength: 1_000, description: 'what stands in for an isolated device' }),
    ),
    minutes: Type.Optional(Minutes),
  }),
  extendWindow: Type.Object({ minutes: Minutes, reason: Text }),
  endWindow: Type.Object({ reason: Type.Optional(Type.String({ maxLength: 1_000 })) }),
};

/** Commands to the place, or to the device that is bound to none. */
export const windowCommands = {
  openWindow: { schema: windowBodies.openWindow, action: 'fire.act' },
  extendWindow: {
    schema: Type.Object({ ...window, ...windowBodies.extendWindow.properties }),
    action: 'fire.act',
  },
  endWindow: { schema: Type.Object({ ...window, ...windowBodies.endWindow.properties }), action: 'fire.act' },
} as const;

export type WindowCommand = NamedCommand<typeof windowCommands>;
type Input = WindowCommand & { readonly at: Millis; readonly by: Principal; readonly id: string };
type Opening = Extract<Input, { name: 'openWindow' }>;
type Outcome = Step<FireState, FireFact>;
/** The devices of the place as the registry knows them; quick to ask, slow to answer. */
type Here = () => readonly DeviceRecord[];

/** Tells them from the commands to an incident. */
export function isWindowCommand<C extends { readonly name: string }>(
  input: C,
): input is Extract<C, { readonly name: WindowCommand['name'] }> {
  return Object.hasOwn(windowCommands, input.name);
}

/** Carries it out, or says why not. */
export function stepWindow(state: FireState, input: Input, here: Here): Outcome {
  if (input.name === 'openWindow') return open(state, input, here);
  const standing = state.windows.find((one) => one.window === input.args.window);
  if (standing === undefined) {
    return { state, rejection: { code: 'notFound', message: 'No such window stands open at this place.' } };
  }
  if (input.name === 'extendWindow') return extend(state, input, standing);
  const rejection = standing.kind === 'commissioning' ? uncommissioned(standing, here()) : undefined;
  if (rejection !== undefined) return { state, rejection };
  return close(state, ending(standing, state.devices, input.at, input.by.name, input.args.reason ?? 'ended'));
}

function open(state: FireState, { at, by, id, args }: Opening, here: Here): Outcome {
  const known = [...new Set([...here().map((device) => device.id), ...Object.keys(state.devices)])];
  const devices = args.points === undefined ? (args.devices ?? known) : devicesOf(args.points);
  const rejection = unfit(args, devices, here()) ?? openRefusal(state, args, devices, known);
  if (rejection !== undefined) return { state, rejection };
  const until = at + (args.minutes === undefined ? windowLimits[args.kind].usualMs : args.minutes * 60_000);
  const { kind, reason, compensation = null, points } = args;
  const extent = { devices: [...devices], ...(points === undefined ? {} : { points: [...new Set(points)] }) };
  const opened: FireFact = {
    type: 'window.opened',
    at,
    data: { window: id, kind, ...extent, by: by.name, reason, compensation, until },
  };
  const after = applyFact(state, opened);
  const aside = setAside(after, at, by.name, reason);
  return { state: aside.reduce(applyFact, after), events: [opened, ...aside] };
}

/** A burnt detector that is isolated no longer keeps its incident from being closed. */
function setAside({ open: incident, devices }: FireState, at: Millis, by: string, reason: string): FireFact[] {
  if (incident === null || incident.source !== 'active' || sourceOf(alarmedRows(devices)) === 'active') return [];
  return [{ type: 'incident.setAside', at, data: { incident: incident.id, by, reason } }];
}

/** Devices that stand for others, or for the hub itself, are never put out of service whole: nothing would ring for a stranger. */
function unfit({ points }: Opening['args'], devices: readonly string[], here: readonly DeviceRecord[]) {
  const found = here.find(({ id, model }) => devices.includes(id) && (model === 'watchdog' || model === 'stand-in'));
  if (found === undefined || (found.model === 'stand-in' && points !== undefined)) return undefined;
  const message =
    found.model === 'watchdog'
      ? `"${found.id}" is the hub's own test of the alarm path; it stays in service.`
      : `"${found.id}" stands for every unregistered panel; name the points (points: ["${found.id}/…"]) of the one that is meant.`;
  return { code: 'unprocessable', message } satisfies Rejection;
}

function openRefusal(
  state: FireState,
  args: Opening['args'],
  devices: readonly string[],
  known: readonly string[],
): Rejection | undefined {
  if (args.devices !== undefined && args.points !== undefined) {
    return { code: 'unprocessable', message: 'A window names devices or points of them, not both.' };
  }
  const stranger = devices.find((device) => !known.includes(device));
  if (stranger !== undefined)
    return { code: 'unprocessable', message: `There is no device "${stranger}" at this place.` };
  if (devices.length === 0) return { code: 'unprocessable', message: 'There is no device at this place.' };
  const isAnywhere = args.devices === undefined && args.points === undefined;
  if (args.kind === 'isolation' && (isAnywhere || !args.compensation?.trim())) {
    return { code: 'unprocessable', message: 'An isolation names its devices, and what stands in for them meanwhile.' };
  }
  const longest = windowLimits[args.kind].longestMs / 60_000;
  if ((args.minutes ?? 0) > longest) return tooLong(args.kind, longest);
  const extent = args.points === undefined ? { devices: [...devices] } : { devices: [...devices], points: args.points };
  const other = state.windows.find(
    (one) => (one.kind === 'drill') === (args.kind === 'drill') && overlaps(one, extent),
  );
  if (other === undefined) return undefined;
  return {
    code: 'conflict',
    message: `A window (${other.kind}) of ${other.by} already stands open for these devices.`,
  };
}

function extend(
  state: FireState,
  { at, by, args }: Extract<Input, { name: 'extendWindow' }>,
  standing: Window,
): Outcome {
  const longest = windowLimits[standing.kind].longestMs / 60_000;
  if (args.minutes > longest) return { state, rejection: tooLong(standing.kind, longest) };
  const until = at + args.minutes * 60_000;
  const data = { window: standing.window, by: by.name, reason: args.reason, until };
  const fact: FireFact = { type: 'window.extended', at, data };
  return { state: applyFact(state, fact), events: [fact] };
}

function close(state: FireState, ended: Extract<FireFact, { type: 'window.ended' }>): Outcome {
  const after = applyFact(state, ended);
  const consequences = afterWindow(after, ended);
  return { state: consequences.reduce(applyFact, after), events: [ended, ...consequences] };
}

/** In service only once the address is verified and every device was heard. */
function uncommissioned(window: Window, here: readonly DeviceRecord[]): Rejection | undefined {
  const silent = window.devices.find((id) => !window.seen.some((name) => name.startsWith(`${id}/`)));
  if (silent !== undefined)
    return { code: 'conflict', message: `Nothing was heard of "${silent}" yet; set it off once.` };
  const loose = here.find(({ id, binding }) => window.devices.includes(id) && binding?.state !== 'verified');
  if (loose === undefined) return undefined;
  return { code: 'conflict', message: `The address of "${loose.id}" is not verified yet.` };
}

function tooLong(kind: string, minutes: number): Rejection {
  return {
    code: 'unprocessable',
    message: `A window of this kind (${kind}) lasts at most ${minutes} minutes at once.`,
  };
}

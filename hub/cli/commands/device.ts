/** `nhip device`: devices, their MQTT secrets, and what they hang at. */
import { isDeviceId } from '../../../devices/wire.ts';
import type { Binding, DeviceRecord } from '../../registry/records.ts';
import type { Registry } from '../../registry/registry.ts';
import { numberOf, onePositional, printTable, readArguments } from '../arguments.ts';
import { type Command, CommandError, type ExitCode, type Io, UsageError } from '../io.ts';
import { withStores } from '../stores.ts';

const verbs: Readonly<Record<string, (args: readonly string[], io: Io) => Promise<ExitCode>>> = {
  add,
  list,
  secret,
  bind,
  remove,
};

export const device: Command = {
  name: 'device',
  summary: 'Adds, lists, binds and removes devices and gives them secrets',
  usage:
    'add <id> --domain <name> [--name … --model … --heartbeat <s> --bind <kind>:<target> --gateway …] | list [--domain <name>] | secret <id> | bind <id> <kind>:<target> | remove <id>',
  help: [
    'The id is the MQTT username, 1 to 64 of A-Z a-z 0-9 _ -; the secret is printed once and kept nowhere.',
    'Kinds of a binding: place, lot, vehicle. `bind <id> none` frees the device.',
    '',
    'npx nhip device add F-100 --domain fire --bind place:HN-0001',
    'npx nhip device secret F-100        a new secret; the one before stays valid for a week',
  ],
  async run(args, io) {
    const [verb, ...rest] = args;
    const known = Object.keys(verbs).join(', ');
    if (verb === undefined) throw new UsageError(`one of ${known} is missing`);
    const action = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (action === undefined) throw new UsageError(`"${verb}" is none of ${known}`);
    return action(rest, io);
  },
};

async function add(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    domain: { type: 'string' },
    name: { type: 'string' },
    model: { type: 'string', default: 'generic' },
    heartbeat: { type: 'string', default: '60' },
    bind: { type: 'string' },
    gateway: { type: 'string' },
    synthetic: { type: 'boolean', default: false },
  });
  const id = onePositional(positionals, 'id');
  if (!isDeviceId(id)) throw new UsageError(`"${id}" cannot be a device id: 1 to 64 of A-Z a-z 0-9 _ -`);
  const { domain } = values;
  if (domain === undefined) throw new UsageError('--domain is missing, e.g. --domain fire');
  const heartbeatMs = Math.round(numberOf('--heartbeat', values.heartbeat) * 1000);
  const made = await withStores(io, ({ access, registry }) => {
    if (registry.device(id) !== undefined) {
      throw new CommandError(`There is a device "${id}" already. A new secret for it: npx nhip device secret ${id}`);
    }
    const binding = values.bind === undefined ? undefined : bindingOf(values.bind, registry, io.now());
    const record: DeviceRecord = {
      id,
      domain,
      model: values.model,
      name: values.name ?? id,
      heartbeatMs,
      synthetic: values.synthetic,
      ...(values.gateway === undefined ? {} : { gateway: values.gateway }),
      ...(binding === undefined ? {} : { binding }),
    };
    // The secret first: it refuses a domain that cannot be, and a device without a secret cannot connect.
    const password = access.setDeviceSecret(id, domain);
    registry.putDevice(record);
    return { record, password };
  });
  showSecret(io, values, { id, domain, password: made.password });
  return 0;
}

function showSecret(
  io: Io,
  flags: { readonly json: boolean; readonly quiet: boolean },
  made: { readonly id: string; readonly domain: string; readonly password: string },
): void {
  if (flags.json) {
    io.out(JSON.stringify({ id: made.id, domain: made.domain, username: made.id, password: made.password }));
    return;
  }
  io.out(made.password);
  if (flags.quiet) return;
  io.err(
    `MQTT username ${made.id}, password above. Keep it: it is shown only now. Topics: city/v1/${made.domain}/${made.id}/…`,
  );
}

async function list(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values } = readArguments(args, { domain: { type: 'string' } });
  const devices = await withStores(io, ({ registry }) =>
    [...registry.devices()]
      .filter(({ domain }) => values.domain === undefined || domain === values.domain)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  if (values.json) io.out(JSON.stringify(devices));
  else if (devices.length === 0) io.err('There are no devices. Add one: npx nhip device add <id> --domain fire');
  else {
    const rows = devices.map(({ id, domain, model, binding, name }) => [
      id,
      domain,
      model,
      binding === undefined ? '-' : `${binding.kind}:${binding.target} (${binding.state})`,
      name,
    ]);
    printTable(io, ['id', 'domain', 'model', 'bound to', 'name'], rows);
  }
  return 0;
}

async function secret(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {});
  const id = onePositional(positionals, 'id');
  const made = await withStores(io, ({ access, registry }) => {
    const { domain } = known(registry, id);
    return { id, domain, password: access.setDeviceSecret(id, domain) };
  });
  showSecret(io, values, made);
  return 0;
}

async function bind(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, { state: { type: 'string' } });
  const [id, target, ...rest] = positionals;
  if (id === undefined || target === undefined) throw new UsageError('<id> and <kind>:<target> are needed');
  if (rest[0] !== undefined) throw new UsageError(`"${rest[0]}" is one word too many`);
  const binding = await withStores(io, ({ registry }) => {
    known(registry, id);
    const wanted = target === 'none' ? undefined : bindingOf(target, registry, io.now(), values.state);
    registry.bindDevice(id, wanted, { by: 'console', at: io.now(), how: 'console' });
    return wanted;
  });
  if (values.json) io.out(JSON.stringify({ id, binding: binding ?? null }));
  else if (!values.quiet)
    io.err(binding === undefined ? `${id} is free.` : `${id} hangs at ${target} (${binding.state}).`);
  return 0;
}

async function remove(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {});
  const id = onePositional(positionals, 'id');
  await withStores(io, ({ access, registry }) => {
    known(registry, id);
    access.removeDevice(id);
    registry.removeDevice(id, { by: 'console', at: io.now(), how: 'console' });
  });
  if (values.json) io.out(JSON.stringify({ id, removed: true }));
  else if (!values.quiet) io.err(`${id} is removed; its secret no longer works.`);
  return 0;
}

function known(registry: Registry, id: string): DeviceRecord {
  const record = registry.device(id);
  if (record === undefined) throw new CommandError(`There is no device "${id}". See: npx nhip device list`);
  return record;
}

/** `place:HN-0001`. @throws UsageError when it is not of that form, CommandError when the registry does not know it. */
function bindingOf(text: string, registry: Registry, since: number, state = 'claimed'): Binding {
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(0, colon));
  const target = text.slice(colon + 1);
  if ((kind !== 'place' && kind !== 'lot' && kind !== 'vehicle') || target === '') {
    throw new UsageError(`"${text}" is not <kind>:<target>, e.g. place:HN-0001, lot:P1, vehicle:29B-12345`);
  }
  if (state !== 'claimed' && state !== 'verified' && state !== 'disputed') {
    throw new UsageError('--state must be claimed, verified or disputed');
  }
  const isKnown =
    kind === 'place' ? registry.place(target) : kind === 'lot' ? registry.lot(target) : registry.vehicle(target);
  if (isKnown === undefined) {
    throw new CommandError(`The registry knows no ${kind} "${target}". Import it first: npx nhip import <file>`);
  }
  return { kind, target, state, since, by: 'console', how: 'console' };
}

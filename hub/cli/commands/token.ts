/** `nhip token`: tokens of people and apps. */
import { roles } from '../../access/policy.ts';
import type { TokenInfo } from '../../access/tokens.ts';
import { onePositional, printTable, readArguments } from '../arguments.ts';
import { type Command, CommandError, type ExitCode, type Io, UsageError } from '../io.ts';
import { withStores } from '../stores.ts';

export const token: Command = {
  name: 'token',
  summary: 'Makes, lists and revokes tokens of people and apps',
  usage: 'create --role <role> [--name <who>] [--expires <days or date>] | list | revoke <id>',
  help: [
    `Roles: ${roles.join(', ')}; --role may be given several times.`,
    'A new token is printed once and kept nowhere. A running hub knows of it within a second.',
    '',
    'npx nhip token create --role fire --name "Trạm 3"',
    'npx nhip token create --role transit --expires 90d',
  ],
  async run(args, io) {
    const [verb, ...rest] = args;
    switch (verb) {
      case 'create':
        return create(rest, io);
      case 'list':
        return list(rest, io);
      case 'revoke':
        return revoke(rest, io);
      default:
        throw new UsageError(
          verb === undefined ? 'create, list or revoke is missing' : `"${verb}" is not create, list or revoke`,
        );
    }
  },
};

async function create(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    role: { type: 'string', multiple: true, default: [] },
    name: { type: 'string' },
    expires: { type: 'string' },
  });
  if (positionals[0] !== undefined) throw new UsageError(`"${positionals[0]}" is one word too many`);
  if (values.role.length === 0) throw new UsageError(`--role is missing; one of ${roles.join(', ')}`);
  const unknown = values.role.find((role) => !roles.some((known) => known === role));
  if (unknown !== undefined) throw new UsageError(`"${unknown}" is not a role; known are ${roles.join(', ')}`);
  const expiresAt = values.expires === undefined ? undefined : endOf(values.expires, io.now());
  const name = values.name ?? values.role.join('+');
  const made = await withStores(io, ({ access }) =>
    access.createToken({ name, roles: values.role, ...(expiresAt === undefined ? {} : { expiresAt }) }),
  );
  if (values.json) io.out(JSON.stringify({ ...made, name, roles: values.role, expiresAt: isoOf(expiresAt) }));
  else io.out(made.token);
  if (!values.quiet && !values.json)
    io.err(`Token ${made.id} for "${name}" (${values.role.join(', ')}). Keep it: it is shown only now.`);
  return 0;
}

/** `90d`, or a date. @throws UsageError */
function endOf(text: string, now: number): number {
  const days = /^([1-9]\d{0,4})d?$/.exec(text)?.[1];
  const at = days === undefined ? Date.parse(text) : now + Number(days) * 86_400_000;
  if (!Number.isFinite(at)) throw new UsageError('--expires must be days (90d) or a date (2027-01-31)');
  if (at <= now) throw new UsageError('--expires must lie in the future');
  return at;
}

async function list(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values } = readArguments(args, {});
  const tokens = await withStores(io, ({ access }) => access.listTokens());
  if (values.json) {
    io.out(JSON.stringify(tokens.map((info) => ({ ...info, ...timesOf(info) }))));
    return 0;
  }
  if (tokens.length === 0) io.err('There is no token yet. Make one: npx nhip token create --role admin');
  else {
    const rows = tokens.map((info) => {
      const { createdAt, expiresAt } = timesOf(info);
      return [info.id, info.roles.join(','), createdAt.slice(0, 10), expiresAt?.slice(0, 10) ?? 'never', info.name];
    });
    printTable(io, ['id', 'roles', 'created', 'expires', 'name'], rows);
  }
  return 0;
}

function timesOf(info: TokenInfo) {
  return { createdAt: new Date(info.createdAt).toISOString(), expiresAt: isoOf(info.expiresAt) };
}

function isoOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

async function revoke(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {});
  const id = onePositional(positionals, 'id');
  const isGone = await withStores(io, ({ access }) => access.revokeToken(id));
  if (!isGone) throw new CommandError(`There is no token "${id}". See: npx nhip token list`);
  if (values.json) io.out(JSON.stringify({ id, revoked: true }));
  else if (!values.quiet) io.err(`Token ${id} is revoked.`);
  return 0;
}

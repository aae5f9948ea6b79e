/** The engine's check of a command, for tests that stand without the engine. */
import { Compile } from 'typebox/compile';
import { type FireCommand, fireCommands } from '../../../../../hub/domains/fire/commands.ts';

const schemas = new Map(Object.entries(fireCommands).map(([name, { schema }]) => [name, Compile(schema)]));

export function isCommand(given: { readonly name: string; readonly args: unknown }): given is FireCommand {
  return schemas.get(given.name)?.Check(given.args) === true;
}

/** How a domain declares a message: one schema that is its type, its check and its documentation. Pure. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { BadMessage, decodeJson } from './wire.ts';

/**
 * Which road a message takes. `durable`: on disk (fsync) before the device's acknowledgement, never shed.
 * `stream`: a bounded queue to the history; at its bound the oldest is shed and counted.
 */
export type Lane = 'durable' | 'stream';

/** One kind of message: its schema, its lane, and the way from bytes to a typed value and back. */
export type MessageKind<S extends TSchema = TSchema> = {
  readonly schema: S;
  readonly lane: Lane;
  readonly qos: 0 | 1;
  readonly description: string;
  /** @throws BadMessage naming the first thing that is wrong and where. */
  parse(payload: Uint8Array): Static<S>;
  /** Encodes a message as a device would. */
  build(message: Static<S>): Buffer;
};

/** Declares a message kind from its schema. `check` may add rules that a schema cannot say; it throws BadMessage. */
export function defineMessage<S extends TSchema>(definition: {
  schema: S;
  lane: Lane;
  qos: 0 | 1;
  description: string;
  check?: (message: Static<S>) => void;
}): MessageKind<S> {
  const validator = Compile(definition.schema);
  return {
    schema: definition.schema,
    lane: definition.lane,
    qos: definition.qos,
    description: definition.description,
    parse(payload) {
      const value = decodeJson(payload);
      if (!validator.Check(value)) throw firstFault(validator.Errors(value));
      definition.check?.(value);
      return value;
    },
    build: (message) => Buffer.from(JSON.stringify(message)),
  };
}

/** A domain's messages by name: the last level of the topic. */
export type MessageTable = Readonly<Record<string, MessageKind>>;

/** The union `{ name, body }` of all messages in a table. */
export type NamedMessage<T extends MessageTable> = {
  [K in keyof T & string]: { readonly name: K; readonly body: T[K] extends MessageKind<infer S> ? Static<S> : never };
}[keyof T & string];

/**
 * Decodes one message of a table.
 *
 * @throws BadMessage: `unknownMessage` when the table has no such name, else what `parse` found wrong.
 */
export function decodeMessage<T extends MessageTable>(table: T, name: string, payload: Uint8Array): NamedMessage<T> {
  const kind = Object.hasOwn(table, name) ? table[name] : undefined;
  if (kind === undefined) {
    throw new BadMessage(
      'unknownMessage',
      `"${name}" is not a message here; known are ${Object.keys(table).join(', ')}`,
    );
  }
  const message = { name, body: kind.parse(payload) };
  if (!isParsedBy(table, message)) throw new BadMessage('unknownMessage', `"${name}" is not a message here`);
  return message;
}

/** The one place where name and body meet: the body was parsed by the kind of that name, which is what the type says. */
function isParsedBy<T extends MessageTable>(
  table: T,
  message: { readonly name: string; readonly body: unknown },
): message is NamedMessage<T> {
  return message.name in table;
}

type Fault = { readonly instancePath: string; readonly message: string; readonly keyword: string };

function firstFault(faults: readonly Fault[]): BadMessage {
  const fault = faults[0];
  if (fault === undefined) return new BadMessage('schema', 'payload does not fit the schema');
  const reason = rangeKeywords.has(fault.keyword) ? 'range' : 'schema';
  return new BadMessage(reason, `${fault.instancePath || 'payload'} ${fault.message}`, fault.instancePath);
}

const rangeKeywords = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'maxLength',
  'minLength',
  'maxItems',
  'minItems',
]);

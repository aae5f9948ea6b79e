/** AsyncAPI 3.0 from the same schemas that check the messages, so that the two cannot differ. */
import { type TSchema, Type } from 'typebox';
import { topicRoot } from '../../devices/wire.ts';
import { anonymous, may } from '../access/policy.ts';
import type { MountedDomain } from './options.ts';

type Message = { readonly payload: TSchema; readonly summary: string; readonly contentType: 'application/json' };
type Channel = {
  readonly address: string;
  readonly description: string;
  readonly servers: readonly Reference[];
  readonly parameters?: Readonly<Record<string, { readonly description: string }>>;
  readonly messages: Readonly<Record<string, Message>>;
  readonly bindings?: unknown;
};
type Reference = { readonly $ref: string };
type Operation = {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly summary: string;
  readonly messages: readonly Reference[];
  readonly bindings?: unknown;
};
type Entry = {
  readonly key: string;
  readonly channel: Channel;
  readonly operations: Readonly<Record<string, Operation>>;
};

/** An AsyncAPI 3.0 document. */
export type AsyncApiDocument = {
  readonly asyncapi: '3.0.0';
  readonly info: Readonly<Record<string, unknown>>;
  readonly defaultContentType: string;
  readonly servers: Readonly<Record<string, unknown>>;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  /** The facts of each domain as the journal keeps them. */
  readonly components: { readonly schemas: Readonly<Record<string, TSchema>> };
};

const CommandSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  args: Type.Unknown(),
  expires: Type.Integer({ description: 'Unix time, ms' }),
});
const ReplySchema = Type.Object({ id: Type.String(), ok: Type.Boolean(), error: Type.Optional(Type.String()) });
const ReceiptSchema = Type.Object({
  id: Type.String({ description: "the device's id of the event" }),
  state: Type.Union([Type.Literal('stored'), Type.Literal('delivered'), Type.Literal('accepted')]),
  ts: Type.Integer({ description: 'Unix time, ms' }),
});
const SubscribeAnswerSchema = Type.Object({
  ok: Type.Boolean(),
  error: Type.Optional(Type.String()),
  snapshot: Type.Optional(Type.Unknown({ description: 'everything that the filter may see now' })),
  cursor: Type.Optional(Type.Integer({ description: 'send it as `since` after a break' })),
});

/** The document for these domains. */
export function asyncApiOf(domains: readonly MountedDomain[], version: string): AsyncApiDocument {
  const entries = domains.flatMap((domain) => [
    ...Object.entries(domain.messages).map(([name, message]) => deviceMessage(domain, name, message)),
    ...(domain.name === 'fleet' ? [] : downward(domain)),
    ...(domain.live === undefined ? [] : live(domain, domain.live)),
  ]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Nhịp',
      version,
      license: { name: 'Apache-2.0' },
      description: `Devices speak MQTT below \`${topicRoot}\`; apps listen with socket.io. Times are Unix milliseconds.`,
    },
    defaultContentType: 'application/json',
    servers: {
      mqtt: {
        host: 'hub:1883',
        protocol: 'mqtt',
        protocolVersion: '3.1.1',
        description: 'Username is the device id; also over WebSocket at /mqtt of the HTTP port.',
      },
      live: { host: 'hub:8080', pathname: '/socket.io', protocol: 'socketio', description: 'Token in `auth.token`.' },
    },
    channels: Object.fromEntries(entries.map(({ key, channel }) => [key, channel])),
    operations: Object.fromEntries(entries.flatMap((entry) => Object.entries(entry.operations))),
    components: { schemas: Object.fromEntries(domains.map((domain) => [`${domain.name}.events`, domain.events])) },
  };
}

/** Devices of the fleet's messages stand below every domain's own name. */
function topicOf(domain: MountedDomain, message: string): string {
  return `${topicRoot}/${domain.name === 'fleet' ? '{domain}' : domain.name}/{deviceId}/${message}`;
}

function parametersOf(domain: MountedDomain): NonNullable<Channel['parameters']> {
  const deviceId = { description: 'the device, which is its MQTT username: [A-Za-z0-9_-]{1,64}' };
  return domain.name === 'fleet' ? { domain: { description: "the device's domain" }, deviceId } : { deviceId };
}

function deviceMessage(domain: MountedDomain, name: string, message: MountedDomain['messages'][string]): Entry {
  const key = `${domain.name}.${name}`;
  const road = message.lane === 'durable' ? 'on disk before it is acknowledged' : 'a bounded queue to the history';
  return {
    key,
    channel: {
      address: topicOf(domain, name),
      description: `${message.description}; ${road}`,
      servers: [{ $ref: '#/servers/mqtt' }],
      parameters: parametersOf(domain),
      messages: { [name]: { payload: message.schema, summary: message.description, contentType: 'application/json' } },
    },
    operations: {
      [key]: {
        action: 'receive',
        channel: { $ref: `#/channels/${key}` },
        summary: `The hub receives: ${message.description}`,
        messages: [{ $ref: `#/channels/${key}/messages/${name}` }],
        bindings: { mqtt: { qos: message.qos } },
      },
    },
  };
}

/** What the hub says to devices, and their answer. */
function downward(domain: MountedDomain): readonly Entry[] {
  const said = [
    { name: 'command', action: 'send', payload: CommandSchema, summary: 'The hub asks a device to do something' },
    { name: 'reply', action: 'receive', payload: ReplySchema, summary: 'The device answers a command' },
    ...(domain.first
      ? [
          {
            name: 'receipt',
            action: 'send',
            payload: ReceiptSchema,
            summary: 'How far an event of the device has come',
          } as const,
        ]
      : []),
  ] as const;
  return said.map(({ name, action, payload, summary }) => {
    const key = `${domain.name}.${name}`;
    return {
      key,
      channel: {
        address: topicOf(domain, name),
        description: summary,
        servers: [{ $ref: '#/servers/mqtt' }],
        parameters: parametersOf(domain),
        messages: { [name]: { payload, summary, contentType: 'application/json' as const } },
      },
      operations: {
        [key]: {
          action,
          channel: { $ref: `#/channels/${key}` },
          summary,
          messages: [{ $ref: `#/channels/${key}/messages/${name}` }],
          bindings: { mqtt: { qos: 1 } },
        },
      },
    };
  });
}

/** A namespace: subscribe, durable events, volatile frames. */
function live(domain: MountedDomain, definition: NonNullable<MountedDomain['live']>): readonly Entry[] {
  const key = `live${definition.namespace.replaceAll('/', '.')}`;
  const who = may(anonymous, definition.action) ? 'everyone, rate-limited' : `who may "${definition.action}"`;
  const message = (payload: TSchema, summary: string): Message => ({
    payload,
    summary,
    contentType: 'application/json',
  });
  const frames = Object.fromEntries(
    (definition.frames ?? []).map(({ name }) => [
      name,
      message(frameSchema(name), 'latest values, at most once a second'),
    ]),
  );
  const messages = {
    subscribe: message(definition.filter, 'replaces the last filter; answered with `subscribed`'),
    subscribed: message(SubscribeAnswerSchema, 'acknowledgement of `subscribe`'),
    event: message(
      eventSchema(domain),
      'sent until it is acknowledged; after a break `since: cursor` gives what was missed',
    ),
    ...frames,
  };
  const reference = (name: string): Reference => ({ $ref: `#/channels/${key}/messages/${name}` });
  return [
    {
      key,
      channel: {
        address: definition.namespace,
        description: `${domain.title.en}; open to ${who}`,
        servers: [{ $ref: '#/servers/live' }],
        messages,
      },
      operations: {
        [`${key}.subscribe`]: {
          action: 'receive',
          channel: { $ref: `#/channels/${key}` },
          summary: 'An app says what it wants to see',
          messages: [reference('subscribe')],
        },
        [`${key}.hear`]: {
          action: 'send',
          channel: { $ref: `#/channels/${key}` },
          summary: 'The hub shows what happens',
          messages: Object.keys(messages)
            .filter((name) => name !== 'subscribe')
            .map(reference),
        },
      },
    },
  ];
}

function frameSchema(name: string): TSchema {
  return Type.Object({
    at: Type.Integer({ description: 'Unix time, ms' }),
    [name]: Type.Array(Type.Array(Type.Unknown())),
    gone: Type.Optional(Type.Array(Type.String())),
  });
}

function eventSchema(domain: MountedDomain): TSchema {
  return Type.Object({
    cursor: Type.Integer(),
    id: Type.String(),
    subject: Type.String(),
    type: Type.String(),
    at: Type.Integer({ description: 'Unix time, ms' }),
    data: Type.Unknown({
      description: `what the app sees of it; the facts behind it are #/components/schemas/${domain.name}.events`,
    }),
  });
}

/** Devices over REST: make, change, bind, remove. For administrators; reading them is the fleet's. */
import { Type } from 'typebox';
import { isDeviceId, type Millis } from '../../devices/wire.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';
import type { RegistryReader } from '../ports.ts';
import type { Binding, DeviceRecord } from '../registry/records.ts';
import type { ApiOptions, DeviceAdmin } from './options.ts';
import { Name } from './tokens.ts';

const BindingSchema = Type.Object(
  {
    kind: Type.Union([Type.Literal('place'), Type.Literal('lot'), Type.Literal('vehicle')]),
    target: Type.String({ minLength: 1, maxLength: 100 }),
    state: Type.Optional(
      Type.Union([Type.Literal('claimed'), Type.Literal('verified'), Type.Literal('disputed')], { default: 'claimed' }),
    ),
  },
  { additionalProperties: false },
);
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });
const deviceFields = {
  model: Type.Optional(Type.String({ minLength: 1, maxLength: 64, default: 'generic' })),
  name: Type.Optional(Name),
  heartbeatSeconds: Type.Optional(Type.Number({ minimum: 1, maximum: 604_800, default: 60 })),
  position: Type.Optional(
    Type.Object(
      { lat: Type.Number({ minimum: -90, maximum: 90 }), lon: Type.Number({ minimum: -180, maximum: 180 }) },
      { additionalProperties: false },
    ),
  ),
  gateway: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'gateway, feeder or provider; what shares one fails together',
    }),
  ),
  binding: Type.Optional(Type.Union([BindingSchema, Type.Null()], { description: 'null unbinds' })),
  rotateSecret: Type.Optional(
    Type.Boolean({ description: 'true: answers a new secret; the one before stays valid for a week' }),
  ),
};
const NewDeviceSchema = Type.Object(
  { id: Id, domain: Type.String({ maxLength: 32 }), ...deviceFields },
  { additionalProperties: false },
);
const DeviceChangeSchema = Type.Object(deviceFields, { additionalProperties: false });
const DeviceAnswerSchema = Type.Object({
  id: Type.String(),
  domain: Type.String(),
  model: Type.String(),
  name: Type.String(),
  heartbeatSeconds: Type.Number(),
  binding: Type.Union([
    Type.Object({
      kind: Type.String(),
      target: Type.String(),
      state: Type.String(),
      since: Type.String({ format: 'date-time' }),
      by: Type.String(),
    }),
    Type.Null(),
  ]),
  gateway: Type.Union([Type.String(), Type.Null()]),
  synthetic: Type.Boolean(),
  username: Type.String({ description: 'for MQTT; the device id' }),
  secret: Type.Optional(Type.String({ description: 'the MQTT password; shown this once' })),
});

/** `POST`, `PUT` and `DELETE` of `/api/v1/devices`; reading them is the fleet's. */
export function deviceAdminRoutes(api: Api, options: DeviceRoutesOptions): void {
  addCreate(api, options);
  addChange(api, options);
  addRemove(api, options);
}

function addCreate(api: Api, options: DeviceRoutesOptions): void {
  const { devices, registry } = options;
  api.post(
    '/api/v1/devices',
    {
      config: { action: 'admin' },
      schema: {
        tags: ['devices'],
        summary: 'Makes a device; its MQTT secret is in this answer and nowhere else',
        body: NewDeviceSchema,
        response: { 201: DeviceAnswerSchema },
      },
    },
    async ({ body, principal }, reply) => {
      if (registry.device(body.id) !== undefined) {
        throw new HubError(
          'conflict',
          `there is a device "${body.id}" already; change it with PUT /api/v1/devices/${body.id}`,
        );
      }
      const domain = options.domains.find((candidate) => candidate.name === body.domain);
      if (domain === undefined) {
        const known = options.domains.map((candidate) => candidate.name).join(', ');
        throw new HubError('unprocessable', `there is no domain "${body.domain}"; known are ${known}`);
      }
      const blank: DeviceRecord = {
        id: body.id,
        domain: body.domain,
        model: 'generic',
        name: body.id,
        heartbeatMs: 60_000,
        synthetic: false,
      };
      const record = changed(blank, body, principal.name, options);
      devices.put(record, handOf(principal.name, options));
      const secret = devices.issueSecret(record.id, record.domain);
      return reply.code(201).send({ ...deviceAnswer(record), secret });
    },
  );
}

function addChange(api: Api, options: DeviceRoutesOptions): void {
  const { devices, registry } = options;
  api.put(
    '/api/v1/devices/:id',
    {
      config: { action: 'admin' },
      schema: {
        tags: ['devices'],
        summary: 'Changes what is given; the rest stays',
        params: Type.Object({ id: Id }),
        body: DeviceChangeSchema,
        response: { 200: DeviceAnswerSchema },
      },
    },
    async ({ params, body, principal }) => {
      const record = changed(existing(registry, params.id), body, principal.name, options);
      devices.put(record, handOf(principal.name, options));
      if (!body.rotateSecret) return deviceAnswer(record);
      return { ...deviceAnswer(record), secret: devices.issueSecret(record.id, record.domain) };
    },
  );
}

function addRemove(api: Api, options: DeviceRoutesOptions): void {
  const { devices, registry } = options;
  api.delete(
    '/api/v1/devices/:id',
    {
      config: { action: 'admin' },
      schema: {
        tags: ['devices'],
        summary: 'Removes a device, its secret and its session',
        params: Type.Object({ id: Id }),
        response: { 204: Type.Null() },
      },
    },
    async ({ params, principal }, reply) => {
      devices.remove(existing(registry, params.id).id, handOf(principal.name, options));
      return reply.code(204).send(null);
    },
  );
}

type DeviceRoutesOptions = {
  readonly devices: DeviceAdmin;
  readonly registry: RegistryReader;
  readonly domains: ApiOptions['domains'];
  now(): Millis;
};

type Change = {
  readonly model?: string;
  readonly name?: string;
  readonly heartbeatSeconds?: number;
  readonly position?: { readonly lat: number; readonly lon: number };
  readonly gateway?: string;
  readonly binding?: {
    readonly kind: Binding['kind'];
    readonly target: string;
    readonly state?: Binding['state'];
  } | null;
};

function existing(registry: RegistryReader, id: string): DeviceRecord {
  const record = isDeviceId(id) ? registry.device(id) : undefined;
  if (record === undefined) throw new HubError('notFound', `there is no device "${id}"`);
  return record;
}

function changed(record: DeviceRecord, change: Change, by: string, options: DeviceRoutesOptions): DeviceRecord {
  const { binding: oldBinding, ...standing } = record;
  const binding = change.binding === undefined ? oldBinding : newBinding(change.binding, by, options);
  return {
    ...standing,
    ...(change.model === undefined ? {} : { model: change.model }),
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.heartbeatSeconds === undefined ? {} : { heartbeatMs: Math.round(change.heartbeatSeconds * 1000) }),
    ...(change.position === undefined ? {} : { position: change.position }),
    ...(change.gateway === undefined ? {} : { gateway: change.gateway }),
    ...(binding === undefined ? {} : { binding }),
  };
}

/** @throws HubError `unprocessable` when the registry does not know what the device should hang at. */
function newBinding(
  binding: NonNullable<Change['binding']> | null,
  by: string,
  options: DeviceRoutesOptions,
): Binding | undefined {
  if (binding === null) return undefined;
  const { kind, target, state } = binding;
  if (!isKnownTarget(options.registry, kind, target)) {
    throw new HubError('unprocessable', `there is no ${kind} "${target}" in the registry; import it first`);
  }
  return { kind, target, state: state ?? 'claimed', since: options.now(), by, how: 'admin' };
}

function handOf(by: string, options: DeviceRoutesOptions) {
  return { by, at: options.now(), how: 'admin' } as const;
}

function isKnownTarget(registry: RegistryReader, kind: Binding['kind'], target: string): boolean {
  switch (kind) {
    case 'place':
      return registry.place(target) !== undefined;
    case 'lot':
      return registry.lot(target) !== undefined;
    case 'vehicle':
      return registry.vehicle(target) !== undefined;
  }
}

function deviceAnswer(record: DeviceRecord) {
  const { binding } = record;
  return {
    id: record.id,
    domain: record.domain,
    model: record.model,
    name: record.name,
    heartbeatSeconds: record.heartbeatMs / 1000,
    binding: binding === undefined ? null : { ...binding, since: new Date(binding.since).toISOString() },
    gateway: record.gateway ?? null,
    synthetic: record.synthetic,
    username: record.id,
  };
}

/** Proof of where a device hangs: an installer scans the place's code next to it; whoever finds it elsewhere disputes it. */
import { Type } from 'typebox';
import type { Millis } from '../../devices/wire.ts';
import { may } from '../access/policy.ts';
import type { Api } from '../domain.ts';
import { HubError } from '../errors.ts';
import type { RegistryReader } from '../ports.ts';
import { distanceMeters } from '../registry/geometry.ts';
import type { Binding, BindingChange, BindingMethod, BindingState, DeviceRecord, Place } from '../registry/records.ts';
import { openBindingStore } from './binding-store.ts';
import { placeCode, readPlaceCode } from './place-code.ts';

export type BindingsOptions = {
  /** Path of `bindings.db`. */
  readonly path: string;
  readonly registry: Pick<RegistryReader, 'device' | 'place'> & {
    bindDevice(id: string, binding: Binding | undefined): void;
    bindingChanges(device: string): readonly BindingChange[];
  };
  now(): Millis;
};

export type Bindings = {
  /** `GET /places/:id/qr`, `POST /devices/:id/verify-binding`, `POST /devices/:id/dispute`, `GET /devices/:id/bindings`. */
  routes(api: Api): void;
  close(): void;
};

/** A scan that is older, or from a phone whose clock is off by more, is made again. */
const scanWithinMs: Millis = 10 * 60_000;
/** Farther away the installer stands at another house; a phone among high houses errs by 20 to 30 m. */
const scanWithinMeters = 50;

const Id = Type.Object({ id: Type.String({ maxLength: 100 }) });
const Time = Type.String({ format: 'date-time' });
const BindingAnswer = Type.Object({
  deviceId: Type.String(),
  placeId: Type.String(),
  state: Type.Union([Type.Literal('claimed'), Type.Literal('verified'), Type.Literal('disputed')]),
  since: Time,
  by: Type.String(),
});
const Scan = Type.Object(
  {
    qr: Type.String({ maxLength: 200 }),
    lat: Type.Number({ minimum: -90, maximum: 90 }),
    lon: Type.Number({ minimum: -180, maximum: 180 }),
    at: Time,
  },
  { additionalProperties: false },
);
const Reason = Type.Object({ reason: Type.String({ minLength: 3, maxLength: 300, pattern: '\\S' }) });
const Changes = Type.Object({
  items: Type.Array(
    Type.Object({
      kind: Type.String({ description: 'place, lot or vehicle' }),
      placeId: Type.String({ description: 'what it hung at: of a place the house-number ID' }),
      from: Type.String({ description: 'state before: none, claimed, verified or disputed' }),
      to: Type.String({ description: 'claimed, verified, disputed; superseded when it was moved or freed' }),
      at: Time,
      by: Type.String(),
      how: Type.Union([Type.String(), Type.Null()], {
        description: 'qr: scanned on site; word: said by a person; admin, console, import: set there',
      }),
      detail: Type.String({ description: 'metres from the place, a reason, or where it was moved to' }),
    }),
  ),
  next: Type.Null(),
});

/** Opens the store and its key. @throws StartError when it cannot be used. */
export function openBindings({ path, registry, now }: BindingsOptions): Bindings {
  const store = openBindingStore(path);

  function change(device: DeviceRecord, to: BindingState, by: string, how: BindingMethod, detail: string): Binding {
    const { target } = placed(device);
    const binding = { kind: 'place', target, state: to, since: now(), by, how, detail } as const;
    // The registry notes the change in the same transaction: a verified binding without its proof must not be.
    registry.bindDevice(device.id, binding);
    return binding;
  }

  function verify(id: string, scan: { qr: string; lat: number; lon: number; at: string }, by: string): Binding {
    const device = deviceOf(registry, id);
    const place = scannedPlace(registry, device, readPlaceCode(scan.qr, store.key), scan.qr);
    if (Math.abs(now() - Date.parse(scan.at)) > scanWithinMs) {
      throw new HubError('unprocessable', 'The scan is not of the last 10 minutes; set the clock and scan again.');
    }
    const meters = Math.round(distanceMeters({ lat: scan.lat, lon: scan.lon }, place.position));
    if (meters > scanWithinMeters) {
      throw new HubError(
        'unprocessable',
        `The scan was made ${meters} m away from ${place.id}; at most ${scanWithinMeters} m.`,
      );
    }
    return change(device, 'verified', by, 'qr', `${meters} m`);
  }

  return {
    routes(api) {
      addCode(api, registry, store.key);
      addVerify(api, verify);
      addDispute(api, (id, reason, by) => change(deviceOf(registry, id), 'disputed', by, 'word', reason));
      addChanges(api, (id) => {
        const device = deviceOf(registry, id).id;
        return [...registry.bindingChanges(device), ...store.changes(device)];
      });
    },
    close: store.close,
  };
}

function addCode(api: Api, registry: Pick<RegistryReader, 'place'>, key: Uint8Array): void {
  api.get(
    '/api/v1/places/:id/qr',
    {
      config: { action: 'fleet.act' },
      schema: {
        tags: ['places'],
        summary: 'The text of the signed QR code for the plate of a place',
        params: Id,
        response: { 200: Type.Object({ placeId: Type.String(), text: Type.String() }) },
      },
    },
    async ({ params }) => {
      const place = registry.place(params.id);
      if (place === undefined) throw new HubError('notFound', `There is no place "${params.id}".`);
      return { placeId: place.id, text: placeCode(place.id, key) };
    },
  );
}

type Verify = (id: string, scan: { qr: string; lat: number; lon: number; at: string }, by: string) => Binding;

function addVerify(api: Api, verify: Verify): void {
  api.post(
    '/api/v1/devices/:id/verify-binding',
    {
      config: { action: 'fleet.act' },
      schema: {
        tags: ['devices'],
        summary: 'An installer proves on site where the device hangs',
        description:
          'The code is of the place that the device is bound to, scanned in the last 10 minutes, within 50 m.',
        params: Id,
        body: Scan,
        response: { 200: BindingAnswer },
      },
    },
    async ({ params, body, principal }) => answerOf(params.id, verify(params.id, body, principal.name)),
  );
}

function addDispute(api: Api, dispute: (id: string, reason: string, by: string) => Binding): void {
  api.post(
    '/api/v1/devices/:id/dispute',
    {
      config: { action: 'fleet.read' },
      schema: {
        tags: ['devices'],
        summary: 'Somebody has found that the device hangs elsewhere',
        params: Id,
        body: Reason,
        response: { 200: BindingAnswer },
      },
    },
    async ({ params, body, principal }) => {
      // Crews find wrong addresses, and those who keep the fleet.
      if (!may(principal, 'fleet.act') && !may(principal, 'fire.act')) {
        throw new HubError('forbidden', 'this needs "fleet.act" or "fire.act"');
      }
      return answerOf(params.id, dispute(params.id, body.reason, principal.name));
    },
  );
}

function addChanges(api: Api, changes: (id: string) => readonly BindingChange[]): void {
  api.get(
    '/api/v1/devices/:id/bindings',
    {
      config: { action: 'fleet.read' },
      schema: {
        tags: ['devices'],
        summary: 'What it has hung at: who said, proved, disputed or changed it, when and how',
        description: 'Newest first, the last 100 changes.',
        params: Id,
        response: { 200: Changes },
      },
    },
    async ({ params }) => ({
      items: changes(params.id).map(({ device: _device, target, at, how, ...rest }) => {
        return { ...rest, placeId: target, at: new Date(at).toISOString(), how: how ?? null };
      }),
      next: null,
    }),
  );
}

function deviceOf(registry: Pick<RegistryReader, 'device'>, id: string): DeviceRecord {
  const device = registry.device(id);
  if (device === undefined) throw new HubError('notFound', `There is no device "${id}".`);
  return device;
}

function placed({ id, binding }: DeviceRecord): Binding {
  if (binding?.kind === 'place') return binding;
  throw new HubError('conflict', `"${id}" is bound to no place; an administrator binds it first.`);
}

function scannedPlace(
  registry: Pick<RegistryReader, 'place'>,
  device: DeviceRecord,
  placeId: string | undefined,
  text: string,
): Place {
  const { target } = placed(device);
  if (placeId === undefined) {
    // A plate of the city says where one is, and anybody can copy it: it proves nothing that a signed code would.
    const isPlate = registry.place(target)?.aliases?.some(({ kind, value }) => kind === 'plateQr' && value === text);
    throw new HubError(
      'unprocessable',
      isPlate
        ? `This is the house-number plate of ${target}, which is not signed; scan this hub's own code of the place.`
        : 'This is no code of this hub, or it was altered.',
    );
  }
  if (placeId !== target) {
    throw new HubError('conflict', `The code is of ${placeId}, but "${device.id}" is bound to ${target}.`);
  }
  const place = registry.place(placeId);
  if (place === undefined) throw new HubError('notFound', `There is no place "${placeId}".`);
  return place;
}

function answerOf(deviceId: string, { target, state, since, by }: Binding) {
  return { deviceId, placeId: target, state, since: new Date(since).toISOString(), by };
}

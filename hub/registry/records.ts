/** The city's standing facts, as plain records: what the registry keeps and hands to the steps as context. */
import type { Millis } from '../../devices/wire.ts';

/** WGS 84, degrees. */
export type Position = { readonly lat: number; readonly lon: number };

/** How sure we are that a device hangs where the registry says. */
export type BindingState = 'claimed' | 'verified' | 'disputed';

/**
 * How a binding came to stand: a signed code scanned on site, a person's word, an administrator over REST, the console,
 * or an imported file.
 */
export const bindingMethods = ['qr', 'word', 'admin', 'console', 'import'] as const;
export type BindingMethod = (typeof bindingMethods)[number];

/** Device ↔ place, lot or vehicle. */
export type Binding = {
  readonly kind: 'place' | 'lot' | 'vehicle';
  readonly target: string;
  readonly state: BindingState;
  readonly since: Millis;
  readonly by: string;
  /** Absent for bindings older than this field. */
  readonly how?: BindingMethod;
  /** What was seen or said, e.g. `12 m` or a reason. */
  readonly detail?: string;
};

/** One change of what a device hangs at. `superseded`: it was moved or freed. */
export type BindingChange = {
  readonly device: string;
  readonly kind: Binding['kind'];
  readonly target: string;
  readonly from: BindingState | 'none';
  readonly to: BindingState | 'superseded';
  readonly at: Millis;
  readonly by: string;
  readonly how?: BindingMethod;
  readonly detail: string;
};

/** What a place or ward is called besides its present address. */
export const aliasKinds = [
  'ward',
  'oldWard',
  'street',
  'alleyChain',
  'number',
  'unit',
  'plateQr',
  'postcode',
  'landCertificate',
  'other',
] as const;
export type AliasKind = (typeof aliasKinds)[number];

/** A name and when it held. `validTo` is the first moment at which it no longer does; without one it still holds. */
export type Alias = {
  readonly kind: AliasKind;
  readonly value: string;
  readonly validFrom?: Millis;
  readonly validTo?: Millis;
  readonly source?: string;
};

/** Who answers at a place. Only `owner` and `resident`, or no role, are household data. */
export const contactRoles = ['owner', 'resident', 'keyHolder', 'manager', 'guard', 'neighbourhood'] as const;
export type ContactRole = (typeof contactRoles)[number];
export type Contact = { readonly name: string; readonly phone: string; readonly role?: ContactRole };

/** A door, in the words of those who live there. */
export type Entrance = { readonly name: string; readonly position?: Position };

/** A device that may connect. `id` is its MQTT username too. */
export type DeviceRecord = {
  readonly id: string;
  readonly domain: string;
  /** What it is, e.g. `smoke-detector`, `bus-tracker`, `gate`. */
  readonly model: string;
  readonly name: string;
  /** A silence longer than this is worth a look; the fleet calls it late at 1.5 times, lost at 2 times + 10 s. */
  readonly heartbeatMs: number;
  readonly binding?: Binding;
  readonly position?: Position;
  /** The gateway, feeder or provider that its words come through: devices that share one fail together. */
  readonly gateway?: string;
  /** Synthetic devices (simulators, watchdog) are marked wherever they show. */
  readonly synthetic: boolean;
};

/** An addressable house or building. `id` is its house-number ID: opaque, never derived from a ward code. */
export type Place = {
  readonly id: string;
  readonly name: string;
  /** House number with alley chain, as people say it: `12 ngõ 34 Hàng Bạc`. */
  readonly address: string;
  readonly wardCode?: string;
  readonly position: Position;
  readonly use?: string;
  /** How a truck gets in: last point it reaches, metres on foot, alley width; then how people get in and out. */
  readonly access?: {
    readonly truckPoint?: Position;
    readonly footMeters?: number;
    readonly alleyWidthMeters?: number;
    readonly entrances?: readonly Entrance[];
    /** Another way out, in words: `mái tôn sang nhà 14`. */
    readonly secondExit?: string;
    /** The gate, in words: `cổng sắt, khóa sau 23 giờ`. */
    readonly gate?: string;
    readonly barredBalcony?: boolean;
  };
  /** Gas, charging of vehicles, stored goods … in words. */
  readonly hazards?: readonly string[];
  readonly contacts?: readonly Contact[];
  readonly aliases?: readonly Alias[];
};

/** Ward or commune (phường/xã) since 2025-07-01: 5-digit code, 126 in Hanoi. `aliases`: the old wards it was made of. */
export type Ward = {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly aliases?: readonly Alias[];
};

/** Whether water can be taken there. */
export const waterStates = ['working', 'broken', 'dry', 'blocked'] as const;
export type WaterState = (typeof waterStates)[number];

/** A fire station, hydrant, lake or tank. */
export type Facility = {
  readonly id: string;
  readonly kind: 'fireStation' | 'water';
  readonly name: string;
  readonly position: Position;
  readonly approximate: boolean;
  /** Of water; absent: nobody has said. */
  readonly state?: WaterState;
  /** The shore or bank of larger water ([lon, lat] pairs, microdegrees kept): nearness counts from there. */
  readonly outline?: readonly (readonly [number, number])[];
};

/** A car park. */
export type Lot = {
  readonly id: string;
  readonly name: string;
  readonly address?: string;
  readonly wardCode?: string;
  readonly position: Position;
  /** Places, when known. */
  readonly capacity?: number;
  /** Which tariff is charged: a key of the parking domain's tariff table. */
  readonly tariff?: string;
};

/** A bus. `routeId` is the vehicle table's word when the device does not say. */
export type Vehicle = {
  readonly id: string;
  readonly plate?: string;
  readonly routeId?: string;
  readonly operator?: string;
};

/** GTFS route. */
export type Route = {
  readonly id: string;
  readonly shortName: string;
  readonly longName: string;
  /** `RRGGBB` without the hash. */
  readonly color?: string;
  readonly type: number;
  /** What people call the line, when the feed gives each direction a route of its own: `01` for `01_1` and `01_2`. */
  readonly lineName?: string;
  /** The route that runs the same line the other way, in such a feed. */
  readonly oppositeId?: string;
};

/** A unique sequence of stops of a route and direction, with the line it draws ([lon, lat] pairs). */
export type Pattern = {
  readonly id: string;
  readonly routeId: string;
  readonly directionId: 0 | 1;
  readonly headsign?: string;
  readonly stopIds: readonly string[];
  readonly shape: readonly (readonly [number, number])[];
  readonly shapeSource: 'gtfs' | 'stops';
};

/** GTFS stop; `clusterId` joins stops that one pole or platform pair really is. */
export type Stop = {
  readonly id: string;
  readonly name: string;
  readonly position: Position;
  readonly clusterId: string;
};

/** GTFS trip: when it runs along its pattern. Offsets are seconds after the start, one pair a stop. */
export type Trip = {
  readonly id: string;
  readonly routeId: string;
  readonly patternId: string;
  readonly serviceId: string;
  /** Seconds after midnight of the service day (may pass 86,400). */
  readonly startSeconds: number;
  readonly arrivalOffsets: readonly number[];
  readonly departureOffsets: readonly number[];
};

/** GTFS service: on which days its trips run. Dates are `YYYYMMDD` as numbers, days Monday first. */
export type Calendar = {
  readonly serviceId: string;
  readonly days: readonly boolean[];
  /** Absent when the service is made of single dates only. */
  readonly from?: number;
  readonly to?: number;
  readonly added: readonly number[];
  readonly removed: readonly number[];
};

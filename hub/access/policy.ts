/** One policy: who may do what. Every door (REST, live, commands, exports) asks `may`. */

/** Roles of people and apps. A device is no role: its identity is bound to its own topics. */
export const roles = ['admin', 'fire', 'operator', 'parking', 'transit'] as const;
export type Role = (typeof roles)[number];

/** What can be asked of the hub. */
export const actions = [
  'anonymous',
  'fire.read',
  'fire.act',
  'transit.read',
  'transit.write',
  'parking.read',
  'parking.money',
  'parking.act',
  'fleet.read',
  'fleet.act',
  'places.read',
  'people.read',
  'history.read',
  'ops.read',
  'admin',
] as const;
export type Action = (typeof actions)[number];

/** Who asks: a person or app with a token, nobody known, or the hub itself. */
export type Principal = {
  readonly kind: 'token' | 'anonymous' | 'system';
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
};

export const anonymous: Principal = { kind: 'anonymous', id: 'anonymous', name: 'anonymous', roles: [] };
export const system: Principal = { kind: 'system', id: 'hub', name: 'hub', roles: ['admin'] };

const everyone: readonly Action[] = ['anonymous', 'transit.read', 'parking.read'];

// Admin runs the hub and is not a fire unit: household data needs the fire role itself.
const granted: Readonly<Record<Role, readonly Action[]>> = {
  admin: actions.filter((action) => action !== 'people.read'),
  fire: ['fire.read', 'fire.act', 'people.read', 'fleet.read', 'places.read', 'history.read', 'ops.read'],
  operator: [
    'fire.read',
    'parking.money',
    'fleet.read',
    'fleet.act',
    'places.read',
    'history.read',
    'ops.read',
    'transit.write',
  ],
  parking: ['parking.money', 'parking.act', 'places.read', 'history.read'],
  transit: ['transit.write', 'history.read'],
};

/** Whether the principal may do this. The only place where that is decided. */
export function may(principal: Principal, action: Action): boolean {
  if (everyone.includes(action)) return true;
  return principal.roles.some((role) => granted[role].includes(action));
}

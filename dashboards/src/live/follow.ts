/** The four channels: what each brings goes through the fold into its signal. */
import type { Signal } from '@preact/signals';
import type { VehicleRow, VehiclesSnapshot } from '../../../hub/domains/bus/view.ts';
import type { FireEventView, FireSnapshot } from '../../../hub/domains/fire/view.ts';
import type { OpsSnapshot, Pulse } from '../../../hub/domains/fleet/view.ts';
import type { LotRow, LotsSnapshot } from '../../../hub/domains/parking/view.ts';
import type { Contact } from './contact.ts';
import type { FireState, OpsState, Rows } from './fold.ts';
import { foldFire, foldOps, foldRows, rowsOf } from './fold.ts';
import type { Channel, ChannelState, Hub } from './hub.ts';
import type { RestWindow } from './windows.ts';
import { windowFromRest } from './windows.ts';

type FireParts = {
  readonly hub: Hub;
  readonly contact: Contact;
  readonly state: Signal<ChannelState>;
  readonly fire: Signal<FireState>;
  /** After each change, with the snapshot of a return told apart. */
  changed(before: FireState, after: FireState, isSnapshot: boolean): void;
};

/** Hints between snapshots: that windows changed, that a flood began or ended (`gone`). */
type FireFrame = { readonly flood?: readonly (readonly [string, number])[]; readonly gone: readonly string[] };

// A window that was opened or ended must be seen soon, also when one answer is lost.
const readAgainMs = 5_000;

/** Follows incidents for as long as the page lives. */
export function followFire({ hub, contact, state, fire, changed }: FireParts): void {
  const take = (after: FireState, isSnapshot: boolean): void => {
    const before = fire.value;
    fire.value = after;
    changed(before, after, isSnapshot);
  };
  const readWindows = (): void => {
    hub.get<{ readonly items: readonly RestWindow[] }>('/fire/windows').then(
      ({ items }) => take(foldFire(fire.value, { kind: 'windows', windows: items.map(windowFromRest) }), false),
      () => setTimeout(readWindows, readAgainMs),
    );
  };
  hub.channel<FireSnapshot, FireEventView, FireFrame>(
    '/fire',
    {},
    {
      since: () => fire.value.received,
      snapshot: (snapshot, cursor, resumed) => {
        contact.heard(snapshot.at);
        take(foldFire(fire.value, { kind: 'snapshot', snapshot, cursor, resumed }), true);
      },
      event: (event) => {
        contact.newest([event.at]);
        take(foldFire(fire.value, { kind: 'event', event }), false);
      },
      frames: {
        windows: readWindows,
        flood: ({ flood = [], gone }) => {
          const since = gone.includes('flood') ? undefined : flood[0]?.[1];
          take(foldFire(fire.value, { kind: 'flood', since }), false);
        },
      },
      state: (next) => {
        state.value = next;
      },
    },
  );
}

type OpsParts = {
  readonly hub: Hub;
  readonly contact: Contact;
  readonly state: Signal<ChannelState>;
  readonly ops: Signal<OpsState>;
  /** After each pulse. */
  beat(): void;
};

/** Follows the hub's pulse and the fleet for as long as the page lives. */
export function followOps({ hub, contact, state, ops, beat }: OpsParts): void {
  const take = (pulse: Pulse): void => {
    contact.pulsed(pulse.at);
    contact.newest(Object.values(pulse.newest));
    beat();
  };
  hub.channel<OpsSnapshot, unknown, Pulse>(
    '/ops',
    {},
    {
      since: () => ops.value.received,
      snapshot: (snapshot, cursor, resumed) => {
        ops.value = foldOps(ops.value, { kind: 'snapshot', snapshot, cursor, resumed });
        take(snapshot.pulse);
      },
      event: (event) => {
        ops.value = foldOps(ops.value, { kind: 'event', event });
      },
      frames: {
        pulse: (pulse) => {
          ops.value = foldOps(ops.value, { kind: 'pulse', pulse });
          take(pulse);
        },
      },
      state: (next) => {
        state.value = next;
      },
    },
  );
}

type RowsParts<Row> = {
  readonly hub: Hub;
  readonly contact: Contact;
  readonly state: Signal<ChannelState>;
  readonly rows: Signal<Rows<Row>>;
};

type VehiclesFrame = VehiclesSnapshot & { readonly gone: readonly string[] };

/** Subscribes to buses while a screen needs them. */
export function shareVehicles({ hub, contact, state, rows }: RowsParts<VehicleRow>): (filter: object) => () => void {
  return share((filter) =>
    hub.channel<VehiclesSnapshot, never, VehiclesFrame>('/transit', filter, {
      snapshot: ({ at, vehicles }) => {
        contact.heard(at);
        rows.value = rowsOf(at, vehicles);
      },
      frames: {
        vehicles: ({ at, vehicles, gone }) => {
          contact.heard(at);
          contact.newest(vehicles.map((row) => row[8]));
          rows.value = foldRows(rows.value, { at, rows: vehicles, gone });
        },
      },
      state: (next) => {
        state.value = next;
      },
    }),
  );
}

type LotsFrame = LotsSnapshot & { readonly gone: readonly string[] };

/** Subscribes to car parks while a screen needs them. */
export function shareLots({ hub, contact, state, rows }: RowsParts<LotRow>): (filter: object) => () => void {
  return share((filter) =>
    hub.channel<LotsSnapshot, never, LotsFrame>('/parking', filter, {
      snapshot: ({ at, lots }) => {
        contact.heard(at);
        rows.value = rowsOf(at, lots);
      },
      frames: {
        lots: ({ at, lots, gone }) => {
          contact.heard(at);
          contact.newest(lots.map((row) => row[4]));
          rows.value = foldRows(rows.value, { at, rows: lots, gone });
        },
      },
      state: (next) => {
        state.value = next;
      },
    }),
  );
}

/** One channel for all panels that want it: opened by the first, left by the last, the newest filter counts. */
function share(open: (filter: object) => Channel): (filter: object) => () => void {
  const filters: object[] = [];
  let channel: Channel | undefined;
  return (filter) => {
    filters.push(filter);
    if (channel === undefined) channel = open(filter);
    else channel.setFilter(filter);
    return () => {
      filters.splice(filters.indexOf(filter), 1);
      const last = filters.at(-1);
      if (last !== undefined) {
        channel?.setFilter(last);
        return;
      }
      channel?.close();
      channel = undefined;
    };
  };
}

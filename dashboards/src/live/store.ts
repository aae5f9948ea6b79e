/** What the app knows of the city, as signals: filled by the hub's channels, read by the panels. */
import type { ReadonlySignal, Signal } from '@preact/signals';
import { signal } from '@preact/signals';
import type { Action } from '../../../hub/access/policy.ts';
import type { VehicleRow } from '../../../hub/domains/bus/view.ts';
import type { LotRow } from '../../../hub/domains/parking/view.ts';
import type { Contact } from './contact.ts';
import { createContact } from './contact.ts';
import type { FireState, OpsState, Rows } from './fold.ts';
import { noFire, noOps, noRows } from './fold.ts';
import { followFire, followOps, shareLots, shareVehicles } from './follow.ts';
import type { ChannelState, Hub } from './hub.ts';
import { HubProblem, openHub } from './hub.ts';
import { brokenAfterMs } from './link.ts';

/** Who looks, as `/me` says. */
export type Me = {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly actions: readonly string[];
};

/** Whether the token is known yet, and to whom it belongs. */
export type Session =
  | { readonly kind: 'guest' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly me: Me }
  | { readonly kind: 'refused' };

export type ChannelName = 'fire' | 'ops' | 'transit' | 'parking';

export type Store = Pick<Contact, 'link' | 'now' | 'newestAt'> & {
  readonly hub: Hub;
  readonly session: ReadonlySignal<Session>;
  readonly fire: ReadonlySignal<FireState>;
  readonly vehicles: ReadonlySignal<Rows<VehicleRow>>;
  readonly lots: ReadonlySignal<Rows<LotRow>>;
  readonly ops: ReadonlySignal<OpsState>;
  /** Events caught up after the last break; `at` is local. Undefined when there was none, or it was read. */
  readonly returned: Signal<{ readonly replayed: number; readonly at: number } | undefined>;
  readonly channels: Readonly<Record<ChannelName, ReadonlySignal<ChannelState>>>;
  /** Subscribes while a screen needs it; call the answer to leave. */
  watchVehicles(filter: object): () => void;
  watchLots(filter: object): () => void;
  /** Hears every change of the fire state, after it is held. */
  onFire(listener: (before: FireState, after: FireState) => void): void;
  /** Hears every pulse and every second: what must not depend on the timers of a hidden tab. */
  onBeat(listener: () => void): void;
};

/** Whether this session may, by what the hub said of it. The hub decides again at each door. */
export function mayDo(session: Session, action: Action): boolean {
  return session.kind === 'known' && session.me.actions.includes(action);
}

/** Connects to the hub and starts to follow it. */
export function openStore(token: string | undefined): Store {
  const session = signal<Session>(token === undefined ? { kind: 'guest' } : { kind: 'asking' });
  const fire = signal<FireState>(noFire);
  const ops = signal<OpsState>(noOps);
  const vehicles = signal<Rows<VehicleRow>>(noRows());
  const lots = signal<Rows<LotRow>>(noRows());
  const channels = createChannels();
  const beats: (() => void)[] = [];
  const beat = (): void => {
    contact.tick();
    for (const listener of beats) listener();
  };
  const contact = createContact(() => mayDo(session.value, 'ops.read') && channels.ops.value.kind !== 'refused');
  const news = createNews();
  const hub = openHub(token, contact.connected);
  // Only the alarms' own line counts: another screen's channel that opens or closes misses nothing.
  channels.fire.subscribe(({ kind }) => {
    if (kind === 'connecting' && fire.value.ready) news.cut();
  });
  setInterval(beat, 1_000);
  if (token !== undefined) {
    learnWho(hub, session, () => {
      if (mayDo(session.value, 'fire.read')) {
        followFire({ hub, contact, state: channels.fire, fire, changed: news.changed });
      }
      if (mayDo(session.value, 'ops.read')) followOps({ hub, contact, state: channels.ops, ops, beat });
    });
  }
  return {
    hub,
    session,
    fire,
    vehicles,
    lots,
    ops,
    link: contact.link,
    now: contact.now,
    newestAt: contact.newestAt,
    returned: news.returned,
    channels,
    watchVehicles: shareVehicles({ hub, contact, state: channels.transit, rows: vehicles }),
    watchLots: shareLots({ hub, contact, state: channels.parking, rows: lots }),
    onFire: news.listen,
    onBeat: (listener) => beats.push(listener),
  };
}

function createChannels(): Record<ChannelName, Signal<ChannelState>> {
  const create = (): Signal<ChannelState> => signal<ChannelState>({ kind: 'connecting' });
  return { fire: create(), ops: create(), transit: create(), parking: create() };
}

const askAgainMs = 2_000;

/** Asks who the token belongs to; `known` runs once, when the hub has said so. */
function learnWho(hub: Hub, session: Signal<Session>, known: () => void): void {
  hub
    .get<Me>('/me')
    .then((me) => {
      session.value = me.kind === 'anonymous' ? { kind: 'refused' } : { kind: 'known', me };
      known();
    })
    .catch((error: unknown) => {
      // Only the hub's own refusal ends the try; an unreachable hub is asked again.
      if (error instanceof HubProblem && error.status < 500 && error.status !== 429)
        session.value = { kind: 'refused' };
      else setTimeout(() => learnWho(hub, session, known), askAgainMs);
    });
}

/** Tells listeners of each change of the fire state, and remembers what came after a real break. */
function createNews() {
  const listeners: ((before: FireState, after: FireState) => void)[] = [];
  const returned = signal<{ replayed: number; at: number } | undefined>(undefined);
  let cutAt: number | undefined;
  return {
    returned,
    listen: (listener: (before: FireState, after: FireState) => void) => listeners.push(listener),
    /** The line of the alarms fell after the first snapshot; before it there is nothing that could be missed. */
    cut: (): void => {
      cutAt ??= Date.now();
    },
    changed: (before: FireState, after: FireState, isSnapshot: boolean): void => {
      // A break that nobody was told of, and that missed nothing, needs no word either.
      const wasTold = cutAt !== undefined && Date.now() - cutAt >= brokenAfterMs;
      if (isSnapshot && wasTold) returned.value = { replayed: 0, at: Date.now() };
      if (isSnapshot) cutAt = undefined;
      if (after.replayed > before.replayed) returned.value = { replayed: after.replayed, at: Date.now() };
      for (const listener of listeners) listener(before, after);
    },
  };
}

/** Folds what the hub says into what the app knows. Pure: a snapshot replaces, a change applies once, in whatever order they meet. */
import type { FireEventView, FireSnapshot, FireWindowView, IncidentView } from '../../../hub/domains/fire/view.ts';
import type { FleetCounts, OpsSnapshot, Pulse } from '../../../hub/domains/fleet/view.ts';

/** A durable event as it comes over a live channel. */
export type LiveEvent<Data> = {
  readonly cursor: number;
  readonly id: string;
  readonly type: string;
  /** Hub time of what caused it, Unix ms. */
  readonly at: number;
  readonly subject: string;
  readonly data: Data;
};

/** An incident, and which event made it so. `missed`: it changed while this app was away. */
export type HeldIncident = { readonly incident: IncidentView; readonly cursor: number; readonly missed: boolean };

/** What the app knows of fire incidents that are not closed. */
export type FireState = {
  readonly incidents: ReadonlyMap<string, HeldIncident>;
  readonly lastClosed: IncidentView | undefined;
  /** Since when more alarms come than people can look at. */
  readonly floodSince: number | undefined;
  /** Drills, tests and isolations that stand open. */
  readonly windows: readonly FireWindowView[];
  /** Highest event cursor this app holds: what it asks for `since` after a break. */
  readonly received: number;
  /** Cursor of the last snapshot: events up to here are already in its incidents. */
  readonly snapshotCursor: number;
  /** Events that came by replay since the last return. */
  readonly replayed: number;
  readonly ready: boolean;
};

export const noFire: FireState = {
  incidents: new Map(),
  lastClosed: undefined,
  floodSince: undefined,
  windows: [],
  received: 0,
  snapshotCursor: 0,
  replayed: 0,
  ready: false,
};

export type FireChange =
  | { readonly kind: 'snapshot'; readonly snapshot: FireSnapshot; readonly cursor: number; readonly resumed: boolean }
  | { readonly kind: 'event'; readonly event: LiveEvent<FireEventView> }
  | { readonly kind: 'windows'; readonly windows: readonly FireWindowView[] }
  | { readonly kind: 'flood'; readonly since: number | undefined };

/** The state after this change. An event that was seen before changes nothing. */
export function foldFire(state: FireState, change: FireChange): FireState {
  switch (change.kind) {
    case 'snapshot':
      return foldFireSnapshot(state, change.snapshot, change.cursor, change.resumed);
    case 'event':
      return foldFireEvent(state, change.event);
    case 'windows':
      return { ...state, windows: change.windows };
    case 'flood':
      return { ...state, floodSince: change.since };
  }
}

function foldFireSnapshot(state: FireState, snapshot: FireSnapshot, cursor: number, resumed: boolean): FireState {
  // A lower cursor than we hold means another journal (an emptied data folder): nothing of ours is newer.
  const sameJournal = resumed && cursor >= state.received;
  const incidents = new Map<string, HeldIncident>();
  for (const incident of snapshot.incidents) {
    const held = state.incidents.get(incident.id);
    const keep = resumed && held !== undefined && held.cursor > cursor;
    incidents.set(incident.id, keep ? held : { incident, cursor, missed: false });
  }
  for (const [id, held] of state.incidents) {
    if (resumed && held.cursor > cursor && !incidents.has(id)) incidents.set(id, held);
  }
  return {
    incidents,
    lastClosed: snapshot.lastClosed ?? (resumed ? state.lastClosed : undefined),
    floodSince: snapshot.flood?.since,
    windows: snapshot.windows,
    received: sameJournal ? state.received : cursor,
    snapshotCursor: cursor,
    replayed: 0,
    ready: true,
  };
}

function foldFireEvent(state: FireState, event: LiveEvent<FireEventView>): FireState {
  if (event.cursor <= state.received) return state;
  const { incident } = event.data;
  const isReplay = event.cursor <= state.snapshotCursor;
  const incidents = new Map(state.incidents);
  const held = incidents.get(incident.id);
  let lastClosed = state.lastClosed;
  if (isReplay) {
    // The snapshot already holds the outcome; the replay says which rows changed meanwhile.
    if (held !== undefined) incidents.set(incident.id, { ...held, missed: true });
  } else if (incident.handling === 'closed') {
    incidents.delete(incident.id);
    lastClosed = incident;
  } else if (held === undefined || event.cursor > held.cursor) {
    incidents.set(incident.id, { incident, cursor: event.cursor, missed: false });
  }
  return {
    ...state,
    incidents,
    lastClosed,
    received: event.cursor,
    replayed: isReplay ? state.replayed + 1 : state.replayed,
  };
}

/** Rows of a volatile channel by id. */
export type Rows<Row> = { readonly rows: ReadonlyMap<string, Row>; readonly at: number; readonly ready: boolean };

/** Nothing known yet. */
export function noRows<Row>(): Rows<Row> {
  return { rows: new Map(), at: 0, ready: false };
}

/** The state after a snapshot: it replaces everything. */
export function rowsOf<Row extends readonly [string, ...unknown[]]>(at: number, rows: readonly Row[]): Rows<Row> {
  return { rows: new Map(rows.map((row) => [row[0], row])), at, ready: true };
}

/** The state after a frame: its rows replace those of the same id, `gone` leave. A frame older than the state is dropped. */
export function foldRows<Row extends readonly [string, ...unknown[]]>(
  state: Rows<Row>,
  frame: { readonly at: number; readonly rows: readonly Row[]; readonly gone: readonly string[] },
): Rows<Row> {
  if (frame.at < state.at) return state;
  const rows = new Map(state.rows);
  for (const row of frame.rows) rows.set(row[0], row);
  for (const id of frame.gone) rows.delete(id);
  return { rows, at: frame.at, ready: true };
}

/** A device that went silent or came back. */
export type FleetNews = {
  readonly cursor: number;
  readonly at: number;
  readonly type: string;
  readonly subject: string;
};

/** What the app knows of the hub and the fleet. */
export type OpsState = {
  readonly fleet: FleetCounts;
  readonly pulse: Pulse | undefined;
  /** Newest first, at most 100. */
  readonly news: readonly FleetNews[];
  readonly received: number;
};

export const noOps: OpsState = { fleet: {}, pulse: undefined, news: [], received: 0 };

export type OpsChange =
  | { readonly kind: 'snapshot'; readonly snapshot: OpsSnapshot; readonly cursor: number; readonly resumed: boolean }
  | { readonly kind: 'pulse'; readonly pulse: Pulse }
  | { readonly kind: 'event'; readonly event: LiveEvent<unknown> };

// A feed for eyes; the full list is the devices page.
const newsKept = 100;

/** The state after this change. */
export function foldOps(state: OpsState, change: OpsChange): OpsState {
  switch (change.kind) {
    case 'snapshot': {
      const sameJournal = change.resumed && change.cursor >= state.received;
      return {
        fleet: change.snapshot.fleet,
        pulse: change.snapshot.pulse,
        news: sameJournal ? state.news : [],
        received: sameJournal ? state.received : change.cursor,
      };
    }
    case 'pulse':
      return { ...state, fleet: change.pulse.fleet, pulse: change.pulse };
    case 'event': {
      const { cursor, at, type, subject } = change.event;
      if (cursor <= state.received) return state;
      const news = [{ cursor, at, type, subject }, ...state.news].slice(0, newsKept);
      return { ...state, news, received: cursor };
    }
  }
}

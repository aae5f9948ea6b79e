/** Volatile frames: the latest value of each changed subject, at most once a second, encoded once a room. */
import type { Namespace, Socket } from 'socket.io';
import type { Millis } from '../../devices/wire.ts';
import type { Principal } from '../access/policy.ts';
import type { Limits } from '../config.ts';
import type { DomainEvent, FrameDefinition, Viewer } from '../domain.ts';
import type { Mounted } from '../mounted.ts';
import type { RegistryReader } from '../ports.ts';

export type FrameParts = {
  readonly mounted: Mounted<unknown, DomainEvent>;
  readonly definitions: readonly FrameDefinition<unknown>[];
  readonly namespace: Namespace;
  readonly registry: RegistryReader;
  readonly limits: Limits;
  now(): Millis;
};

/** Sockets that asked for the same with the same rights. */
type Room = {
  readonly name: string;
  readonly filter: unknown;
  readonly principal: Principal;
  readonly members: Set<string>;
  /** Subjects last shown to it, by definition: what leaves is told as `gone`. */
  readonly visible: ReadonlyMap<string, Set<string>>;
};

export type FrameRooms = {
  /** False when there are too many rooms. */
  join(socket: Socket, filter: unknown, principal: Principal): boolean;
  leave(socket: Socket): void;
  touch(subject: string): void;
  send(): void;
};

/** Every so many frames all shown subjects are looked at again, since a value grows stale without a change. */
const sweepEvery = 5;

export function createFrameRooms(parts: FrameParts): FrameRooms {
  const { mounted, definitions, namespace } = parts;
  const rooms = new Map<string, Room>();
  const roomOf = new Map<string, Room>();
  const changed = new Set<string>();
  const latestRows = new Map(definitions.map((definition) => [definition.name, new Map<string, Row>()]));
  let frames = 0;

  function leave(socket: Socket): void {
    const room = roomOf.get(socket.id);
    if (room === undefined) return;
    roomOf.delete(socket.id);
    room.members.delete(socket.id);
    void socket.leave(room.name);
    if (room.members.size === 0) rooms.delete(room.name);
  }

  function join(socket: Socket, filter: unknown, principal: Principal): boolean {
    if (definitions.length === 0) return true;
    const name = `frame:${[...principal.roles].sort().join('+')}:${JSON.stringify(filter)}`;
    const room = rooms.get(name) ?? openRoom(name, filter, principal);
    if (!rooms.has(name) && rooms.size >= parts.limits.rooms) return false;
    rooms.set(name, room);
    room.members.add(socket.id);
    roomOf.set(socket.id, room);
    void socket.join(name);
    return true;
  }

  function openRoom(name: string, filter: unknown, principal: Principal): Room {
    const viewer: Viewer = { principal, at: parts.now(), registry: parts.registry };
    const visible = definitions.map((definition) => {
      const shown = new Set<string>();
      for (const [subject, state] of mounted.states) {
        if (definition.row(subject, state, viewer.at) && definition.matches(subject, state, filter, viewer))
          shown.add(subject);
      }
      return [definition.name, shown] as const;
    });
    return { name, filter, principal, members: new Set(), visible: new Map(visible) };
  }

  function sendFrame(
    definition: FrameDefinition<unknown>,
    room: Room,
    subjects: Iterable<string>,
    rows: Rows,
    at: Millis,
  ): void {
    const viewer: Viewer = { principal: room.principal, at, registry: parts.registry };
    const shown = room.visible.get(definition.name) ?? new Set<string>();
    const sent: (readonly unknown[])[] = [];
    const gone: string[] = [];
    for (const subject of subjects) {
      const state = mounted.states.get(subject);
      const row = state === undefined ? undefined : rows.of(subject, state);
      if (row !== undefined && definition.matches(subject, state, room.filter, viewer)) {
        if (!shown.has(subject) || rows.isNew(subject)) sent.push(row);
        shown.add(subject);
      } else if (shown.delete(subject)) gone.push(subject);
    }
    if (sent.length > 0 || gone.length > 0) {
      namespace.to(room.name).volatile.emit(definition.name, { at, [definition.name]: sent, gone });
    }
  }

  return {
    join,
    leave,
    touch: (subject) => {
      if (rooms.size > 0) changed.add(subject);
    },
    send() {
      if (rooms.size === 0) return changed.clear();
      const at = parts.now();
      const isSweep = ++frames % sweepEvery === 0;
      const fresh = new Set(changed);
      changed.clear();
      for (const definition of definitions) {
        const rows = createRows(definition, latestRows.get(definition.name) ?? new Map(), at);
        for (const room of rooms.values()) {
          const shown = room.visible.get(definition.name) ?? [];
          sendFrame(definition, room, isSweep ? new Set([...fresh, ...shown]) : fresh, rows, at);
        }
      }
    },
  };
}

type Row = readonly unknown[];
type Rows = { of(subject: string, state: unknown): Row | undefined; isNew(subject: string): boolean };

/** Rows of one frame, each made once for all rooms. */
function createRows(definition: FrameDefinition<unknown>, latest: Map<string, Row>, at: Millis): Rows {
  const made = new Map<string, { readonly row: Row | undefined; readonly isNew: boolean }>();
  return {
    of(subject, state) {
      const known = made.get(subject);
      if (known !== undefined) return known.row;
      const row = definition.row(subject, state, at);
      // Also new without a message: a count that has just grown stale changes its quality word.
      made.set(subject, { row, isNew: row !== undefined && !isSameRow(row, latest.get(subject)) });
      if (row === undefined) latest.delete(subject);
      else latest.set(subject, row);
      return row;
    },
    isNew: (subject) => made.get(subject)?.isNew ?? false,
  };
}

function isSameRow(row: Row, before: Row | undefined): boolean {
  return before !== undefined && row.length === before.length && row.every((value, index) => value === before[index]);
}

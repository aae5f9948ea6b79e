/** Durable events to one socket: each once, in order of the journal, sent again until the client acknowledges. */
import type { Socket } from 'socket.io';
import type { Limits } from '../config.ts';
import type { DomainEvent, JournalledEvent } from '../domain.ts';
import type { Mounted } from '../mounted.ts';
import type { Journal, Receipt } from '../ports.ts';

export type DeliveryParts = {
  readonly socket: Socket;
  readonly mounted: Mounted<unknown, DomainEvent>;
  readonly journal: Journal;
  readonly limits: Limits;
  /** The cursor after which the client wants events. */
  readonly since: number;
  /** What this client may see of an event; `undefined` hides it. */
  present(event: JournalledEvent, state: unknown): unknown;
  noteReceipt(hop: Receipt['hop'], event: JournalledEvent): void;
  readonly log: { info(details: object, message: string): void; error(details: object, message: string): void };
};

export type Delivery = {
  /** A new event of the domain, in order of the journal. */
  offer(event: JournalledEvent, state: unknown): void;
  stop(): void;
};

/** Events on the wire and not yet acknowledged; the rest wait in the journal, not in memory. */
const window = 64;
const pageSize = 200;

/**
 * Delivers from the journal until the client is level with it, then each event as it comes. A client that falls
 * behind by more than a window is put back to reading the journal, so a slow one costs no memory.
 */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { socket, journal, mounted, limits } = parts;
  /** The cursor of the newest event of the journal that was sent, or skipped as not for this client. */
  let position = parts.since;
  let inFlight = 0;
  let isLevel = false;
  let isReading = false;
  let isStopped = false;

  function send(event: JournalledEvent, state: unknown): void {
    position = event.cursor;
    const data = parts.present(event, state);
    if (data === undefined) return;
    inFlight++;
    parts.noteReceipt('emitted', event);
    emit(event, {
      cursor: event.cursor,
      id: event.id,
      type: event.type,
      at: event.at,
      subject: event.subject,
      data,
    });
  }

  function emit(event: JournalledEvent, payload: object): void {
    socket.timeout(limits.resendMs).emit('event', payload, (timeout: Error | null) => {
      if (isStopped) return;
      // A repetition carries the same cursor: the client shows it once and acknowledges it again.
      if (timeout) return void emit(event, payload);
      inFlight--;
      parts.noteReceipt('received', event);
      if (!isLevel) void catchUp();
    });
  }

  /** Reads on from the journal while there is room in the window. */
  async function catchUp(): Promise<void> {
    if (isReading) return;
    isReading = true;
    try {
      while (!isStopped && inFlight < window && position < journal.head()) {
        const head = journal.head();
        const page = await journal.read({ after: position, domain: mounted.name, limit: pageSize });
        for (const stored of page) {
          if (isStopped || inFlight >= window) return;
          // The reader may be ahead of us: what is not folded yet comes with the next round.
          if (stored.cursor > head) break;
          const event = mounted.parse(stored);
          if (event === undefined) position = stored.cursor;
          else send(event, mounted.states.get(event.subject));
        }
        if (page.length < pageSize) position = Math.max(position, head);
      }
      isLevel = inFlight < window && position >= journal.head();
    } catch (error) {
      parts.log.error(
        { err: error, after: position },
        'missed events could not be read; the client is cut and comes back with its cursor',
      );
      socket.disconnect(true);
    } finally {
      isReading = false;
    }
  }

  void catchUp();
  return {
    offer(event, state) {
      if (!isLevel) return void catchUp();
      if (event.cursor <= position) return;
      if (inFlight >= window) {
        isLevel = false;
        return;
      }
      send(event, state);
    },
    stop() {
      isStopped = true;
    },
  };
}

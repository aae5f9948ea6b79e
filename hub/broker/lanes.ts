/** Who is served next below the broker: alarms never come here; all others wait in one fair queue, newcomers in their own. */

/** Something with waiting bytes. `serve` handles at most `packets` packets and says what it cost. */
export type Waiting = {
  serve(packets: number): Served;
  /** Its socket may be read on. */
  readOn(): void;
};

/** `more`: it has more to do now. `passed`: packets handed to the broker, whose work comes after the slice. */
export type Served = { readonly more: boolean; readonly passed: number };

/** A newcomer with its whole CONNECT in hand. `done` is called when the broker has answered it. */
export type Newcomer = { open(done: () => void): void };

// A visit is short, so that one device's flood costs the others a third of a millisecond and not a slice.
const packetsPerVisit = 32;
// The broker handles passed packets after the slice, at 20 to 25 µs each (measured): they are charged to it beforehand.
const passedPerSliceMs = 40;
// A CONNECT costs the broker about 250 µs (measured): four a turn and 32 under way leave the loop to alarms in any storm.
const newcomersPerTurn = 4;
const newcomersUnderWay = 32;
// A read brings up to 64 KiB, so this is half a MiB a turn, about a millisecond.
const readOnPerTurn = 8;

/** The queues and their turns of the event loop. */
export class Lanes {
  readonly #sliceMs: number;
  readonly #hasRoom: () => boolean;
  readonly #held = new Fifo<Waiting>();
  readonly #queue = new Fifo<Waiting>();
  readonly #newcomers = new Fifo<Newcomer>();
  #underWay = 0;
  #scheduled = false;
  #stopped = false;

  /** `hasRoom`: whether the bytes of all that wait leave room for more. */
  constructor(sliceMs: number, hasRoom: () => boolean) {
    this.#sliceMs = sliceMs;
    this.#hasRoom = hasRoom;
  }

  /** Newcomers that wait or are being answered. */
  get newcomers(): number {
    return this.#newcomers.length + this.#underWay;
  }

  /** Puts a connection at the end of the queue. The caller sees to it that it stands there once. */
  add(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.#schedule();
  }

  /** Puts a newcomer at the end of its queue. */
  addNewcomer(newcomer: Newcomer): void {
    this.#newcomers.push(newcomer);
    this.#schedule();
  }

  /** A paused connection that is served: it is read on when there is room. */
  hold(waiting: Waiting): void {
    this.#held.push(waiting);
    this.#schedule();
  }

  /** Looks once more whether held sockets may be read on, in case those that took the room have gone. */
  recheck(): void {
    if (this.#held.length > 0) this.#schedule();
  }

  /** No further turn is taken. */
  stop(): void {
    this.#stopped = true;
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    if (this.#stopped) return;
    this.#admit();
    const end = performance.now() + this.#sliceMs;
    let credit = this.#sliceMs * passedPerSliceMs;
    while (credit > 0) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) break;
      const served = waiting.serve(packetsPerVisit);
      credit -= served.passed;
      if (served.more) this.#queue.push(waiting);
      if (performance.now() >= end) break;
    }
    for (let count = 0; count < readOnPerTurn && this.#hasRoom(); count++) this.#held.shift()?.readOn();
    // Without room nothing is gained by turning: bytes that wait for commits come back through `add`.
    const hasWork = this.#queue.length > 0 || (this.#held.length > 0 && this.#hasRoom());
    if (hasWork || (this.#newcomers.length > 0 && this.#underWay < newcomersUnderWay)) this.#schedule();
  };

  #admit(): void {
    for (let admitted = 0; admitted < newcomersPerTurn && this.#underWay < newcomersUnderWay; admitted++) {
      const newcomer = this.#newcomers.shift();
      if (newcomer === undefined) return;
      this.#underWay++;
      newcomer.open(this.#onceDone());
    }
  }

  #onceDone(): () => void {
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      this.#underWay--;
      if (this.#newcomers.length > 0) this.#schedule();
    };
  }
}

/** A queue whose `shift` does not move the rest: an array and where its head stands. */
class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.#head >= this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head > 4_096 && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }
}

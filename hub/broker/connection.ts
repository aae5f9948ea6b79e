/** One peer below the broker: its socket, its waiting bytes, and which packets go up, when, and by which way. */
import type { Duplex } from 'node:stream';
import type { Shared } from './above.ts';
import { firstPacketFault } from './admission.ts';
import { behindBytes, firstBytesPerSecond, inFlightMessages, waitingBytesTotal } from './bounds.ts';
import { Inbox } from './inbox.ts';
import type { Newcomer, Served, Waiting } from './lanes.ts';
import type { RefusalReason } from './ledger.ts';
import type { Identity } from './own-topics.ts';
import { incomplete, packetLength } from './packet.ts';
import { PacketRouter } from './packet-router.ts';
import { drainTimeoutMs, SocketStream } from './socket-stream.ts';

type State = 'new' | 'waiting' | 'opening' | 'open' | 'closed';

/** The stream given to the broker in place of the socket. */
export class GuardedConnection extends SocketStream implements Waiting, Newcomer {
  readonly remote: string;
  readonly #shared: Shared;
  readonly #inbox: Inbox;
  #state: State = 'new';
  #deadline: NodeJS.Timeout | undefined;
  #answered: (() => void) | undefined;
  #identity: Identity | undefined;
  #router: PacketRouter | undefined;
  #keepaliveSeconds = 0;
  #seenSecond: number;
  #firstBytes = 0;
  #isQueued = false;
  #hasEnded = false;
  #isHeld = false;
  #unreadSeconds = 0;

  constructor(source: Duplex, remote: string, shared: Shared) {
    super(source);
    this.#shared = shared;
    this.remote = remote;
    this.#inbox = new Inbox(shared.ledger);
    this.#seenSecond = shared.ledger.second;
    this.#deadline = setTimeout(() => this.cut('timeout'), shared.limits.connectTimeoutMs);
    source.on('data', this.#onData);
    source.on('end', this.#onEnd);
    source.on('close', this.#onEnd);
    source.on('drain', this.#onDrain);
    // A reset is how radio links end; `close` follows and does the work.
    source.on('error', () => this.#onEnd());
  }

  /** Who it is, once known. */
  get identity(): Identity | undefined {
    return this.#identity;
  }

  /** The broker knows who it is. `keepaliveSeconds` is watched from here on: the broker does not see all its packets. */
  identify(identity: Identity, keepaliveSeconds: number): void {
    this.#identity = identity;
    this.#keepaliveSeconds = keepaliveSeconds;
    const { limits, above } = this.#shared;
    this.#router = new PacketRouter(this.#inbox, identity, limits.packetBytes, {
      pass: (bytes) => void this.push(bytes),
      take: (topic, payload) => above.take(identity, topic, payload),
      acknowledged: (messageId) => above.acknowledged(this, messageId),
      answer: (bytes) => void this.write(bytes),
      refuse: (reason, detail) => this.cut(reason, detail),
    });
  }

  /** Its turn as a newcomer: the CONNECT goes up, the rest waits for the answer. */
  open(done: () => void): void {
    const head = this.#inbox.head;
    if (this.#state !== 'waiting' || head === undefined) {
      done();
      return;
    }
    this.#state = 'opening';
    this.#answered = done;
    const length = packetLength(head, this.#inbox.offset);
    const connect = head.subarray(this.#inbox.offset, this.#inbox.offset + length);
    this.#inbox.skip(length);
    this.#shared.above.handle(this);
    this.push(connect);
  }

  /** The broker accepted it: what waited meanwhile may go up. */
  opened(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.#answered?.();
    this.#wake();
  }

  /** The broker handed on one message that went up. */
  handedOn(): void {
    this.#router?.handedOn();
  }

  /** One message that went up is answered. */
  settled(): void {
    const router = this.#router;
    if (router === undefined || router.inFlight === 0) return;
    router.inFlight--;
    if (router.inFlight === inFlightMessages >> 1 || router.inFlight === 0) this.#wake();
  }

  /** Writes a packet to the device; false when it is gone. */
  send(packet: Buffer): boolean {
    if (this.destroyed || this.#hasEnded) return false;
    this.write(packet);
    return true;
  }

  /** Ends the connection at once, counted by reason. */
  cut(reason: RefusalReason, detail?: string): void {
    if (this.#state === 'closed') return;
    const { deviceId } = this.#identity ?? {};
    this.#shared.ledger.refuse(reason, { remote: this.remote, deviceId, detail });
    this.abandon();
  }

  /** Ends the connection at once, for no fault of its own. */
  abandon(): void {
    this.source.destroy();
    this.destroy();
  }

  /** Once a second: keepalive, allowance, and peers that do not read. */
  sweep(): void {
    this.#firstBytes = 0;
    if (this.#state !== 'open') return;
    this.#unreadSeconds = this.isUnread() ? this.#unreadSeconds + 1 : 0;
    if (this.#unreadSeconds * 1_000 >= drainTimeoutMs) this.cut('slow');
    const silentSeconds = this.#shared.ledger.second - this.#seenSecond;
    // MQTT-3.1.2-24: one and a half times the keepalive; who waits in our queue is not silent.
    const isWaiting = this.#inbox.bytes > 0 && this.#router?.isStarved !== true;
    if (!isWaiting && silentSeconds > this.#keepaliveSeconds * 1.5) this.cut('silent');
    else if (isWaiting) this.#wake();
  }

  /** Its turn in the queue. */
  serve(packets: number): Served {
    this.#isQueued = false;
    if (this.#state !== 'open' || this.#router === undefined) return { more: false, passed: 0 };
    try {
      const served = this.#run(this.#router, packets);
      // Wake may have queued it meanwhile, from inside a callback.
      const more = served.more && !this.#isQueued;
      this.#isQueued ||= more;
      return { more, passed: served.passed };
    } catch (error) {
      this.cut('internal', String(error));
      return { more: false, passed: 0 };
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    const { ledger, limits } = this.#shared;
    if (this.#state === 'closed') return;
    ledger.bytes += chunk.length;
    this.#seenSecond = ledger.second;
    this.#inbox.push(chunk);
    if (this.#router !== undefined) this.#router.isStarved = false;
    if (this.#state === 'new') this.#readConnect();
    else if (this.#state === 'open') this.#wake(chunk.length);
    const bound = this.#state === 'open' ? limits.waitingBytesPerSocket : limits.connectPacketBytes;
    if (this.#inbox.bytes > bound || (this.#inbox.bytes > 0 && this.#isBehind())) this.pauseSource();
  };

  readonly #onEnd = (): void => {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#state === 'new' || this.#state === 'waiting') this.destroy();
    else if (this.#state === 'open') this.#wake();
  };

  readonly #onDrain = (): void => {
    if (this.#state === 'open') this.#wake();
  };

  /** Alarms go up at once, all others to the end of the queue; once is enough. */
  #wake(bytes = 0): void {
    if (this.#isQueued || this.#state !== 'open') return;
    this.#firstBytes += bytes;
    this.#isQueued = true;
    if (this.#identity?.first === true && this.#firstBytes <= firstBytesPerSecond) {
      if (!this.serve(Number.POSITIVE_INFINITY).more) return;
    }
    this.#shared.lanes.add(this);
  }

  /** The first packet must be a CONNECT of bounded size; the broker hears of the peer when it is whole. */
  #readConnect(): void {
    while (this.#inbox.join());
    const { head, offset } = this.#inbox;
    if (head === undefined) return;
    const fault = firstPacketFault(head, offset, this.#shared.limits.connectPacketBytes);
    if (fault !== undefined) {
      this.cut(fault.reason, fault.detail);
      return;
    }
    const length = packetLength(head, offset);
    if (length === incomplete || head.length - offset < length) return;
    clearTimeout(this.#deadline);
    this.#state = 'waiting';
    this.#shared.lanes.addNewcomer(this);
  }

  #run(router: PacketRouter, packets: number): Served {
    let passed = 0;
    let more = true;
    for (let left = packets; left > 0 && more && !this.isUnread(); left--) {
      const before = router.inFlight;
      more = router.next() && !this.destroyed;
      passed += router.inFlight - before;
    }
    if (this.isUnread()) more = false;
    const isDone = this.#inbox.head === undefined || router.isStarved;
    if (this.#hasEnded && isDone && !this.readableEnded && !this.destroyed) this.push(null);
    if (this.isSourcePaused) this.#considerReading(router.isStarved);
    return { more: more && this.#inbox.head !== undefined, passed };
  }

  /** Reads on when enough is served: half of the bound, or all of it while the hub is behind. */
  #considerReading(isStarved: boolean): void {
    const { limits, ledger, lanes } = this.#shared;
    const enough = this.#isBehind() ? 0 : limits.waitingBytesPerSocket >> 1;
    // A packet that lies across two reads cannot be served without the second.
    if (isStarved) this.resumeSource();
    else if (this.#inbox.bytes > enough || this.#isHeld) return;
    else if (ledger.waitingBytes < waitingBytesTotal) this.resumeSource();
    else {
      this.#isHeld = true;
      lanes.hold(this);
    }
  }

  /** There is room again. */
  readOn(): void {
    this.#isHeld = false;
    this.resumeSource();
  }

  /** An alarm lane is not held up because others are many. */
  #isBehind(): boolean {
    return this.#shared.ledger.waitingBytes > behindBytes && this.#identity?.first !== true;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#state = 'closed';
    clearTimeout(this.#deadline);
    this.#inbox.clear();
    this.#answered?.();
    this.#shared.above.closed(this);
    super._destroy(error, callback);
  }
}

/** A socket as the stream the broker reads and writes: writing goes through, reading is fed by the guard. */
import { Duplex } from 'node:stream';

/** A peer that has not read an answer by then is cut; a closing one gets as long for its last answer. */
export const drainTimeoutMs = 3_000;

// Answers that wait because the peer does not read; above this nothing further of it is served.
const unreadBytes = 64 * 1024;

/** The writing half, pausing and closing of a guarded connection. */
export class SocketStream extends Duplex {
  protected readonly source: Duplex;
  #isPaused = false;

  constructor(source: Duplex) {
    super({ emitClose: true });
    this.source = source;
  }

  /** Whether more than a fair amount waits for the peer to read it. */
  protected isUnread(): boolean {
    return !this.source.destroyed && this.writableLength + this.source.writableLength > unreadBytes;
  }

  protected get isSourcePaused(): boolean {
    return this.#isPaused;
  }

  /** Stops reading the socket: its sender feels it. */
  protected pauseSource(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.source.pause();
  }

  protected resumeSource(): void {
    if (!this.#isPaused || this.destroyed) return;
    this.#isPaused = false;
    this.source.resume();
  }

  override _read(): void {
    // Bytes are pushed when it is this connection's turn, not when the broker asks.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.source.destroyed || this.source.writableEnded || this.source.write(chunk)) callback();
    else onceWritable(this.source, callback);
  }

  override _writev(
    chunks: { readonly chunk: Buffer; readonly encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', callback);
  }

  override _destroy(_error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.source.destroyed) {
      // A last answer (a refusing CONNACK) may still be on its way; a peer that does not take it is cut.
      this.source.resume();
      this.source.end();
      setTimeout(() => this.source.destroy(), drainTimeoutMs).unref();
    }
    callback();
  }
}

function onceWritable(source: Duplex, callback: () => void): void {
  const done = (): void => {
    source.off('drain', done);
    source.off('close', done);
    callback();
  };
  source.on('drain', done);
  source.on('close', done);
}

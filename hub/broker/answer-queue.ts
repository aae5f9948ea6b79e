/** Answers messages in the order they came, whatever order their work ends in (MQTT-4.6.0-2). */

type Entry = { readonly answer: (isKept: boolean) => void; result: 'open' | 'kept' | 'lost' };

/** One device's open messages. After a loss nothing further is kept: the device must send from there again. */
export class AnswerQueue {
  readonly #entries: Entry[] = [];
  #isBroken = false;

  /** Messages not yet answered. */
  get length(): number {
    return this.#entries.length;
  }

  /** `answer(true)` when this and all before are kept, `answer(false)` once one was lost. */
  add(work: Promise<void> | undefined, answer: (isKept: boolean) => void): void {
    const entry: Entry = { answer, result: work === undefined ? 'kept' : 'open' };
    this.#entries.push(entry);
    work?.then(
      () => this.#settle(entry, 'kept'),
      () => this.#settle(entry, 'lost'),
    );
    if (work === undefined) this.#answer();
  }

  #settle(entry: Entry, result: 'kept' | 'lost'): void {
    entry.result = result;
    this.#answer();
  }

  #answer(): void {
    for (let entry = this.#entries[0]; entry !== undefined && entry.result !== 'open'; entry = this.#entries[0]) {
      this.#entries.shift();
      this.#isBroken ||= entry.result === 'lost';
      entry.answer(!this.#isBroken);
    }
  }
}

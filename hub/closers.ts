/** What is started can be stopped: everything opened is kept in a list and closed in reverse. */

/** Remembers how a part is closed, and hands the part on. */
export type Keep = <T>(part: T, close: (part: T) => unknown) => T;

export type Closers = {
  readonly keep: Keep;
  /** Closes all, the last opened first. A part that fails to close is logged and the rest go on. Done once. */
  closeAll(): Promise<void>;
};

export function createClosers(log: { error(details: object, message: string): void }): Closers {
  const closers: (() => unknown)[] = [];
  return {
    keep(part, close) {
      closers.push(() => close(part));
      return part;
    },
    async closeAll() {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          log.error({ err: error }, 'a part did not close cleanly');
        }
      }
    },
  };
}

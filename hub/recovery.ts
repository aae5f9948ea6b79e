/** Rebuilds the domains' states at start: every journalled fact is folded, in order, before the first message enters. */
import type { Notice } from './domain.ts';
import type { Mounted } from './mounted.ts';
import type { Journal } from './ports.ts';
import type { Restored } from './snapshots.ts';

const pageSize = 1_000;

/**
 * Folds the journal into the domains, each from where its snapshot ends; answers how many facts there were. Facts of a
 * domain that is not mounted stay where they are.
 */
export async function recover(
  journal: Journal,
  domains: ReadonlyMap<string, Mounted>,
  restored: Restored = new Map(),
): Promise<number> {
  let folded = 0;
  const begin = Math.min(...[...domains.keys()].map((name) => restored.get(name) ?? 0));
  for (let after = begin; ; ) {
    const page = await journal.read({ after, limit: pageSize });
    for (const event of page) {
      after = event.cursor;
      for (const domain of domains.values()) {
        if (event.cursor <= (restored.get(domain.name) ?? 0)) continue;
        if (domain.name === event.domain) domain.fold(event);
        domain.hear(event);
      }
    }
    folded += page.length;
    if (page.length < pageSize) return folded;
  }
}

/**
 * Makes the notices again of every fact after a cursor: the newest that the channels have on disk. A crash between the journal's
 * commit and the channels' own loses none; the channels know a notice that they have by its id.
 */
export async function renotify(
  journal: Pick<Journal, 'read'>,
  domains: ReadonlyMap<string, Mounted>,
  afterCursor: number,
  notify: (notices: readonly Notice[], cursor: number) => void,
): Promise<void> {
  for (let after = afterCursor; ; ) {
    const page = await journal.read({ after, limit: pageSize });
    for (const event of page) {
      after = event.cursor;
      const notices = domains.get(event.domain)?.notices(event) ?? [];
      if (notices.length > 0) notify(notices, event.cursor);
    }
    if (page.length < pageSize) return;
  }
}

/** Every domain hears every fact, also those that it makes itself, once they are on disk. */
export function joinHearing(mounted: readonly Mounted[]): void {
  for (const source of mounted) {
    source.watch({
      changed: () => undefined,
      published: (event) => {
        for (const listener of mounted) listener.hear(event);
      },
    });
  }
}

/** Rebuilds the domains' states at start: every journalled fact is folded, in order, before the first message enters. */
import type { Mounted } from './mounted.ts';
import type { Journal } from './ports.ts';

const pageSize = 1_000;

/** Folds the journal into the domains; answers how many facts there were. Facts of a domain that is not mounted stay where they are. */
export async function recover(journal: Journal, domains: ReadonlyMap<string, Mounted>): Promise<number> {
  let folded = 0;
  for (let after = 0; ; ) {
    const page = await journal.read({ after, limit: pageSize });
    for (const event of page) {
      after = event.cursor;
      domains.get(event.domain)?.fold(event);
    }
    folded += page.length;
    if (page.length < pageSize) return folded;
  }
}

/** Something fetched once for a panel, with its failure and a way to try again. */
import { useEffect, useState } from 'preact/hooks';
import { HubProblem } from '../live/hub.ts';

export type Resource<Value> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: Value }
  | { readonly kind: 'failed'; readonly reason: string | undefined; readonly status: number; retry(): void };

/**
 * Loads when `key` changes; `undefined` as key loads nothing. With `againAfterMs` it is read anew as often, and what is
 * there stays until the newer answer comes.
 */
export function useResource<Value>(
  key: string | undefined,
  load: () => Promise<Value>,
  againAfterMs?: number,
): Resource<Value> {
  const [resource, setResource] = useState<Resource<Value>>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // The key says what is loaded; the function is new at each drawing.
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setResource({ kind: 'loading' });
    if (key === undefined) return undefined;
    const again = (): void => {
      if (isCurrent && againAfterMs !== undefined) timer = setTimeout(read, againAfterMs);
    };
    const read = (): void => {
      load().then(
        (value) => {
          if (isCurrent) setResource({ kind: 'ready', value });
          again();
        },
        (error: unknown) => {
          const failed = failureOf<Value>(error, () => setAttempt((count) => count + 1));
          if (isCurrent) setResource((old) => (old.kind === 'ready' ? old : failed));
          again();
        },
      );
    };
    read();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key, attempt, againAfterMs]);
  return resource;
}

function failureOf<Value>(error: unknown, retry: () => void): Resource<Value> {
  const problem = error instanceof HubProblem ? error : undefined;
  return { kind: 'failed', reason: problem?.message, status: problem?.status ?? 0, retry };
}

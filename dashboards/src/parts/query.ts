/** What the user looks at is in the URL: reads and writes its query. */

import { useCallback } from 'preact/hooks';
import { useLocation } from 'preact-iso';

export type Query = {
  get(name: string): string;
  /** Changes parameters of the current address; an empty value removes one. */
  set(changes: Readonly<Record<string, string>>): void;
};

/** The query of the current address. */
export function useQuery(): Query {
  const { query, route } = useLocation();
  const set = useCallback(
    (changes: Readonly<Record<string, string>>) => {
      // The address bar, not the router's copy: the map writes its view there without a new page.
      const parameters = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === '') parameters.delete(name);
        else parameters.set(name, value);
      }
      const text = parameters.toString();
      route(location.pathname + (text === '' ? '' : `?${text}`), true);
    },
    [route],
  );
  return { get: (name) => query[name] ?? '', set };
}

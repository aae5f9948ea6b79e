/** Whether somebody's hand is on the queue: then its rows must not move. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../parts/app.tsx';
import type { Arrangement, HeldOrder } from './queue.ts';

// After this rest the hand is taken to be somewhere else.
const handRestsMs = 2_000;

export type Hand = {
  readonly held: HeldOrder | undefined;
  /** The pointer or a key was on the list while it stood like this. */
  touch(order: Arrangement): void;
  release(): void;
};

export function useHand(): Hand {
  const { store } = useApp();
  const [held, setHeld] = useState<HeldOrder>();
  const [touchedAt, setTouchedAt] = useState(0);
  const now = store.now.value;
  // Asked again at each beat.
  useEffect(() => {
    if (held !== undefined && Date.now() - touchedAt > handRestsMs) setHeld(undefined);
  }, [now, held, touchedAt]);
  return {
    held,
    touch: ({ pinned, rest }) => {
      setTouchedAt(Date.now());
      if (held === undefined) setHeld({ pinned: pinned.map(({ id }) => id), rest: rest.map(({ id }) => id) });
    },
    release: () => setHeld(undefined),
  };
}

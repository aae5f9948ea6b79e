/** Pan and zoom by pointer, pinch, wheel and keys; a tap is told apart from a drag. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Size, View } from './mercator.ts';
import { panned, zoomedAt } from './mercator.ts';

export type GestureTarget = {
  readonly view: View;
  readonly size: Size;
  move(view: View): void;
  /** A tap or click that was no drag, in CSS pixels of the map. */
  tap(left: number, top: number): void;
  hover(left: number, top: number): void;
};

type Spot = { readonly left: number; readonly top: number };

// A finger trembles by this much on a tap.
const dragThresholdPx = 6;
const keyPanPx = 120;

/** Hears what hands do to the element, for as long as it stands. */
export function useGestures(box: RefObject<HTMLElement | null>, target: GestureTarget): void {
  // The listeners live as long as the element; what they need changes with each drawing.
  const latest = useRef(target);
  latest.current = target;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    // Moved by keys, so it takes the focus.
    element.tabIndex = 0;
    const now = (): GestureTarget => latest.current;
    // Several moves can come before the next drawing: each starts from the one before.
    const move = (view: View): void => {
      latest.current = { ...latest.current, view };
      latest.current.move(view);
    };
    const stopPointers = listenToPointers(element, now, move);
    const stopOthers = listenToWheelAndKeys(element, now, move);
    return () => {
      stopPointers();
      stopOthers();
    };
  }, [box]);
}

function spotOf(element: HTMLElement, event: MouseEvent): Spot {
  const box = element.getBoundingClientRect();
  return { left: event.clientX - box.left, top: event.clientY - box.top };
}

function listenToPointers(element: HTMLElement, now: () => GestureTarget, move: (view: View) => void): () => void {
  const fingers = new Map<number, Spot>();
  let travelled = 0;
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, spotOf(element, event));
    if (fingers.size === 1) travelled = 0;
  };
  const drag = (event: PointerEvent): void => {
    const to = spotOf(element, event);
    const from = fingers.get(event.pointerId);
    if (from === undefined) {
      now().hover(to.left, to.top);
      return;
    }
    travelled += Math.hypot(to.left - from.left, to.top - from.top);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, to);
    if (other !== undefined) move(pinched(now(), from, to, other));
    else if (travelled > dragThresholdPx) move(panned(now().view, to.left - from.left, to.top - from.top));
  };
  const up = (event: PointerEvent): void => {
    const at = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (event.type !== 'pointerup' || at === undefined || fingers.size > 0) return;
    if (travelled <= dragThresholdPx) now().tap(at.left, at.top);
  };
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', drag);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', drag);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
  };
}

/** One finger went from here to there while the other rested: nearer or farther, and along. */
function pinched({ view, size }: GestureTarget, from: Spot, to: Spot, other: Spot): View {
  const before = Math.hypot(from.left - other.left, from.top - other.top);
  const after = Math.hypot(to.left - other.left, to.top - other.top);
  if (before < 1 || after < 1) return view;
  const middle = { left: (to.left + other.left) / 2, top: (to.top + other.top) / 2 };
  const zoomed = zoomedAt(view, Math.log2(after / before), middle.left, middle.top, size);
  return panned(zoomed, (to.left - from.left) / 2, (to.top - from.top) / 2);
}

function listenToWheelAndKeys(element: HTMLElement, now: () => GestureTarget, move: (view: View) => void): () => void {
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { left, top } = spotOf(element, event);
    const step = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    move(zoomedAt(now().view, Math.max(-1, Math.min(1, -step / 240)), left, top, now().size));
  };
  const key = (event: KeyboardEvent): void => {
    const next = keyed(event.key, now().view, now().size);
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    move(next);
  };
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('keydown', key);
  return () => {
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('keydown', key);
  };
}

/** The view after a key; undefined when the key is not the map's. */
export function keyed(key: string, view: View, size: Size): View | undefined {
  switch (key) {
    case 'ArrowLeft':
      return panned(view, keyPanPx, 0);
    case 'ArrowRight':
      return panned(view, -keyPanPx, 0);
    case 'ArrowUp':
      return panned(view, 0, keyPanPx);
    case 'ArrowDown':
      return panned(view, 0, -keyPanPx);
    case '+':
    case '=':
      return zoomedAt(view, 1, size.width / 2, size.height / 2, size);
    case '-':
    case '_':
      return zoomedAt(view, -1, size.width / 2, size.height / 2, size);
    default:
      return undefined;
  }
}

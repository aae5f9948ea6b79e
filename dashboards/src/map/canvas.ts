/** A canvas that is as large as its place, sharp on every screen. */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Size } from './mercator.ts';

/** The size of the element in CSS pixels, followed; zero before it is known. */
export function useSize(box: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return size;
}

/** Device pixels a CSS pixel; more than 2 is not seen and costs. */
export function pixelRatioNow(): number {
  return Math.min(2, globalThis.devicePixelRatio || 1);
}

/** The canvas' context at the right size, in CSS pixels; undefined while there is nothing to draw on. */
export function contextOf(
  canvas: HTMLCanvasElement | null,
  size: Size,
  pixelRatio: number,
): CanvasRenderingContext2D | undefined {
  if (canvas === null || size.width === 0) return undefined;
  const [width, height] = [Math.round(size.width * pixelRatio), Math.round(size.height * pixelRatio)];
  // Setting a size clears the canvas, so only when it changed.
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d') ?? undefined;
  context?.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  return context;
}

/** The map: schematic below, things above, rings for what nobody accepted, and the same things as a list. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useWords } from '../parts/app.tsx';
import { useIsDark } from '../parts/theme.ts';
import type { Basemap } from './basemap.ts';
import { drawBasemap, drawLabels, loadBasemap } from './basemap.ts';
import { contextOf, pixelRatioNow, useSize } from './canvas.ts';
import { drawPoints } from './draw-points.ts';
import { keyed, useGestures } from './gestures.ts';
import { MapButtons } from './MapButtons.tsx';
import { MapList } from './MapList.tsx';
import { MapMarks } from './MapMarks.tsx';
import type { Bounds, Size, View } from './mercator.ts';
import { fitted, homeBounds } from './mercator.ts';
import { darkMap, lightMap } from './palette.ts';
import type { MapLine, MapPoint, PlacedPoint } from './points.ts';
import { inDrawingOrder, isInside, pick, placed } from './points.ts';
import { createStamps } from './sprites.ts';
import { readView, writeView } from './view-in-url.ts';

/** What to bring into view when `key` changes. */
export type Frame = { readonly key: string; readonly bounds: Bounds };

type Props = {
  /** What the map is of, for its name. */
  readonly label: string;
  readonly points: readonly MapPoint[];
  readonly lines?: readonly MapLine[] | undefined;
  readonly selected?: string | undefined;
  onPick(point: MapPoint): void;
  readonly frame?: Frame | undefined;
};

const noLines: readonly MapLine[] = [];

export function MapSurface({ label, points, lines = noLines, selected, onPick, frame }: Props): JSX.Element {
  const { t } = useWords();
  const isDark = useIsDark();
  const box = useRef<HTMLElement>(null);
  const touchable = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const [view, setView] = useView(size, frame);
  const [hovered, setHovered] = useState<PlacedPoint>();
  const pixelRatio = pixelRatioNow();
  const stamps = useMemo(() => createStamps(pixelRatio), [pixelRatio]);
  const ordered = useMemo(() => inDrawingOrder(points), [points]);
  const onScreen = useMemo(() => placed(ordered, view, size), [ordered, view, size]);
  useGestures(touchable, {
    view,
    size,
    move: (next) => {
      setView(next);
      setHovered(undefined);
    },
    tap: (left, top) => {
      const point = pick(onScreen, left, top);
      if (point !== undefined) onPick(point);
    },
    hover: (left, top) => {
      const point = pick(onScreen, left, top);
      setHovered(onScreen.find((one) => one.point === point));
    },
  });
  useEffect(() => {
    const context = contextOf(canvas.current, size, pixelRatio);
    if (context !== undefined) drawPoints(context, stamps, { points: onScreen, lines, selected, view, size, isDark });
  }, [onScreen, lines, view, size, selected, stamps, isDark, pixelRatio]);

  return (
    <section class="map" aria-label={t('map.label', { what: label })} ref={box}>
      <Ground view={view} size={size} isDark={isDark} />
      <div
        class="map-layer map-top"
        ref={touchable}
        role="application"
        aria-label={`${t('map.label', { what: label })}. ${t('map.keys')}`}
        data-pick={hovered === undefined ? undefined : ''}
      >
        <canvas ref={canvas} />
      </div>
      <MapMarks points={onScreen} hovered={hovered} width={size.width} />
      <MapButtons
        onZoom={(key) => setView(keyed(key, view, size) ?? view)}
        onHome={() => setView(fitted(homeBounds, size, 12))}
      />
      <MapList points={onScreen.filter((one) => isInside(one, size)).map(({ point }) => point)} onPick={onPick} />
      <p class="map-notice">{t('map.notice')}</p>
    </section>
  );
}

/** The view: from the address, else the inner city; moved by hand, and by a new frame. */
function useView(size: Size, frame: Frame | undefined): readonly [View, (view: View) => void] {
  const [chosen, setChosen] = useState<View | undefined>(readView);
  const home = useMemo(() => fitted(homeBounds, size.width > 0 ? size : { width: 800, height: 600 }, 12), [size]);
  const isSized = size.width > 0;
  // Only a new key may move the map under the user's hand.
  useEffect(() => {
    if (frame !== undefined && isSized) setChosen(fitted(frame.bounds, size, 40, 16.5));
  }, [frame?.key, isSized]);
  useEffect(() => (chosen === undefined ? undefined : writeView(chosen)), [chosen]);
  return [chosen ?? home, setChosen];
}

/** The schematic. It is drawn anew only when the view, the light or the language changes. */
function Ground({
  view,
  size,
  isDark,
}: {
  readonly view: View;
  readonly size: Size;
  readonly isDark: boolean;
}): JSX.Element {
  const { language } = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [basemap, setBasemap] = useState<Basemap>();
  const pixelRatio = pixelRatioNow();
  useEffect(() => {
    let isHere = true;
    // Without the schematic the points still stand where they should, on plain ground.
    loadBasemap().then(
      (loaded) => isHere && setBasemap(loaded),
      () => isHere && setBasemap({ shapes: [], labels: [] }),
    );
    return () => {
      isHere = false;
    };
  }, []);
  useEffect(() => {
    const context = contextOf(canvas.current, size, pixelRatio);
    if (context === undefined || basemap === undefined) return;
    const palette = isDark ? darkMap : lightMap;
    drawBasemap(context, basemap, view, size, palette, pixelRatio);
    drawLabels(context, basemap, view, size, palette, language);
  }, [basemap, view, size, isDark, language, pixelRatio]);
  return (
    <div class="map-layer" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}

/** The map's arithmetic: where a degree falls on the screen, and that the view stays in the city. */
import { describe, expect, test } from 'vitest';
import { keyed } from '../../../dashboards/src/map/gestures.ts';
import {
  boundsOf,
  clampView,
  fitted,
  fromPixel,
  metersPerPixel,
  minZoom,
  panned,
  project,
  toPixel,
  unproject,
  zoomedAt,
} from '../../../dashboards/src/map/mercator.ts';
import type { MapPoint } from '../../../dashboards/src/map/points.ts';
import { fittingLabels, inDrawingOrder, pick, placed } from '../../../dashboards/src/map/points.ts';
import { inkOn } from '../../../dashboards/src/map/sprites.ts';
import { parseView } from '../../../dashboards/src/map/view-in-url.ts';

const size = { width: 800, height: 600 };
const lake = project(21.0286, 105.8524);
const view = { ...lake, zoom: 14 };

describe('mercator', () => {
  test('the null island is the middle of the plane', () => {
    expect(project(0, 0)).toEqual({ x: 0.5, y: 0.5 });
  });

  test('degrees survive the way to the plane and back', () => {
    const { lat, lon } = unproject(lake);
    expect(lat).toBeCloseTo(21.0286, 9);
    expect(lon).toBeCloseTo(105.8524, 9);
  });

  test('the middle of the view is the middle of the screen', () => {
    expect(toPixel(lake, view, size)).toEqual({ left: 400, top: 300 });
  });

  test('at zoom 14 a pixel is 8.9 m in Hanoi', () => {
    expect(metersPerPixel(14)).toBeCloseTo(8.92, 2);
  });

  test('zooming keeps the spot below the finger', () => {
    const before = fromPixel(700, 100, view, size);
    const after = fromPixel(700, 100, zoomedAt(view, 1.5, 700, 100, size), size);
    expect(after.x).toBeCloseTo(before.x, 12);
    expect(after.y).toBeCloseTo(before.y, 12);
  });

  test('the view cannot leave the city nor show the sea', () => {
    const far = clampView({ ...project(16, 112), zoom: 3 });
    const { lat, lon } = unproject(far);
    expect(lat).toBeCloseTo(20.55, 6);
    expect(lon).toBeCloseTo(106.03, 6);
    expect(far.zoom).toBe(minZoom);
  });

  test('fitting shows all of the bounds', () => {
    const fit = fitted([105.8, 21, 105.9, 21.05], size, 50);
    const northWest = toPixel(project(21.05, 105.8), fit, size);
    const southEast = toPixel(project(21, 105.9), fit, size);
    expect(northWest.left).toBeGreaterThanOrEqual(49.999);
    expect(northWest.top).toBeGreaterThanOrEqual(49.999);
    expect(southEast.left).toBeLessThanOrEqual(750.001);
    expect(southEast.top).toBeLessThanOrEqual(550.001);
  });

  test('bounds of nothing are none', () => {
    expect(boundsOf([])).toBeUndefined();
    expect(
      boundsOf([
        { lat: 21, lon: 105 },
        { lat: 20, lon: 106 },
      ]),
    ).toEqual([105, 20, 106, 21]);
  });
});

describe('keys', () => {
  test('an arrow moves the view by 120 px', () => {
    expect(keyed('ArrowRight', view, size)).toEqual(panned(view, -120, 0));
  });

  test('other keys are not the map’s', () => {
    expect(keyed('a', view, size)).toBeUndefined();
  });
});

describe('points', () => {
  const point = (id: string, lon: number, changes: Partial<MapPoint> = {}): MapPoint => {
    return { id, kind: 'bus', lat: 21.0286, lon, title: id, stale: false, ...changes };
  };

  test('an incident lies above buses, the graver above the lesser', () => {
    const order = inDrawingOrder([
      point('grave', 105, { kind: 'incident', level: 1 }),
      point('bus', 105),
      point('slight', 105, { kind: 'incident', level: 3 }),
    ]);
    expect(order.map(({ id }) => id)).toEqual(['bus', 'slight', 'grave']);
  });

  test('a finger takes the nearest within 22 px, or nothing', () => {
    const onScreen = placed([point('here', 105.8524), point('beside', 105.8534)], view, size);
    expect(pick(onScreen, 404, 300)?.id).toBe('here');
    expect(pick(onScreen, 409, 300)?.id).toBe('beside');
    expect(pick(onScreen, 400, 340)).toBeUndefined();
  });

  test('what is far outside the screen is not drawn', () => {
    expect(placed([point('far', 105.3)], view, size)).toEqual([]);
  });
});

test('a line’s number is black on light and white on dark colours', () => {
  expect(inkOn('#ffe45c')).toBe('#0b0f13');
  expect(inkOn('#2e5eaa')).toBe('#ffffff');
});

test.each(['', '21.03', '21.03,105.85', 'a,b,c', '95,105.8,12'])('"%s" in the address is no view', (text) => {
  expect(parseView(text)).toBeUndefined();
});

test('a label that would cover an incident or another label is left out; the nearest comes first', () => {
  const water = (id: string, left: number, top: number) => ({
    point: { id, kind: 'water' as const, lat: 21, lon: 105, title: id, label: 'Trụ nước · 90 m', stale: false },
    left,
    top,
  });
  const incident = {
    point: { id: 'i', kind: 'incident' as const, lat: 21, lon: 105, title: '', stale: false },
    left: 200,
    top: 100,
  };
  const points = [
    water('beside', 190, 105),
    water('free', 190, 140),
    water('below', 200, 150),
    water('far', 400, 150),
    incident,
  ];
  expect(fittingLabels(points).map(({ point }) => point.id)).toEqual(['free', 'far']);
});

/** Stamps for the things on the map, drawn once and copied: 3,000 copies cost less than 300 drawings. */
import type { Level, Tone } from '../fire/queue.ts';
import type { MapPoint } from './points.ts';

/** Fills of the four levels, the same in both themes: black glyph, dark outline. Chosen for contrast and colour blindness. */
export const levelFill: Readonly<Record<Level, string>> = { 1: '#ff4b42', 2: '#ff9f1a', 3: '#ffe45c', 4: '#6cc4ff' };
export const staleFill = '#8b97a3';
/** A drill's colour, which no real alarm has. */
const drillFill = '#5aa0ff';

/** The fill of an incident's sign. */
export function fillOf(level: Level, tone: Tone): string {
  if (tone === 'muted') return staleFill;
  return tone === 'drill' ? drillFill : levelFill[level];
}
const ink = '#0b0f13';

// One stamp a direction of 10 degrees: finer is not seen at this size.
const bearingStepDeg = 10;
// Far more than a city's lines, states and directions; a bound all the same.
const stampsKept = 4_000;

export type Stamps = { stamp(point: MapPoint): HTMLCanvasElement };

/** Draws stamps for a screen with this many device pixels a CSS pixel. */
export function createStamps(pixelRatio: number): Stamps {
  const kept = new Map<string, HTMLCanvasElement>();
  return {
    stamp: (point) => {
      const bearing = point.bearing === undefined ? -1 : Math.round(point.bearing / bearingStepDeg) % 36;
      const used = point.used === undefined ? -1 : Math.round(point.used * 20);
      const key = `${point.kind}|${point.level}|${point.tone}|${point.stale}|${bearing}|${point.color}|${point.text}|${used}`;
      const found = kept.get(key);
      if (found !== undefined) return found;
      if (kept.size >= stampsKept) kept.clear();
      const made = draw(point, bearing * bearingStepDeg, pixelRatio);
      kept.set(key, made);
      return made;
    },
  };
}

/** Side of each stamp in CSS pixels. */
export const stampPx: Readonly<Record<MapPoint['kind'], number>> = {
  incident: 36,
  bus: 34,
  lot: 40,
  station: 24,
  water: 18,
  stop: 12,
};

function draw(point: MapPoint, bearing: number, pixelRatio: number): HTMLCanvasElement {
  const side = stampPx[point.kind];
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(side * pixelRatio);
  canvas.height = canvas.width;
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  context.scale(pixelRatio, pixelRatio);
  context.translate(side / 2, side / 2);
  context.lineJoin = 'round';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  switch (point.kind) {
    case 'incident':
      drawIncident(context, point);
      break;
    case 'bus':
      drawBus(context, point, bearing);
      break;
    case 'lot':
      drawLot(context, point);
      break;
    case 'station':
      drawStation(context);
      break;
    case 'water':
      drawWater(context, point);
      break;
    case 'stop':
      drawStop(context, point);
      break;
  }
  return canvas;
}

function filled(context: CanvasRenderingContext2D, path: Path2D, fill: string, stale: boolean): void {
  context.lineWidth = 1.5;
  context.fillStyle = stale ? staleFill : fill;
  context.fill(path);
  if (stale) hatch(context, path);
  context.strokeStyle = ink;
  context.stroke(path);
}

function hatch(context: CanvasRenderingContext2D, path: Path2D): void {
  context.save();
  context.clip(path);
  context.strokeStyle = 'rgba(11, 15, 19, 0.45)';
  context.lineWidth = 1.5;
  context.beginPath();
  for (let x = -40; x < 40; x += 5) {
    context.moveTo(x, 20);
    context.lineTo(x + 40, -20);
  }
  context.stroke();
  context.restore();
}

/** The outline of a level's sign around the origin: triangle, diamond, square, disc. `r` is the half size. */
export function levelPath(level: Level, r: number): string {
  switch (level) {
    case 1:
      return `M0 ${-r} L${r * 1.06} ${r * 0.82} H${-r * 1.06} Z`;
    case 2:
      return `M0 ${-r * 1.08} L${r * 1.08} 0 L0 ${r * 1.08} L${-r * 1.08} 0 Z`;
    case 3:
      return `M${-r * 0.88} ${-r * 0.88} H${r * 0.88} V${r * 0.88} H${-r * 0.88} Z`;
    case 4:
      return `M${-r} 0 A${r} ${r} 0 1 1 ${r} 0 A${r} ${r} 0 1 1 ${-r} 0 Z`;
  }
}

function drawIncident(context: CanvasRenderingContext2D, point: MapPoint): void {
  const level = point.level ?? 4;
  const path = new Path2D(levelPath(level, 14));
  context.shadowColor = 'rgba(0, 0, 0, 0.5)';
  context.shadowBlur = 5;
  const fill = fillOf(level, point.tone ?? 'real');
  context.fillStyle = fill;
  context.fill(path);
  context.shadowBlur = 0;
  filled(context, path, fill, point.stale);
  context.fillStyle = ink;
  context.font = '700 14px "Inter Variable", sans-serif';
  context.fillText(String(level), 0, level === 1 ? 4 : 1);
}

function drawBus(context: CanvasRenderingContext2D, point: MapPoint, bearing: number): void {
  const fill = point.color ?? '#3fc7b4';
  if (point.bearing !== undefined && !point.stale) {
    context.save();
    context.rotate((bearing * Math.PI) / 180);
    const arrow = point.text === undefined ? 'M0 -10 L4 -3 H-4 Z' : 'M0 -16 L6.5 -7 H-6.5 Z';
    filled(context, new Path2D(arrow), fill, false);
    context.restore();
  }
  const text = point.text ?? '';
  const path = new Path2D();
  path.arc(0, 0, text === '' ? 5 : 9.5, 0, 2 * Math.PI);
  filled(context, path, fill, point.stale);
  context.fillStyle = point.stale ? ink : inkOn(fill);
  context.font = `700 ${text.length > 3 ? 7 : text.length > 2 ? 8.5 : 10.5}px "Inter Variable", sans-serif`;
  context.fillText(text, 0, 0.5);
}

function drawLot(context: CanvasRenderingContext2D, point: MapPoint): void {
  const path = new Path2D();
  path.roundRect(-15, -11, 30, 22, 5);
  filled(context, path, '#d9e6ee', point.stale);
  if (point.used !== undefined && !point.stale) {
    context.save();
    context.clip(path);
    context.fillStyle = point.used >= 0.995 ? '#ff9f1a' : '#86b6d3';
    context.fillRect(-15, 7, 30 * point.used, 4);
    context.restore();
    context.stroke(path);
  }
  context.fillStyle = ink;
  context.font = '700 12px "Inter Variable", sans-serif';
  context.fillText(point.text ?? 'P', 0, point.used === undefined ? 0.5 : -1.5);
}

function drawStation(context: CanvasRenderingContext2D): void {
  const path = new Path2D('M0 -9 L9 -3 V9 H-9 V-3 Z');
  filled(context, path, '#f4f7f9', false);
  context.fillStyle = '#b3261e';
  context.fillRect(-4.5, 0, 9, 9);
}

function drawWater(context: CanvasRenderingContext2D, point: MapPoint): void {
  filled(context, new Path2D('M0 -7 C5 -1 6 2 6 3 A6 6 0 0 1 -6 3 C-6 2 -5 -1 0 -7 Z'), '#58b7e8', point.stale);
}

function drawStop(context: CanvasRenderingContext2D, point: MapPoint): void {
  const path = new Path2D();
  path.arc(0, 0, 3.5, 0, 2 * Math.PI);
  context.fillStyle = '#ffffff';
  context.fill(path);
  context.lineWidth = 1.6;
  context.strokeStyle = point.color ?? '#3fc7b4';
  context.stroke(path);
}

/** Black or white, whichever is read better on this fill. */
export function inkOn(fill: string): string {
  const channel = (from: number): number => {
    const value = Number.parseInt(fill.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  // Where contrast with white equals contrast with black.
  return luminance > 0.179 ? ink : '#ffffff';
}

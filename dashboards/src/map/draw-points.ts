/** Draws what stands above the schematic: lines, then points, the selected one with a halo. */
import type { Size, View } from './mercator.ts';
import { project, toPixel } from './mercator.ts';
import type { MapLine, PlacedPoint } from './points.ts';
import type { Stamps } from './sprites.ts';
import { stampPx } from './sprites.ts';

export type PointsDrawing = {
  readonly points: readonly PlacedPoint[];
  readonly lines: readonly MapLine[];
  readonly selected: string | undefined;
  readonly view: View;
  readonly size: Size;
  readonly isDark: boolean;
};

export function drawPoints(context: CanvasRenderingContext2D, stamps: Stamps, drawing: PointsDrawing): void {
  const { points, lines, selected, view, size, isDark } = drawing;
  context.clearRect(0, 0, size.width, size.height);
  for (const line of lines) drawLine(context, line, view, size);
  for (const { point, left, top } of points) {
    const side = stampPx[point.kind];
    if (point.id === selected) drawHalo(context, left, top, side, isDark);
    context.drawImage(stamps.stamp(point), left - side / 2, top - side / 2, side, side);
  }
}

function drawLine(context: CanvasRenderingContext2D, line: MapLine, view: View, size: Size): void {
  context.beginPath();
  for (const [lon, lat] of line.coordinates) {
    if (lon === undefined || lat === undefined) continue;
    const { left, top } = toPixel(project(lat, lon), view, size);
    context.lineTo(left, top);
  }
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.setLineDash(line.dashed === true ? [2, 7] : []);
  context.strokeStyle = 'rgba(11, 15, 19, 0.75)';
  context.lineWidth = 6;
  context.stroke();
  context.strokeStyle = line.color;
  context.lineWidth = 3.5;
  context.stroke();
  context.setLineDash([]);
}

function drawHalo(context: CanvasRenderingContext2D, left: number, top: number, side: number, isDark: boolean): void {
  context.beginPath();
  context.arc(left, top, side / 2 + 5, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.strokeStyle = isDark ? '#ffffff' : '#0b0f13';
  context.stroke();
}

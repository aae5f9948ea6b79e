/** A table of ten thousand rows of one height: only those in view are drawn. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export type Column<Row> = {
  readonly key: string;
  readonly title: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** Left out where the screen is narrow. */
  readonly isMinor?: boolean;
  cell(row: Row): ComponentChildren;
};

const rowPx = 44;
const headPx = 36;
const spareRows = 8;

export function VirtualTable<Row>({
  label,
  columns,
  rows,
  keyOf,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string;
}): JSX.Element {
  const box = useRef<HTMLElement>(null);
  const [window, setWindow] = useState({ from: 0, count: 40 });
  const measure = (): void => {
    const element = box.current;
    if (element === null) return;
    const from = Math.max(0, Math.floor(element.scrollTop / rowPx) - spareRows);
    const count = Math.ceil(element.clientHeight / rowPx) + 2 * spareRows;
    setWindow((old) => (old.from === from && old.count === count ? old : { from, count }));
  };
  // Measured anew when the rows change.
  useEffect(measure, [rows.length]);
  const from = Math.min(window.from, Math.max(0, rows.length - 1));
  const shown = rows.slice(from, from + window.count);
  const below = Math.max(0, rows.length - from - shown.length);
  const classOf = (column: Column<Row>): string =>
    `${column.isNumber === true ? 'number' : ''} ${column.isMinor === true ? 'minor' : ''}`;
  return (
    // Focusable without an index: its rows hold links or buttons, and browsers let keys scroll it.
    <section class="table-box" ref={box} onScroll={measure} aria-label={label}>
      <table class="table" aria-rowcount={rows.length + 1} style={{ '--head': `${headPx}px` }}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <tr style={{ height: `${from * rowPx}px` }} />}
          {shown.map((row, index) => (
            <tr key={keyOf(row)} aria-rowindex={from + index + 2} style={{ height: `${rowPx}px` }}>
              {columns.map((column) => (
                <td key={column.key} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {below > 0 && <tr style={{ height: `${below * rowPx}px` }} />}
        </tbody>
      </table>
    </section>
  );
}

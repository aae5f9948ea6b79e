/** Windows as REST tells them, made into the form of the live snapshot; and how many stand open. Pure. */
import type { FireWindowView } from '../../../hub/domains/fire/view.ts';

/** One open window of `GET /fire/windows`. Points are named `<device>/<point>`. */
export type RestWindow = Omit<FireWindowView, 'from' | 'until' | 'seen' | 'expected'> & {
  readonly from: string;
  readonly until: string;
  readonly coverage: Coverage;
};

/** Which points were heard in a window, and which never. */
export type Coverage = { readonly seen: readonly string[]; readonly never: readonly string[] };

/** The window with its times as Unix ms and its coverage counted. */
export function windowFromRest({ coverage, from, until, ...rest }: RestWindow): FireWindowView {
  const seen = coverage.seen.length;
  return {
    ...rest,
    from: Date.parse(from),
    until: Date.parse(until),
    seen,
    expected: seen + coverage.never.length,
  };
}

/** What stands open: isolated devices are counted one by one, the others by window. */
export type WindowCounts = { readonly isolated: number; readonly drills: number; readonly tests: number };

export function countWindows(windows: readonly FireWindowView[]): WindowCounts {
  const isolated = windows.filter(({ kind }) => kind === 'isolation').flatMap(({ devices }) => devices);
  return {
    isolated: new Set(isolated).size,
    drills: windows.filter(({ kind }) => kind === 'drill').length,
    tests: windows.filter(({ kind }) => kind === 'walkTest' || kind === 'commissioning').length,
  };
}

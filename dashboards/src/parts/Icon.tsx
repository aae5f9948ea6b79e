/** The app's few icons, as strokes on a 24 px grid. */
import type { JSX } from 'preact';

const paths = {
  fire: 'M12 3c1 4 5 5.5 5 10a5 5 0 0 1-10 0c0-2 1-3.5 2-4.5.3 1.500 1 2.500 2 3C10.500 8.500 10.500 5.500 12 3Z',
  city: 'M4 21V8l6-3v16M10 21V11h10v10M3 21h18M7 10v0M7 14v0M14 15v0M17 15v0M14 18v0M17 18v0',
  devices:
    'M12 12v0M8.500 15.500a5 5 0 0 1 0-7M15.500 8.500a5 5 0 0 1 0 7M5.600 18.400a9 9 0 0 1 0-12.800M18.400 5.600a9 9 0 0 1 0 12.800',
  parking: 'M5 4h14v16H5ZM10 17V8h3a2.500 2.500 0 0 1 0 5h-3',
  bus: 'M5 5h14v12H5ZM5 12h14M8 17v2M16 17v2M8.500 14.500v0M15.500 14.500v0M9 8h6',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  home: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  close: 'M6 6l12 12M18 6L6 18',
  help: 'M9 9a3 3 0 1 1 4.500 2.600c-1 .600-1.500 1.200-1.500 2.400M12 17.500v0',
  sound: 'M4 10v4h3l4 4V6L7 10ZM15 9a4 4 0 0 1 0 6M17.500 6.500a8 8 0 0 1 0 11',
  mute: 'M4 10v4h3l4 4V6L7 10ZM15.500 9.500l5 5M20.500 9.500l-5 5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.500 4.500',
  back: 'M15 5l-7 7 7 7',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM3 20a6 6 0 0 1 12 0M16 4.500a3.500 3.500 0 0 1 0 6.500M17.500 14.500A6 6 0 0 1 21 20',
  phone: 'M6 3h3l2 5-2.500 1.500a12 12 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3Z',
} as const;

export type IconName = keyof typeof paths;

/** Always beside or inside something with a name of its own. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** What one code of a panel means to us. Pure. */
import type { FireEvent } from '../../fire/message.ts';

/** `info` (arming, logs, access) has no kind of its own on our wire; see `eventOf`. */
export type Meaning = {
  readonly kind: FireEvent['kind'] | 'info';
  readonly class: FireEvent['class'];
  readonly panelVerified?: boolean;
  /** What is troubled, where the zone does not say it: `mains`, `battery`, `line`, `tamper` … */
  readonly cause?: string;
  /** Speaks for the whole panel, e.g. a reset. */
  readonly isWhole?: boolean;
  /** Nobody told us what it means: it goes to a person as a possible fire. */
  readonly isUnknown?: boolean;
};

/** One report of a panel: a code of a zone. */
export type Report = {
  /** As the panel wrote it: `FA`, `1110`. */
  readonly code: string;
  readonly meaning: Meaning;
  readonly area: string;
  readonly zone: string;
};

export const unknownAlarm: Meaning = { kind: 'alarm', class: 'other', isUnknown: true };

/** Area and zone as one name, the same for `01 005` and `ri1/FA005`; area 0 is left out. */
export function pointOf({ code, meaning, area, zone }: Report): string {
  if (meaning.isWhole) return '';
  const [areaName, zoneName] = [area, zone].map((digits) => digits.replace(/^0+(?=.)/, ''));
  const place = areaName === '' || areaName === '0' ? `${zoneName}` : `${areaName}/${zoneName}`;
  // A code that we do not know clears nothing but itself.
  if (meaning.isUnknown) return `${place} ${code.slice(-3)}`.trim().slice(0, 64);
  if (meaning.kind === 'info') return `info ${code} ${place}`.trim().slice(0, 64);
  const isPanels = zoneName === '' || zoneName === '0';
  if (meaning.cause !== undefined) return (isPanels ? meaning.cause : `${meaning.cause} ${place}`).slice(0, 64);
  // An empty point would speak for the whole panel.
  return place === '' ? 'panel' : place.slice(0, 64);
}

/** What a line of the time line says, in the reader's words: the hub writes codes, people read sentences. Pure. */
import type { TimelineEntry } from '../../../hub/domains/fire/view.ts';
import type { DeskWords } from './desk-words.ts';

type Speaks = Pick<DeskWords, 't' | 'word'>;

/** The event's name; one that this app does not know yet has a name too. */
export function lineName({ type }: Pick<TimelineEntry, 'type'>, { t, word }: Speaks): string {
  const name = word('event', type);
  return name === type ? t('event.other') : name;
}

/** Who did it; the hub's own doing has a name, an area's devices have none. */
export function lineBy({ by }: Pick<TimelineEntry, 'by'>, { t }: Speaks): string {
  return by === 'hub' ? t('fire.hub') : by;
}

/** The line's text; empty when there is none. A person's own words stay as they are. */
export function lineText({ type, text = '' }: TimelineEntry, words: Speaks): string {
  const { t, word } = words;
  if (text === '') return '';
  switch (type) {
    case 'incident.raised':
    case 'incident.joined':
    case 'incident.pointRestored':
    case 'incident.chattering':
    case 'incident.settled':
      // A device with one point is told by its class; a point's own name is not ours to translate.
      return pointText(text, words);
    case 'incident.reported':
      return pair(text, 'reports.source', undefined, words);
    case 'incident.repeated':
      return t('fire.point.count', { n: Number(text) });
    case 'incident.areaRaised':
      return text.replace(/^[a-z]+(?=: )/, (trouble) => word('class.trouble', trouble));
    case 'incident.standingChanged':
      return text
        .split(' → ')
        .map((standing) => word('standing', standing))
        .join(' → ');
    case 'incident.reopened':
      return word(text === 'refuted' ? 'evidence' : 'handling', text);
    case 'incident.evidenceRaised':
      return pair(text, 'evidence', 'cause', words);
    case 'incident.escalated':
      return pair(text, 'step', 'cause', words);
    case 'incident.progressed':
      return word('stage', text);
    case 'incident.setAside':
      return word('cause', text);
    case 'incident.closed':
      return pair(text, 'disposition', undefined, words);
    default:
      return text;
  }
}

/** `code: code` or `code: words`. */
function pair(text: string, first: string, second: string | undefined, { word }: Speaks): string {
  const [head = '', ...rest] = text.split(': ');
  const tail = rest.join(': ');
  const named = word(first, head);
  if (tail === '') return named;
  return `${named}: ${second === undefined ? tail : word(second, tail)}`;
}

/** A point by its name; a bare number says what it is the number of. */
export function pointText(name: string, { t, word }: Speaks): string {
  return /^\d+$/.test(name) ? t('point.number', { name }) : word('class', name);
}

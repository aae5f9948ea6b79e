/** CAP 1.2 documents (OASIS, urn:oasis:names:tc:emergency:cap:1.2) and the Atom feed that lists them. Pure. */
import type { Millis } from '../../../devices/wire.ts';
import { type CapMessage, expiresAt } from './cap.ts';
import type { CapArea } from './cap-area.ts';
import { type CapLanguage, capLanguages, capTexts } from './cap-texts.ts';
import { type Element, element, xmlDocument } from './xml.ts';

const capNamespace = 'urn:oasis:names:tc:emergency:cap:1.2';
/** CAP §3.2.1: no spaces, commas, < or &. With the incident's id, which is unique in the world, it names a message. */
const sender = 'nhip-hub';

/** One alert. Vietnamese comes first: receivers show the first language when they do not know theirs. */
export function capDocument(message: CapMessage, area: CapArea): string {
  const { identifier, status, msgType, references, incident } = message;
  return xmlDocument({
    name: 'alert',
    attributes: { xmlns: capNamespace },
    content: [
      element('identifier', identifier),
      element('sender', sender),
      element('sent', capTime(message.sentAt)),
      element('status', status),
      element('msgType', msgType),
      element('scope', 'Public'),
      // CAP §3.2.1: the note of an exercise names it; an incident is an exercise of its own.
      status === 'Actual' ? undefined : element('note', `${incident}: ${capTexts(message, area, 'vi-VN').note}`),
      references.length === 0
        ? undefined
        : element(
            'references',
            references.map((one) => [sender, one.identifier, capTime(one.sentAt)].join()).join(' '),
          ),
      element('incidents', incident),
      ...capLanguages.map((language) => info(message, area, language)),
    ],
  });
}

/** Live messages, newest first. Links are relative: the hub does not know the name that a reverse proxy gives it. */
export function capFeed(
  entries: readonly { readonly message: CapMessage; readonly area: CapArea }[],
  at: Millis,
): string {
  const newest = Math.max(0, ...entries.map(({ message }) => message.sentAt));
  return xmlDocument({
    name: 'feed',
    attributes: { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'vi-VN' },
    content: [
      element('id', 'urn:nhip:cap:alerts'),
      element('title', 'Cảnh báo cháy'),
      element('updated', capTime(newest || at)),
      element('author', [element('name', 'Nhịp')]),
      link('/cap/alerts', 'self', 'application/atom+xml'),
      ...entries.map(feedEntry),
    ],
  });
}

function feedEntry({ message, area }: { readonly message: CapMessage; readonly area: CapArea }): Element {
  const { headline, description } = capTexts(message, area, 'vi-VN');
  return element('entry', [
    element('id', `urn:nhip:cap:${message.identifier}`),
    element('title', headline),
    element('updated', capTime(message.sentAt)),
    element('summary', description),
    { name: 'category', attributes: { term: message.status }, content: '' },
    link(`/cap/alerts/${message.identifier}`, 'alternate', 'application/cap+xml'),
  ]);
}

function link(href: string, rel: string, type: string): Element {
  return { name: 'link', attributes: { rel, type, href }, content: '' };
}

function info(message: CapMessage, area: CapArea, language: CapLanguage): Element {
  const { event, headline, description, instruction } = capTexts(message, area, language);
  const { urgency, severity, certainty, responseType } = judgement(message);
  return element('info', [
    element('language', language),
    element('category', 'Fire'),
    element('event', event),
    element('responseType', responseType),
    element('urgency', urgency),
    element('severity', severity),
    element('certainty', certainty),
    element('effective', capTime(message.sentAt)),
    element('onset', capTime(message.onsetAt)),
    element('expires', capTime(expiresAt(message))),
    element('senderName', 'Nhịp'),
    element('headline', headline),
    element('description', description),
    instruction === undefined ? undefined : element('instruction', instruction),
    areaElement(area),
  ]);
}

function areaElement({ description, wardCode, circle }: CapArea): Element {
  return element('area', [
    element('areaDesc', description),
    // CAP §3.2.4: latitude first, unlike GeoJSON; the radius in kilometres.
    circle === undefined
      ? undefined
      : element('circle', `${degrees(circle.center.lat)},${degrees(circle.center.lon)} ${circle.radiusKm}`),
    wardCode === undefined
      ? undefined
      : element('geocode', [element('valueName', 'VN:ward'), element('value', wardCode)]),
  ]);
}

/** What the evidence allows to say. A single alarm's harm is unknown, and the standard has a word for that. */
function judgement({ phase, evidence, isSourceActive }: CapMessage) {
  if (phase === 'withdrawn') {
    return { urgency: 'Past', severity: 'Minor', certainty: 'Unlikely', responseType: 'AllClear' };
  }
  const certainty = { confirmed: 'Observed', corroborated: 'Likely', unverified: 'Possible', refuted: 'Unlikely' }[
    evidence
  ];
  const severity = { confirmed: 'Severe', corroborated: 'Moderate', unverified: 'Unknown', refuted: 'Minor' }[evidence];
  if (phase === 'over') return { urgency: 'Past', severity, certainty, responseType: 'AllClear' };
  return { urgency: isSourceActive ? 'Immediate' : 'Expected', severity, certainty, responseType: 'Avoid' };
}

/** CAP §3.3.2: local time with its offset, never `Z`. Vietnam has had UTC+7 without summer time since 1975. */
export function capTime(at: Millis): string {
  return `${new Date(at + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}

function degrees(value: number): string {
  return value.toFixed(3);
}

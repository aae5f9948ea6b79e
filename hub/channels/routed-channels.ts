/** Makes the channels that a table of routes names, and the rule that picks among them. */
import { createHash } from 'node:crypto';
import type { Millis } from '../../devices/wire.ts';
import { StartError } from '../errors.ts';
import type { Notice } from '../notice.ts';
import type { Resolve } from './address-guard.ts';
import type { Channel } from './channel.ts';
import { mailChannel } from './mail.ts';
import { type PhoneProvider, phoneChannel } from './phone.ts';
import type { RouteRecord, RouteTable } from './route-table.ts';
import { channelsFor, isOfContacts, type Route } from './routing.ts';
import { readWebhookSecret } from './signature.ts';
import { webhookChannel } from './webhook.ts';

export type RoutingParts = {
  /** `HUB_WEBHOOK_…` and `HUB_SMTP_…`, for routes that name no address or secret of their own. */
  readonly webhook: {
    readonly url?: string;
    readonly secrets: readonly Uint8Array[];
    readonly allow: readonly string[];
  };
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  readonly phone: PhoneProvider;
  /** Telephones of the contacts of a place, in order. */
  contacts(placeId: string): readonly string[];
  now(): Millis;
  readonly resolve?: Resolve;
};

export type Routing = {
  readonly channels: readonly Channel[];
  readonly routes: readonly Route[];
  /** The channels of a notice; those of `fallback` when no route fits. */
  route(notice: Notice, fallback: readonly string[]): readonly string[];
};

/** Contacts of one place that are called: the law asks for three, and beyond these the calls would be late. */
const maxContacts = 8;

/** @throws StartError when two routes give one name to different receivers. */
export function routedChannels({ hub, routes }: RouteTable, parts: RoutingParts): Routing {
  const channels = new Map<string, Channel>();
  const kept = routes.map((record): Route => {
    const made = channelsOf(record, hub, parts);
    for (const channel of made) {
      const known = channels.get(channel.name);
      if (known === undefined) channels.set(channel.name, channel);
      else if (known.receiver !== channel.receiver) {
        throw new StartError(
          `HUB_NOTICE_ROUTES: the name "${channel.name}" stands for two receivers; give each its own`,
        );
      }
    }
    return { ...record, channels: made.map(({ name }) => name) };
  });
  return {
    channels: [...channels.values()],
    routes: kept,
    route: (notice, fallback) => channelsFor(notice, kept, fallback),
  };
}

function channelsOf(record: RouteRecord, hub: string | undefined, parts: RoutingParts): readonly Channel[] {
  const { channel, url, secrets, numbers } = record;
  const links = hub === undefined ? {} : { hub: hub.replace(/\/+$/, '') };
  switch (channel) {
    case 'webhook': {
      const address = url ?? parts.webhook.url ?? '';
      const keys = secrets?.map(readWebhookSecret).filter((key) => key !== undefined) ?? parts.webhook.secrets;
      const { now, resolve } = parts;
      const options = {
        name: record.name ?? `webhook-${digest(address)}`,
        url: address,
        secrets: keys,
        allow: parts.webhook.allow,
        now,
        ...links,
      };
      return [webhookChannel({ ...options, ...(resolve === undefined ? {} : { resolve }) })];
    }
    case 'mail':
      return mailChannels(record, parts.mail, links);
    case 'sms':
    case 'voice':
      return isOfContacts(record)
        ? contactChannels(record, channel, parts)
        : numberChannels(record, channel, numbers ?? [], parts);
  }
}

/** One for each address, so that a refused one does not keep the others waiting. */
function mailChannels(
  { name, addresses = [] }: RouteRecord,
  mail: RoutingParts['mail'],
  links: { readonly hub?: string },
): Channel[] {
  if (mail === undefined) return [];
  return addresses.map((address, index) => {
    return mailChannel({ name: nameOf(name, 'mail', addresses, index), ...mail, to: [address], ...links });
  });
}

/** One for each place in the list of contacts, so that each call has its own outcome. */
function contactChannels({ name }: RouteRecord, kind: 'sms' | 'voice', parts: RoutingParts): Channel[] {
  return Array.from({ length: maxContacts }, (_, index) =>
    phoneChannel({
      name: `${name ?? `${kind}-contact`}-${index + 1}`,
      kind,
      provider: parts.phone,
      number: ({ facts }) => (facts?.place == null ? undefined : parts.contacts(facts.place.id)[index]),
      receiver: `contact ${index + 1}`,
    }),
  );
}

function numberChannels(
  { name }: RouteRecord,
  kind: 'sms' | 'voice',
  numbers: readonly string[],
  parts: RoutingParts,
): Channel[] {
  return numbers.map((number, index) =>
    phoneChannel({
      name: nameOf(name, kind, numbers, index),
      kind,
      provider: parts.phone,
      number: () => number,
      receiver: number,
    }),
  );
}

/** The route's name, numbered when it stands for several. */
function nameOf(name: string | undefined, kind: string, receivers: readonly string[], index: number): string {
  if (name === undefined) return `${kind}-${digest(receivers[index] ?? '')}`;
  return receivers.length === 1 ? name : `${name}-${index + 1}`;
}

/** Short, and the same at every start. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

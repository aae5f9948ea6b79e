/** The rooms around the incidents: who is told outside, who lives there, and proof of where a device hangs. */
import type { Logger } from 'pino';
import type { Millis } from '../devices/wire.ts';
import { openBindings } from './bindings/bindings.ts';
import type { Channels } from './channels/channels.ts';
import { noticeWebhook } from './channels/notice-body.ts';
import type { Keep } from './closers.ts';
import type { Config } from './config.ts';
import { dataPaths } from './data-directory.ts';
import type { Api } from './domain.ts';
import { readAssignment } from './domains/fire/assignment.ts';
import { openNoticeChannels } from './notice-channels.ts';
import { openPeople } from './people/people.ts';
import type { Stores } from './stores.ts';

export type Outside = {
  /** Takes the notices of a step; see Channels. */
  readonly notices: Pick<Channels, 'notify' | 'cursor' | 'told' | 'numbers'>;
  /** Every room's routes, and what the hub posts to others, for the web server and its documents. */
  readonly web: {
    readonly routes: readonly ((api: Api) => void)[];
    readonly webhooks: Readonly<Record<string, object>>;
  };
};

/** @throws StartError when a store cannot be used. */
export function openOutside(
  stores: Pick<Stores, 'access' | 'journal' | 'registry'>,
  parts: {
    readonly config: Config;
    readonly log: Logger;
    readonly keep: Keep;
    now(): Millis;
  },
): Outside {
  const { config, log, keep, now } = parts;
  const paths = dataPaths(config.dataDirectory);
  const channels = keep(openNoticeChannels({ config, registry: stores.registry, log, now }), (part) => part.close());
  const people = keep(
    openPeople({
      path: paths.people,
      ...(config.peopleUrl === undefined ? {} : { url: config.peopleUrl }),
      assignment: (incident) => readAssignment(stores.journal, incident),
      isOnlyOne: (name) => stores.access.listTokens().filter((token) => token.name === name).length === 1,
      now,
      log,
    }),
    (part) => part.close(),
  );
  const bindings = keep(openBindings({ path: paths.bindings, registry: stores.registry, now }), (part) => part.close());
  const routes = [channels.routes, people.routes, bindings.routes];
  return { notices: channels, web: { routes, webhooks: noticeWebhook } };
}

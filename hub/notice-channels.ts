/** Joins the channels to the settings and the registry: who is told outside, and how. */
import type { Logger } from 'pino';
import type { Millis } from '../devices/wire.ts';
import { type Channels, openChannels } from './channels/channels.ts';
import { logChannel, logPhoneProvider } from './channels/log.ts';
import { mailChannel } from './channels/mail.ts';
import { audiences, type RouteTable, readRouteTable } from './channels/route-table.ts';
import { type Routing, routedChannels } from './channels/routed-channels.ts';
import { webhookChannel } from './channels/webhook.ts';
import type { Config } from './config.ts';
import { dataPaths } from './data-directory.ts';
import type { Registry } from './registry/registry.ts';

type Parts = {
  readonly config: Config;
  readonly registry: Registry;
  readonly log: Logger;
  now(): Millis;
};

/** Opens every way out. @throws StartError when the routes or the store cannot be used. */
export function openNoticeChannels({ config, registry, log, now }: Parts): Channels {
  const { webhook, mail, noticeRoutes } = config;
  const common = { path: dataPaths(config.dataDirectory).channels, now, log };
  const usual = [
    logChannel(log),
    ...(webhook === undefined ? [] : [webhookChannel({ ...webhook, now })]),
    ...(mail === undefined || mail.to.length === 0 ? [] : [mailChannel(mail)]),
  ];
  if (noticeRoutes === undefined) return openChannels({ ...common, channels: usual });
  const table = readRouteTable(noticeRoutes.file, {
    hasWebhook: webhook !== undefined,
    hasSecret: noticeRoutes.secrets.length > 0,
    hasMail: mail !== undefined,
    allow: noticeRoutes.allow,
  });
  const phone = logPhoneProvider(log);
  const routing = routedChannels(table, {
    webhook: { ...noticeRoutes, ...(webhook === undefined ? {} : { url: webhook.url }) },
    mail,
    phone,
    contacts: (placeId) => registry.place(placeId)?.contacts?.map(({ phone }) => phone) ?? [],
    now,
  });
  const fallback = usual.map(({ name }) => name);
  sayWhatIsMissing(table, routing, registry, log);
  const channels = openChannels({
    ...common,
    channels: [...usual, ...routing.channels],
    route: (notice) => routing.route(notice, fallback),
    ...(phone.listen === undefined ? {} : { listen: phone.listen }),
    ...(table.hub === undefined ? {} : { hub: table.hub }),
  });
  return {
    ...channels,
    async close() {
      await channels.close();
      phone.close();
    },
  };
}

/** The registry may be filled later, so a name that it does not know is no reason not to start. */
function sayWhatIsMissing({ routes }: RouteTable, routing: Routing, registry: Registry, log: Logger): void {
  const known = new Set(routes.flatMap(({ to }) => to));
  const unreached = audiences.filter((one) => one !== 'everyone' && !known.has(one));
  const wrongStations = routes.flatMap(({ station = [] }) =>
    station.filter((id) => registry.facility(id) === undefined),
  );
  const wrongWards = routes.flatMap(({ ward = [] }) => ward.filter((code) => registry.ward(code) === undefined));
  if (unreached.length > 0) {
    log.warn(
      { audiences: unreached },
      'no route reaches these; their notices go to the log, HUB_WEBHOOK_URL and HUB_MAIL_TO',
    );
  }
  if (wrongStations.length > 0) log.warn({ stations: wrongStations }, 'routes name stations that are not registered');
  if (wrongWards.length > 0) log.warn({ wards: wrongWards }, 'routes name wards that are not registered');
  log.info({ routes: routes.length, channels: routing.channels.length }, 'notices take their routes');
}

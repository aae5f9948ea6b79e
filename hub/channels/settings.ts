/** Settings of whom the hub tells and asks outside; read by `config.ts`. */
import type { SettingsReader } from '../settings-reader.ts';
import { readWebhookSecret } from './signature.ts';

export type OutsideSettings = {
  /** Where notices of incidents go besides the log, as long as no route takes them. */
  readonly webhook?: {
    readonly url: string;
    readonly secrets: readonly Uint8Array[];
    readonly allow: readonly string[];
  };
  /** `to` may be empty when routes say who gets mail. */
  readonly mail?: { readonly url: string; readonly from: string; readonly to: readonly string[] };
  /** The file that says who is reached how, and what its webhooks rest on. */
  readonly noticeRoutes?: {
    readonly file: string;
    readonly secrets: readonly Uint8Array[];
    readonly allow: readonly string[];
  };
  /** Another system's population data, asked during an incident. */
  readonly peopleUrl?: string;
};

/** Whom the hub tells and asks outside. */
export function readOutside(reader: SettingsReader, faults: string[]): OutsideSettings {
  const webhookUrl = reader.url('HUB_WEBHOOK_URL', ['https:', 'http:']);
  const mailUrl = reader.url('HUB_SMTP_URL', ['smtp:', 'smtps:']);
  const peopleUrl = reader.url('HUB_PEOPLE_URL', ['https:', 'http:']);
  const allow = reader.list('HUB_WEBHOOK_ALLOW');
  const routesFile = reader.text('HUB_NOTICE_ROUTES');
  const secrets = reader
    .list('HUB_WEBHOOK_SECRET')
    .map(readWebhookSecret)
    .filter((secret) => secret !== undefined);
  const isBadSecret = secrets.length > 2 || secrets.length !== reader.list('HUB_WEBHOOK_SECRET').length;
  if (webhookUrl === undefined && isBadSecret) {
    faults.push('HUB_WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in base64; two while it changes');
  }
  if (webhookUrl !== undefined) {
    const { protocol, hostname } = new URL(webhookUrl);
    if (secrets.length === 0 || isBadSecret) {
      faults.push(
        'HUB_WEBHOOK_SECRET is needed with HUB_WEBHOOK_URL: whsec_ and 24 to 64 bytes in base64; two while it changes',
      );
    }
    if (protocol === 'http:' && !allow.includes(hostname)) {
      faults.push('HUB_WEBHOOK_URL must begin with https://, or HUB_WEBHOOK_ALLOW name its host');
    }
  }
  const to = reader.list('HUB_MAIL_TO');
  const from = reader.text('HUB_MAIL_FROM');
  const hasNoReader = to.length === 0 && routesFile === undefined;
  if (mailUrl !== undefined && (hasNoReader || from === undefined)) {
    faults.push(
      'HUB_MAIL_TO and HUB_MAIL_FROM are needed with HUB_SMTP_URL: addresses with a comma between; or HUB_NOTICE_ROUTES instead of HUB_MAIL_TO',
    );
  }
  for (const address of [...to, ...(from === undefined ? [] : [from])]) {
    if (!/^[^\s@<>,]+@[^\s@<>,]+$/.test(address))
      faults.push(`"${address}" in HUB_MAIL_TO or HUB_MAIL_FROM is no mail address`);
  }
  return {
    ...(webhookUrl === undefined ? {} : { webhook: { url: webhookUrl, secrets, allow } }),
    ...(mailUrl === undefined || from === undefined ? {} : { mail: { url: mailUrl, from, to } }),
    ...(routesFile === undefined ? {} : { noticeRoutes: { file: routesFile, secrets, allow } }),
    ...(peopleUrl === undefined ? {} : { peopleUrl }),
  };
}

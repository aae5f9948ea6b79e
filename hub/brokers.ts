/** Chooses the broker: our own, or an external one when its address is set. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Access } from './access/access.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from './broker/embedded.ts';
import { startExternalBroker } from './broker/external.ts';
import type { Keep } from './closers.ts';
import type { Config } from './config.ts';
import { StartError } from './errors.ts';
import type { Authenticate, Broker, Receive } from './ports.ts';

export type OpenedBroker = Broker & Partial<Pick<EmbeddedBroker, 'upgrade'>>;

export type BrokerParts = {
  readonly access: Access;
  /** Domains whose devices' bytes pass before all others. */
  readonly first: ReadonlySet<string>;
  readonly receive: Receive;
};

/** @throws StartError when a port is taken, a certificate cannot be read, or the external broker refuses us. */
export async function openBroker(
  { config, log, keep }: { readonly config: Config; readonly log: Logger; readonly keep: Keep },
  { access, first, receive }: BrokerParts,
): Promise<OpenedBroker> {
  if (config.brokerUrl !== undefined) {
    return keep(await startExternalBroker({ url: config.brokerUrl, receive, log }), (broker) => broker.stop());
  }
  const authenticate: Authenticate = (username, password) => {
    const device = access.authenticate(username, password);
    return device === undefined ? undefined : { ...device, first: first.has(device.domain) };
  };
  const broker = await startEmbeddedBroker({
    host: config.host,
    port: config.mqttPort,
    ...(config.mqtts === undefined ? {} : { tls: readCertificate(config.mqtts) }),
    limits: config.limits,
    authenticate,
    receive,
    log,
  });
  return keep(broker, (part) => part.stop());
}

function readCertificate({ port, certificateFile, keyFile }: NonNullable<Config['mqtts']>) {
  const read = (setting: string, file: string): Buffer => {
    try {
      return readFileSync(file);
    } catch (cause) {
      throw new StartError(
        `${setting} names ${file}, which cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  };
  return { port, certificate: read('HUB_TLS_CERT', certificateFile), key: read('HUB_TLS_KEY', keyFile) };
}

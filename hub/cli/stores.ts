/** The stores that commands open beside a running hub; it notices their changes within a second. */
import { type Access, openAccess } from '../access/access.ts';
import { type Config, readConfig } from '../config.ts';
import { dataPaths } from '../data-directory.ts';
import { openRegistry, type Registry } from '../registry/registry.ts';
import type { Io } from './io.ts';

/** The settings and where they put the data. @throws StartError listing every bad setting. */
export function settingsOf(io: Io): { readonly config: Config; readonly paths: ReturnType<typeof dataPaths> } {
  const config = readConfig(io.environment);
  return { config, paths: dataPaths(config.dataDirectory) };
}

/** Opens access and registry for the time of `work`. */
export async function withStores<T>(
  io: Io,
  work: (stores: { readonly access: Access; readonly registry: Registry }) => T | Promise<T>,
): Promise<T> {
  const { paths } = settingsOf(io);
  const log = {
    info: () => undefined,
    error: (details: object, message: string) => io.err(`${message} ${JSON.stringify(details)}`),
  };
  const registry = openRegistry(paths.registry, { log });
  try {
    const access = openAccess(paths.access, io);
    try {
      return await work({ access, registry });
    } finally {
      access.close();
    }
  } finally {
    registry.close();
  }
}

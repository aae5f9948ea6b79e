/** The demo's city: the files that the project ships go in by the ordinary import, and every device gets a credential. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAccess } from './access/access.ts';
import type { Role } from './access/policy.ts';
import { type ImportKind, importFile } from './cli/import.ts';
import type { Config } from './config.ts';
import { dataPaths } from './data-directory.ts';
import { StartError } from './errors.ts';
import { openRegistry } from './registry/registry.ts';

/** What the demo gives to people and simulators; written with mode 0600. */
export type DemoCredentials = {
  readonly tokens: Readonly<Record<Role, string>>;
  readonly devices: readonly {
    readonly id: string;
    readonly username: string;
    readonly password: string;
    readonly domain: string;
  }[];
};

export type PreparedDemo = { readonly credentialsFile: string; readonly credentials: DemoCredentials };

/** The city's files, in the order in which they refer to each other. */
const files: readonly (readonly [name: string, kind: ImportKind])[] = [
  ['wards.geojson', 'wards'],
  ['stations.geojson', 'stations'],
  ['water.geojson', 'water'],
  ['places.geojson', 'places'],
  ['lots.geojson', 'lots'],
  ['gtfs', 'gtfs'],
  ['vehicles.csv', 'vehicles'],
  ['devices.csv', 'devices'],
];

/**
 * Brings the shipped city into the data folder; does nothing twice.
 *
 * @throws StartError when a shipped file does not fit any more.
 */
export async function prepareDemo(
  config: Config,
  log: { error(details: object, message: string): void; info(details: object, message: string): void },
): Promise<PreparedDemo> {
  const paths = dataPaths(config.dataDirectory);
  const credentialsFile = join(config.dataDirectory, 'demo-credentials.json');
  const city = join(import.meta.dirname, '../simulators/city');
  for (const [name, kind] of files) {
    const summary = await importFile(join(city, name), { dataDirectory: config.dataDirectory, kind });
    if (!summary.written)
      throw new StartError(`The demo's ${name} was refused: ${JSON.stringify(summary.refused.slice(0, 3))}`);
  }
  const registry = openRegistry(paths.registry, { log });
  const access = openAccess(paths.access);
  try {
    const known = readCredentials(credentialsFile);
    if (known !== undefined && access.tokenPrincipal(known.tokens.admin) !== undefined)
      return { credentialsFile, credentials: known };
    const devices = [...registry.devices()].filter((device) => device.synthetic && device.model !== 'watchdog');
    const secrets = access.importDeviceSecrets(devices.map(({ id, domain }) => ({ deviceId: id, domain })));
    const token = (role: Role): string => access.createToken({ name: `demo ${role}`, roles: [role] }).token;
    const credentials: DemoCredentials = {
      tokens: {
        admin: token('admin'),
        fire: token('fire'),
        operator: token('operator'),
        parking: token('parking'),
        transit: token('transit'),
      },
      devices: devices.map(({ id, domain }, index) => ({ id, username: id, password: secrets[index] ?? '', domain })),
    };
    writeFileSync(credentialsFile, `${JSON.stringify(credentials, null, 1)}\n`, { mode: 0o600 });
    chmodSync(credentialsFile, 0o600);
    return { credentialsFile, credentials };
  } finally {
    access.close();
    registry.close();
  }
}

function readCredentials(file: string): DemoCredentials | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isCredentials(value) ? value : undefined;
  } catch {
    // Half-written by a demo that was killed: made anew.
    return undefined;
  }
}

function isCredentials(value: unknown): value is DemoCredentials {
  return (
    typeof value === 'object' &&
    value !== null &&
    'tokens' in value &&
    'devices' in value &&
    Array.isArray(value.devices)
  );
}

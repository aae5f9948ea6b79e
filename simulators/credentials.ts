/** Reads the file that the hub's demo writes: who the simulated devices are. */
import { readFileSync } from 'node:fs';

/** A device that may connect. */
export type DeviceCredentials = {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly domain: string;
};

/**
 * The devices of a credentials file `{ "devices": [ { "id", "username", "password", "domain" } ] }`.
 *
 * @throws Error that says which file, what is wrong with it and how to get a right one.
 */
export function readCredentials(path: string): readonly DeviceCredentials[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`cannot read the credentials file ${path}; "npm run demo" writes one into the hub's data folder`);
  }
  return parseCredentials(text, path);
}

/** The same from the file's text. @throws Error */
export function parseCredentials(text: string, path: string): readonly DeviceCredentials[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (!isRecord(value) || !Array.isArray(value.devices)) throw new Error(`${path} has no list "devices"`);
  const devices: readonly unknown[] = value.devices;
  if (devices.length === 0) throw new Error(`${path} lists no device; import the simulated city first`);
  return devices.map((device, index) => deviceOf(device, index, path));
}

function deviceOf(value: unknown, index: number, path: string): DeviceCredentials {
  const field = (name: string): string => {
    const found = isRecord(value) ? value[name] : undefined;
    if (typeof found !== 'string' || found === '') throw new Error(`${path}: devices[${index}] has no "${name}"`);
    return found;
  };
  return { id: field('id'), username: field('username'), password: field('password'), domain: field('domain') };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

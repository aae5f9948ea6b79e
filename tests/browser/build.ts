/** Builds the app once before the browser tests, so that they see the source as it is. */
import { join } from 'node:path';
import { build } from 'vite';

export default async function buildApp(): Promise<void> {
  const root = join(import.meta.dirname, '../../dashboards');
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}

/** What every part of a running hub is opened with. */
import type { Logger } from 'pino';
import type { Millis } from '../devices/wire.ts';
import type { Keep } from './closers.ts';
import type { Config } from './config.ts';

export type Context = {
  readonly config: Config;
  readonly log: Logger;
  /** Remembers how a part is closed. */
  readonly keep: Keep;
  now(): Millis;
};

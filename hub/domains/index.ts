/** The domains of this hub, one line each. */
import { domainEntry } from '../engine.ts';
import type { DomainEntry } from '../mounted.ts';
import { bus } from './bus/index.ts';
import { fire } from './fire/index.ts';
import { fleet } from './fleet/index.ts';
import { parking } from './parking/index.ts';

/** The fleet is shared by all: it takes `status` of every domain. */
export const domains: readonly DomainEntry[] = [
  domainEntry(fire),
  domainEntry(bus),
  domainEntry(parking),
  domainEntry(fleet),
];

#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=4
/**
 * `npx nhip …`: the door to `nhip.ts`. In JavaScript, because Node reads the file that it is given before it can be told of the
 * cache: a TypeScript one loads the type stripper into every hub, 18 MB that the cached modules behind this door do not need.
 */
import { enableCompileCache } from 'node:module';

// Compiled code is kept between starts, for the hub's threads too: a quarter of the start and 50 MB less.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
await import('./nhip.ts');

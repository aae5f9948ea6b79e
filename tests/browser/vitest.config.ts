/** Browser tests: the built app in a real Chromium against a real hub. Apart from `npm test`, for they need both. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    globalSetup: ['tests/browser/build.ts'],
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // One browser at a time: two on a small machine only make each other slow.
    maxWorkers: 1,
    fileParallelism: false,
  },
});

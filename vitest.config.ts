import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'tests/unit/**/*.test.ts',
      'tests/contract/**/*.test.ts',
      'tests/flow/**/*.test.ts',
      'tests/architecture.test.ts',
    ],
    // Real brokers, databases and child processes: slow machines get time, no test measures it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

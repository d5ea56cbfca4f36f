import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 20_000,
    // Pure functions: files share a worker.
    isolate: false,
    name: 'dashboard',
    root: import.meta.dirname,
    setupFiles: ['../../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
    environment: 'node',
  },
});

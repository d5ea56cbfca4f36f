import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'dashboard-pages',
    root: import.meta.dirname,
    include: ['**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['./setup.ts'],
    // On a busy machine one second, the default, is not long.
    expect: { poll: { timeout: 10_000 } },
    setupFiles: ['../../tools/property-tests.ts'],
    maxWorkers: 2,
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'end-to-end',
    root: import.meta.dirname,
    // On a busy machine one second, the default, is not long.
    expect: { poll: { timeout: 10_000 } },
    setupFiles: ['../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['browser/**', 'dashboard/**', '**/node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two files at a time: each of workerd and Chromium wants a core to itself.
    maxWorkers: 2,
    globalSetup: ['./build-once.ts'],
  },
});

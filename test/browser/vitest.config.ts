import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'browser',
    root: import.meta.dirname,
    // On a busy machine one second, the default, is not long.
    expect: { poll: { timeout: 10_000 } },
    setupFiles: ['../../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
    environment: 'node',
    // Two files at a time: Chromium wants a core to itself.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    globalSetup: ['./build-snippet.ts'],
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Plain Node: each destination is a function of a message and of `fetch`, tested against a strict stand-in.
export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 20_000,
    // Pure functions: files share a worker.
    isolate: false,
    name: 'conversions',
    environment: 'node',
    root: fileURLToPath(new URL('.', import.meta.url)),
    setupFiles: ['../../../../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Plain Node: the carriers' own SDKs are the oracles here, and they do not run in workerd.
export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 20_000,
    // Pure functions: files share a worker.
    isolate: false,
    name: 'carriers',
    environment: 'node',
    root: fileURLToPath(new URL('.', import.meta.url)),
    setupFiles: ['../../../../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
  },
});

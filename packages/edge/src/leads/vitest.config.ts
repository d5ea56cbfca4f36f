import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Plain Node: what makes a lead, and how files of outcomes are read, are pure functions.
export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 20_000,
    // Pure functions: files share a worker.
    isolate: false,
    name: 'leads',
    environment: 'node',
    root: fileURLToPath(new URL('.', import.meta.url)),
    setupFiles: ['../../../../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'cli',
    root: import.meta.dirname,
    environment: 'node',
    setupFiles: ['../../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'dashboard',
    root: import.meta.dirname,
    setupFiles: ['../../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
    environment: 'node',
  },
});

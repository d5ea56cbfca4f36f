import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'shared',
    environment: 'node',
    setupFiles: ['../../tools/property-tests.ts'],
    include: ['**/*.test.{ts,tsx}'],
  },
});

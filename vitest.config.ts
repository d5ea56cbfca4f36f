import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      'packages/shared/vitest.config.ts',
      'packages/snippet/vitest.config.ts',
      'packages/edge/vitest.config.ts',
      'packages/edge/src/carriers/vitest.config.ts',
      'packages/edge/src/conversions/vitest.config.ts',
      'packages/cli/vitest.config.ts',
      'packages/dashboard/vitest.config.ts',
      'test/vitest.config.ts',
      'test/browser/vitest.config.ts',
    ],
  },
});

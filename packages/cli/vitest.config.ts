import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'cli', root: import.meta.dirname, environment: 'node', include: ['**/*.test.{ts,tsx}'] },
});

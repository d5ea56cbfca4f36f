import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'dashboard', root: import.meta.dirname, include: ['**/*.test.{ts,tsx}'], environment: 'node' },
});

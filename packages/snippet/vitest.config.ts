import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'snippet',
    root: import.meta.dirname,
    include: ['src/**/*.test.ts'],
    environment: 'happy-dom',
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Each `vitest.config.ts` is a project, wherever it is.
    projects: ['{packages,test}/**/vitest.config.ts', '!**/node_modules/**'],
    tags: [
      {
        name: 'slow',
        description: 'Crashes, fuzzing, packaging, other browsers: `npm run test:all` alone runs these.',
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';
import { SlowFirst } from './tools/slow-first.ts';

/**
 * The seed of all property tests: on CI always the same, so that only a change can fail there; elsewhere each property's
 * own random one, which it names when it fails. `FC_SEED` chooses one.
 */
const { FC_SEED, CI } = process.env;
const propertySeed = FC_SEED ? Number.parseInt(FC_SEED, 10) : CI ? 20_261_129 : null;

export default defineConfig({
  test: {
    provide: { propertySeed },
    sequence: { sequencer: SlowFirst },
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

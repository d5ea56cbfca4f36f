import { inject } from 'vitest';

/** Sets up the property tests of a file: with the seed of the run, if it has one (vitest.config.ts). */
const seed = inject('propertySeed');
if (seed !== null) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}

declare module 'vitest' {
  interface ProvidedContext {
    propertySeed: number | null;
  }
}

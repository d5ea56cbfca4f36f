import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';

it('gives every property the seed of the run, if it has one', () => {
  const sample = () => fc.sample(fc.integer(), 5);
  const { FC_SEED, CI } = process.env;
  expect(inject('propertySeed') !== null).toBe(Boolean(FC_SEED || CI));
  expect(fc.readConfigureGlobal().seed ?? null).toBe(inject('propertySeed'));
  if (inject('propertySeed') !== null) expect(sample()).toEqual(sample());
});

it('is set up for the tests of every project', () => {
  const root = new URL('..', import.meta.url).pathname;
  const configs = globSync('{packages,test}/**/vitest.config.ts', { cwd: root, exclude: ['**/node_modules/**'] });
  expect(configs.length).toBeGreaterThan(5);
  for (const config of configs) {
    const [, setup] = /setupFiles: \['([^']+)'/.exec(readFileSync(`${root}${config}`, 'utf8')) ?? [];
    expect(new URL(setup ?? '', `file:///${config}`).pathname, config).toBe('/tools/property-tests.ts');
  }
});

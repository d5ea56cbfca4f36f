import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts the test files tagged `slow` first, whichever project they belong to: one of minutes that begins last leaves the
 * other processors idle until it ends. A checkout without a cache of durations, as on CI, knows nothing better.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      readFileSync(moduleId, 'utf8').startsWith('/** @module-tag slow */');
    const slow = new Set(sorted.filter(isSlow));
    return [...slow, ...sorted.filter((file) => !slow.has(file))];
  }
}

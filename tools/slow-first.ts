import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts the test files tagged `slow` first, project by project: one of minutes that begins last leaves the other
 * processors idle until it ends. A checkout without a cache of durations, as on CI, knows nothing better.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      readFileSync(moduleId, 'utf8').startsWith('/** @module-tag slow */');
    const slow = new Set(sorted.filter(isSlow));
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return projects.flatMap((project) => {
      const own = sorted.filter((file) => file.project === project);
      return [...own.filter((file) => slow.has(file)), ...own.filter((file) => !slow.has(file))];
    });
  }
}

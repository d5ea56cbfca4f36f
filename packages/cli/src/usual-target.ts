import type { Site } from '@dialmark/shared';

/** The target that numbers are for where nothing says so: `main`, else the first. */
export function usualTarget({ targets }: Site): string {
  return targets.find(({ id }) => id === 'main')?.id ?? targets[0]?.id ?? 'main';
}

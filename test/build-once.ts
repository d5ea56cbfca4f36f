import { build } from '../tools/build/build.ts';

/** Builds before the first test, so that not every Worker that a test starts has to. */
export async function setup(): Promise<void> {
  if (process.env.DIALMARK_BUILT) return;
  await build();
  process.env.DIALMARK_BUILT = '1';
}

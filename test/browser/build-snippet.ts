import { execFileSync } from 'node:child_process';

/** The tests run what is served, so it is built first. */
export default function setup(): void {
  execFileSync(process.execPath, [`${import.meta.dirname}/../../packages/snippet/build.ts`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

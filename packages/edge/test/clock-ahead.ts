/** The self-hosted Worker with a clock that is ahead by `CLOCK_AHEAD_MS`: for what a test cannot wait for. */
import './set-clock.ts';

export * from '../src/self-host.ts';
export { default } from '../src/self-host.ts';

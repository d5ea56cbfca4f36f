import type { Dialmark, DialmarkOptions } from './api.ts';

/** Stands in where there is no page: on servers that render one. */
export function inert(config: DialmarkOptions): Dialmark {
  return {
    config,
    numbers: {},
    ready: Promise.resolve({}),
    number: () => null,
    rescan: () => 0,
    consent() {},
    tag() {},
    on: () => () => {},
    stop() {},
  };
}

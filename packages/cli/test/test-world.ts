import type { World } from '../src/world.ts';

/** Returns a world for tests: what was said is kept, and nobody is there to ask unless `answers` are given. */
export function testWorld(
  given: Partial<World> & { answers?: string[] } = {},
): World & { said: string[]; warned: string[] } {
  const said: string[] = [];
  const warned: string[] = [];
  const { answers } = given;
  return {
    env: {},
    cwd: '/nowhere',
    out: (line) => said.push(line),
    err: (line) => warned.push(line),
    ask: answers ? async () => answers.shift() ?? '' : null,
    fetch: (request) => fetch(request),
    signal: new AbortController().signal,
    said,
    warned,
    ...given,
  };
}

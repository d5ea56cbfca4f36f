/** @module-tag slow */

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

function testsUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|\..*)$/.test(entry.name) ? [] : testsUnder(path);
    return /\.test\.tsx?$/.test(entry.name) ? [relative(root, path)] : [];
  });
}

it('leaves out no test, in whatever folder it is, and runs none twice', { timeout: 300_000 }, () => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const listed = execFileSync(process.execPath, [vitest, 'list', '--filesOnly', '--json'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, VITEST: undefined },
    maxBuffer: 1e8,
  });
  const files = (JSON.parse(listed.slice(listed.indexOf('['))) as { file: string }[]).map(({ file }) =>
    relative(root, file),
  );
  expect(files.sort()).toEqual(testsUnder(root).sort());
});

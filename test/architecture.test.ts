import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

/** Names of files and folders as they are written in a page: as code, or as the target of a link. */
function namedIn(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const code = [...text.matchAll(/`([\w.@/-]+)`/g)].map(([, name]) => name as string);
  const paths = code.filter(
    (name) => /^(packages|tools|scripts|bench|test|docs)\//.test(name) || /^\.[\w-]/.test(name),
  );
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target as string);
  const run = [...text.matchAll(/\bvitest run (\S+)/g)].map(([, file]) => file as string);
  return [...new Set([...paths, ...links, ...run])];
}

describe.each([
  ['ARCHITECTURE.md', 40],
  ['CONTRIBUTING.md', 20],
])('%s', (page, atLeast) => {
  it('names files and folders that exist', () => {
    const named = namedIn(page);
    expect(named.length).toBeGreaterThan(atLeast);
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});

it('ARCHITECTURE.md names a file in every step of a flow', () => {
  const flows = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').split('## Four flows')[1]?.split('\n## ')[0] ?? '';
  const steps = flows.split('\n').filter((line) => /^\d+\. /.test(line));
  expect(steps.length).toBeGreaterThanOrEqual(20);
  expect(steps.filter((step) => !/`packages\/[\w./-]+\.tsx?`/.test(step))).toEqual([]);
});

it('ARCHITECTURE.md shows every folder of the Worker', () => {
  const folders = readdirSync(join(root, 'packages/edge/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'generated')
    .map(({ name }) => name);
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  expect(folders.filter((name) => !new RegExp(`\\| \`${name}\` *\\|`).test(text))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'packages'))
    .map((name) => `packages/${name}/README.md`)
    .filter((file) => readdirSync(join(root, file, '..')).includes('README.md')),
];

describe('the commands that pages tell people to run', () => {
  it.each(pages)('are npm scripts that there are, in %s', (page) => {
    const text = read(page);
    const named = [...text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name]) => name as string);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it.each(pages)('do not need a Node that runs TypeScript, in %s', (page) => {
    expect(read(page).match(/\bnode (?:--[\w-]+ )*[\w./-]+\.tsx?\b/g)).toBeNull();
  });
});

it('finds scripts and pages at all', () => {
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/self-host.md', 'docs/carriers/README.md']));
  expect(scripts).toHaveProperty('self-host');
});

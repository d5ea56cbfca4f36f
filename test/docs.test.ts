import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDocs } from '../scripts/docs.ts';
import { openapi } from '../scripts/openapi.ts';

const root = join(import.meta.dirname, '..');
const assets = mkdtempSync(join(tmpdir(), 'dialmark-docs-'));

beforeAll(() => writeDocs(root, assets, openapi('0.0.0')));
afterAll(() => rmSync(assets, { recursive: true }));

/** Pages by their address, as they are served. */
const pages = () =>
  new Map(
    (readdirSync(assets, { recursive: true }) as string[])
      .filter((file) => file.endsWith('.html'))
      .map((file) => [`/${file.replace(/\.html$/, '')}`, readFileSync(join(assets, file), 'utf8')]),
  );

describe('the docs', () => {
  it('have no link, anchor or picture that leads nowhere', () => {
    const all = pages();
    const anchors = new Map([...all].map(([page, html]) => [page, new Set(html.match(/(?<= id=")[^"]+/g))]));
    const lost = [...all].flatMap(([page, html]) =>
      [...html.matchAll(/(?:href|src)="([^"]+)"/g)].flatMap(([, address = '']) => {
        if (/^[a-z]+:/.test(address)) return [];
        const { pathname, hash } = new URL(address, `https://docs.example${page}`);
        const found = all.has(pathname)
          ? hash === '' || anchors.get(pathname)?.has(hash.slice(1))
          : existsSync(join(assets, pathname));
        return found ? [] : [`${page}: ${address}`];
      }),
    );
    expect(lost).toEqual([]);
  });

  it('are all reached from their front page', () => {
    const front = pages().get('/docs') ?? '';
    expect([...pages().keys()].filter((page) => page !== '/docs' && !front.includes(`href="${page}"`))).toEqual([]);
  });

  it('read well on a code host: what Markdown links to is there', () => {
    const files = [
      'README.md',
      ...(readdirSync(join(root, 'docs'), { recursive: true }) as string[]).map((f) => `docs/${f}`),
    ];
    const lost = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, address = '']) => {
          const path = address.split('#')[0] as string;
          if (path === '' || /^[a-z]+:/.test(path)) return [];
          return existsSync(join(root, dirname(file), path)) ? [] : [`${file}: ${address}`];
        }),
      );
    expect(lost).toEqual([]);
  });
});

/** @module-tag slow */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedBytes, usualConfig } from '../../tools/served-bytes.ts';

const snippet = join(import.meta.dirname, '../../packages/snippet');

/** Bytes after brotli, all that an entry brings with it included; frameworks themselves excepted. */
const LIMITS = {
  // It finds the addresses of the edge and of the rest, which every site's configuration had to say: see below for both.
  'dialmark.iife.js': 3850,
  'rest.iife.js': 7130,
  'debug.iife.js': 3200,
  'consent-google.iife.js': 800,
  'consent-tcf.iife.js': 250,
  'ad-ids.iife.js': 540,
  'index.js': 10_700,
  'react.js': 180,
  'vue.js': 220,
  'consent-google.js': 800,
  'consent-tcf.js': 280,
  'ad-ids.js': 700,
  'forms.js': 2050,
};

describe('the package', () => {
  let out: string;
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), 'dialmark-'));
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', out], { cwd: snippet });
  });
  afterAll(() => rmSync(out, { recursive: true }));

  it('is what publint calls right', async () => {
    const { messages } = await publint({ pkgDir: snippet, strict: true });
    expect(messages).toEqual([]);
  });

  it('has types wherever it has code', () => {
    const cli = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json');
    const tarball = join(out, readdirSync(out)[0] as string);
    const attw = join(cli, '../dist/index.js');
    // Exits with an error, and so throws, on any problem.
    execFileSync(process.execPath, [attw, tarball, '--profile', 'esm-only', '--quiet']);
  });

  it('may be imported where there is no page, and is inert there', async () => {
    const { createDialmark } = await import('@dialmark/snippet');
    const dialmark = createDialmark({ site: 'acme', edge: 'https://calls.acme.example', targets: [] });
    expect(await dialmark.ready).toEqual({});
    expect(dialmark.number('main')).toBe(null);
    expect(dialmark.rescan()).toBe(0);
    dialmark.on('number', () => {})();
    for (const entry of ['consent-google', 'consent-tcf', 'ad-ids', 'forms'])
      expect(await import(pathToFileURL(join(snippet, `dist/${entry}.js`)).href)).toBeTruthy();
  });

  it('needs nothing of the repository', () => {
    for (const file of readdirSync(join(snippet, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.[jt]s$/.test(name),
    ))
      expect(readFileSync(join(snippet, 'dist', file), 'utf8')).not.toMatch(/@dialmark\/shared|valibot/);
  });

  it.each(Object.entries(LIMITS))('%s stays under %i bytes', async (file, limit) => {
    const { outputFiles } = await build({
      entryPoints: [join(snippet, 'dist', file)],
      bundle: true,
      minify: !file.includes('iife'),
      write: false,
      format: file.includes('iife') ? 'iife' : 'esm',
      external: ['react', 'vue'],
    });
    const text = file.includes('iife') ? readFileSync(join(snippet, 'dist', file)) : (outputFiles[0]?.contents ?? '');
    expect(brotliCompressSync(text).length).toBeLessThanOrEqual(limit);
  });

  it('the script comes in 4,096 bytes before the first paint, with a usual site’s configuration', () => {
    const config = usualConfig();
    const { first, total } = servedBytes(config);
    expect(first).toBeLessThanOrEqual(4096);
    expect(total).toBeLessThanOrEqual(11_215);
  });

  it('forms are followed in 1,230 bytes more, all of them after the first paint', () => {
    const { version = '', ...config } = usualConfig();
    const without = servedBytes({ ...config, version });
    const withForms = servedBytes({ ...config, forms: 'contact', version });
    expect(withForms.first).toBeLessThanOrEqual(4096);
    expect(withForms.rest - without.rest).toBeLessThanOrEqual(1230);
  });
});

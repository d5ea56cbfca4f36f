/** Builds what the Worker carries inside (the snippet, the dashboard, the docs) and the command line beside it. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { buildDashboard } from '../../packages/dashboard/build.ts';
import { PHONES_PATH } from '../../packages/edge/src/phones/phones.ts';
import { openapi } from '../openapi/openapi.ts';
import { PHONES } from '../phones.ts';
import { putInPlace, replaceFile } from '../put-in-place.ts';
import { buildOnce } from './build-once.ts';
import { buildDocs } from './docs.ts';
import { PACKED } from './packed.ts';

const root = new URL('../..', import.meta.url).pathname;
/** The static assets of the Worker. */
const assets = join(root, 'packages/edge/dist/assets');

/** The dashboard may not be framed. Files that are named by their content are cached for good. */
const ASSET_HEADERS = `/app/*
  X-Frame-Options: DENY
  X-Content-Type-Options: nosniff
/app/assets/*
  Cache-Control: public, max-age=31536000, immutable
/docs/assets/*
  Cache-Control: public, max-age=31536000, immutable
/scripts/*
  Cache-Control: public, max-age=31536000, immutable
`;

/** The browser scripts, which the Worker reads from its assets: the same for all sites, but for places that it fills in. */
const SCRIPTS = ['dialmark', 'rest', 'rest-forms', 'debug', 'consent-google', 'consent-tcf', 'ad-ids'];

const DASHBOARD = {
  dist: 'packages/dashboard/dist',
  inputs: [
    'packages/dashboard/src',
    'packages/dashboard/public',
    'packages/dashboard/index.html',
    'packages/dashboard/vite.config.ts',
    'packages/shared/src',
    'packages/snippet/src',
    'package-lock.json',
  ],
  build: buildDashboard,
};

const DOCS = {
  dist: 'docs/.vitepress/dist',
  inputs: ['docs', 'package.json', 'package-lock.json'],
  build: buildDocs,
};

const WRITTEN = '// Written by tools/build/build.ts.\n';

async function emit(name: 'edge' | 'demo', file: string, constants: Record<string, unknown>): Promise<void> {
  const lines = Object.entries(constants).map(
    ([key, value]) =>
      `export const ${key}${typeof value === 'string' ? '' : ': Record<string, string>'} = ${JSON.stringify(value)};\n`,
  );
  await replaceFile(join(root, 'packages', name, 'src/generated', file), `${WRITTEN}${lines.join('')}`);
}

function buildPackage(name: 'snippet' | 'cli'): void {
  const built = spawnSync(process.execPath, [`packages/${name}/build.ts`], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (built.status !== 0) throw new Error(`packages/${name} did not build`);
}

export async function build(): Promise<void> {
  for (const [name, text] of Object.entries(PACKED))
    await replaceFile(join(root, 'packages/shared/src/generated', `${name}.js`), `${WRITTEN}${text}`);
  buildPackage('snippet');
  buildPackage('cli');

  const scripts = await Promise.all(
    SCRIPTS.map(async (name) => {
      const text = await readFile(join(root, `packages/snippet/dist/${name}.iife.js`));
      return { name, text, sha256: createHash('sha256').update(text).digest() };
    }),
  );
  await emit('edge', 'scripts.ts', {
    SHA256: Object.fromEntries(scripts.map(({ name, sha256 }) => [name, sha256.toString('base64')])),
  });
  const demo = join(root, 'packages/demo/pages');
  const files = await readdir(demo);
  await emit('demo', 'demo.ts', {
    DEMO_FILES: Object.fromEntries(
      await Promise.all(files.map(async (file) => [file, await readFile(join(demo, file), 'utf8')])),
    ),
  });

  const aside = `${assets}-${process.pid}`;
  await mkdir(aside, { recursive: true });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const document = JSON.stringify(openapi(version));
  await writeFile(join(aside, 'openapi.json'), document);
  await buildOnce({ ...DOCS, content: document }, join(aside, 'docs'));
  // Read at /docs too, without the slash.
  await cp(join(aside, 'docs/index.html'), join(aside, 'docs.html'));
  await buildOnce(DASHBOARD, join(aside, 'app'));
  await mkdir(join(aside, 'tables'));
  await writeFile(join(aside, PHONES_PATH), JSON.stringify(PHONES));
  await mkdir(join(aside, 'scripts'));
  for (const { name, text, sha256 } of scripts) {
    const file = join(aside, 'scripts', `${name}.${sha256.toString('hex', 0, 6)}.js`);
    await writeFile(file, text);
    await writeFile(`${file}.br`, brotliCompressSync(text));
    await writeFile(`${file}.gz`, gzipSync(text, { level: 9 }));
  }
  await writeFile(join(aside, '_headers'), ASSET_HEADERS);
  await putInPlace(aside, assets);
}

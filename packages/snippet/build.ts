import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { minified } from './minify.ts';

/**
 * Builds everything that leaves this package into `dist`: the scripts that the edge serves, and the npm entries with
 * their types. Usage: node build.ts
 */
const here = import.meta.dirname;
// Made aside and put in place at the end: whoever reads or builds at the same time never sees half of it.
const dist = `${here}/node_modules/.dist-${process.pid}`;

/** Served by the edge. */
const SCRIPTS = {
  script: 'dialmark.iife',
  debug: 'debug.iife',
  'consent-google.script': 'consent-google.iife',
  'consent-tcf.script': 'consent-tcf.iife',
  'ad-ids.script': 'ad-ids.iife',
};
mkdirSync(dist, { recursive: true });
for (const [entry, out] of Object.entries(SCRIPTS))
  writeFileSync(`${dist}/${out}.js`, await minified({ entryPoints: [`${here}/src/${entry}.ts`] }));

/** For npm, by name. */
const ENTRIES = ['index', 'react', 'vue', 'consent-google', 'consent-tcf', 'ad-ids'];
await build({
  entryPoints: ENTRIES.map((entry) => `${here}/src/${entry}.ts`),
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  external: ['js-cookie', 'react', 'vue'],
  legalComments: 'none',
});
const tsc = `${dirname(createRequire(import.meta.url).resolve('typescript/package.json'))}/bin/tsc`;
execFileSync(process.execPath, [tsc, '-p', `${here}/tsconfig.build.json`, '--outDir', dist], { stdio: 'inherit' });
// Nobody's types lean on these, and they lean on the schemas, which stay in the repository.
rmSync(`${dist}/edge.d.ts`);

const PLACES = { 'dialmark.iife': '__DIALMARK_CONFIG__', 'ad-ids.iife': '__DIALMARK_AD_COOKIES__' };
for (const [file, place] of Object.entries(PLACES))
  if (readFileSync(`${dist}/${file}.js`, 'utf8').split(place).length !== 2)
    throw new Error(`${place} must stand in ${file}.js once`);
for (const file of Object.values(SCRIPTS)) {
  const text = readFileSync(`${dist}/${file}.js`);
  console.log(`${file}.js ${text.length} bytes, brotli ${brotliCompressSync(text).length}`);
}
const old = `${dist}-old`;
try {
  if (existsSync(`${here}/dist`)) renameSync(`${here}/dist`, old);
  renameSync(dist, `${here}/dist`);
} catch {
  // Another build was first, with the same result.
  rmSync(dist, { recursive: true });
}
rmSync(old, { recursive: true, force: true });

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { INTERNAL, inTwoParts, JARLESS, minified } from './minify.ts';

/**
 * Builds everything that leaves this package into `dist`: the scripts that the edge serves, and the npm entries with
 * their types. Usage: node build.ts
 */
const here = import.meta.dirname;
// Made aside and put in place at the end: whoever reads or builds at the same time never sees half of it.
const dist = `${here}/node_modules/.dist-${process.pid}`;

/** Served by the edge. */
const SCRIPTS = {
  debug: 'debug.iife',
  'consent-google.script': 'consent-google.iife',
  'consent-tcf.script': 'consent-tcf.iife',
  'ad-ids.script': 'ad-ids.iife',
};
mkdirSync(dist, { recursive: true });
const { core, ...seconds } = await inTwoParts();
for (const [name, text] of Object.entries({ dialmark: core, ...seconds }))
  writeFileSync(`${dist}/${name}.iife.js`, text);
for (const [entry, out] of Object.entries(SCRIPTS))
  writeFileSync(`${dist}/${out}.js`, await minified({ entryPoints: [`${here}/src/${entry}.ts`] }));

/** For npm, by name. */
const ENTRIES = ['index', 'react', 'vue', 'consent-google', 'consent-tcf', 'ad-ids', 'forms'];
await build({
  entryPoints: ENTRIES.map((entry) => `${here}/src/${entry}.ts`),
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  external: ['react', 'vue'],
  legalComments: 'inline',
  plugins: [JARLESS],
  mangleProps: INTERNAL,
});
const tsc = `${dirname(createRequire(import.meta.url).resolve('typescript/package.json'))}/bin/tsc`;
execFileSync(process.execPath, [tsc, '-p', `${here}/tsconfig.build.json`, '--outDir', dist], { stdio: 'inherit' });
// Types that no entry leans on stay here: some of them lean on the schemas, which are not published.
const published = new Set<string>();
const publish = (file: string): void => {
  if (published.has(file)) return;
  published.add(file);
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/from '(\..+?)\.[jt]s'/g))
    publish(join(dirname(file), `${from}.d.ts`));
};
for (const entry of ENTRIES) publish(join(dist, `${entry}.d.ts`));
for (const file of readdirSync(dist, { recursive: true }) as string[])
  if (file.endsWith('.d.ts') && !published.has(join(dist, file))) rmSync(join(dist, file));

const PLACES = [
  ['dialmark.iife', '__DIALMARK_CONFIG__'],
  ['dialmark.iife', '__DIALMARK_REST__'],
  ['ad-ids.iife', '__DIALMARK_AD_COOKIES__'],
];
for (const [file, place] of PLACES)
  if (readFileSync(`${dist}/${file}.js`, 'utf8').split(place).length !== 2)
    throw new Error(`${place} must stand in ${file}.js once`);
for (const file of ['dialmark.iife', 'rest.iife', 'rest-forms.iife', ...Object.values(SCRIPTS)]) {
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

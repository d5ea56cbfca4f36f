import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { build } from 'esbuild';

/**
 * Builds everything that leaves this package into `dist`: the scripts that the edge serves, and the npm entries with
 * their types. Usage: node build.ts
 */
const here = import.meta.dirname;
const dist = `${here}/dist`;
rmSync(dist, { recursive: true, force: true });

/** Served by the edge: every browser since 2021. What older ones cannot read leaves their pages as they are. */
const SCRIPTS = {
  script: 'dialmark.iife',
  debug: 'debug.iife',
  'consent-google.script': 'consent-google.iife',
  'consent-tcf.script': 'consent-tcf.iife',
};
await build({
  entryPoints: Object.entries(SCRIPTS).map(([entry, out]) => ({ in: `${here}/src/${entry}.ts`, out })),
  outdir: dist,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2021',
  charset: 'ascii',
  legalComments: 'none',
});

/** For npm, by name. */
const ENTRIES = ['index', 'react', 'vue', 'consent-google', 'consent-tcf'];
await build({
  entryPoints: ENTRIES.map((entry) => `${here}/src/${entry}.ts`),
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  external: ['react', 'vue'],
  legalComments: 'none',
});
const tsc = `${dirname(createRequire(import.meta.url).resolve('typescript/package.json'))}/bin/tsc`;
execFileSync(process.execPath, [tsc, '-p', `${here}/tsconfig.build.json`], { stdio: 'inherit' });
// Nobody's types lean on these, and they lean on the schemas, which stay in the repository.
rmSync(`${dist}/edge.d.ts`);

const script = readFileSync(`${dist}/dialmark.iife.js`, 'utf8');
if (script.split('__DIALMARK_CONFIG__').length !== 2)
  throw new Error('the configuration must stand in the script once');
console.log(`dialmark.iife.js ${script.length} bytes, sha384-${createHash('sha384').update(script).digest('base64')}`);

import { readFile, stat } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

/** Builds everything that leaves this package: the served scripts and the npm entries. */
const here = import.meta.dirname;
/** Every browser since 2021: what older ones cannot read leaves their pages with the printed numbers. */
const target = 'es2021';

for (const [entry, out] of [
  ['script', 'dialmark.iife.js'],
  ['debug', 'debug.iife.js'],
] as const)
  await build({
    entryPoints: [`${here}/src/${entry}.ts`],
    outfile: `${here}/dist/${out}`,
    bundle: true,
    minify: true,
    format: 'iife',
    target,
    charset: 'ascii',
    legalComments: 'none',
  });

await build({
  entryPoints: [`${here}/src/index.ts`],
  outdir: `${here}/dist`,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
});

const script = await readFile(`${here}/dist/dialmark.iife.js`, 'utf8');
if (script.split('__DIALMARK_CONFIG__').length !== 2)
  throw new Error('the configuration must stand in the script once');
console.log(`dialmark.iife.js ${script.length} bytes, brotli ${brotliCompressSync(script).length}`);
console.log(`debug.iife.js ${(await stat(`${here}/dist/debug.iife.js`)).size} bytes`);

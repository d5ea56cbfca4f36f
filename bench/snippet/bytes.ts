import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'esbuild';
import { minified } from '../../packages/snippet/minify.ts';

/**
 * What the script weighs beside well-known ones, all bundled, minified and compressed the same way in this run, and
 * what each of its modules costs: the whole, less the whole with that module emptied. Usage: npm run bench:bytes
 */
const root = `${import.meta.dirname}/../..`;
const source = `${root}/packages/snippet/src`;

const brotli = (text: string) => brotliCompressSync(text).length;
const sizes = (text: string) => ({ brotli: brotli(text), gzip: gzipSync(text).length, raw: Buffer.byteLength(text) });

/** As a page uses it: all of its public functions, and no more. */
const YARDSTICKS = {
  'js-cookie': `export { default } from 'js-cookie'`,
  '@plausible-analytics/tracker': `import { init, track } from '@plausible-analytics/tracker'; window.plausible = { init, track }`,
  'web-vitals': `import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'; window.webVitals = { onCLS, onFCP, onINP, onLCP, onTTFB }`,
};

const version = (name: string): string =>
  JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, 'utf8')).version;

const table: Record<string, ReturnType<typeof sizes>> = {};
for (const [name, contents] of Object.entries(YARDSTICKS))
  table[`${name} ${version(name)}`] = sizes(await minified({ stdin: { contents, resolveDir: root } }));
for (const entry of ['script', 'debug', 'consent-google.script', 'consent-tcf.script'])
  table[`dialmark: ${entry}`] = sizes(await minified({ entryPoints: [`${source}/${entry}.ts`] }));
console.table(table);

/** Stands in for a module: it still uses all that it imports, and what is imported from it is looked up on the window. */
function emptied(file: string): Plugin {
  const text = readFileSync(file, 'utf8');
  const exported = [...text.matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)].map(([, name]) => name);
  const imports = [...text.matchAll(/^import \{([^}]+)\} from .*$/gm)];
  const used = imports.flatMap(([, names = '']) => names.split(',').filter((name) => !/^ *type /.test(name)));
  const contents = [
    ...imports.map(([statement]) => statement),
    `window.$(${used.join()});`,
    ...exported.map((name) => `export const ${name} = window.$;`),
  ].join('\n');
  return {
    name: 'emptied',
    setup: (build) => build.onLoad({ filter: new RegExp(`/${basename(file)}$`) }, () => ({ contents, loader: 'ts' })),
  };
}

const served = { entryPoints: [`${source}/script.ts`] };
const whole = await minified(served);
const costs: { module: string; brotli: number; raw: number }[] = [];
for (const file of readdirSync(source).map((name) => `${source}/${name}`)) {
  if (!/\/[\w-]+\.ts$/.test(file)) continue;
  const rest = await minified({ ...served, plugins: [emptied(file)] });
  if (rest !== whole)
    costs.push({ module: basename(file), brotli: brotli(whole) - brotli(rest), raw: whole.length - rest.length });
}
console.table(costs.sort((a, b) => b.brotli - a.brotli));

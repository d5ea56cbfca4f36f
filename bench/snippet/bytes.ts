import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'esbuild';
import { inTwoParts, minified } from '../../packages/snippet/minify.ts';
import { servedRest, servedScript } from '../../tools/edge-double.ts';
import { servedBytes, usualConfig } from '../../tools/served-bytes.ts';

/**
 * Measures the script beside well-known ones, all bundled, minified and compressed the same way in this run, and each
 * of its modules: the whole, less the whole with that module emptied. Usage: npm run build && npm run bench:bytes
 */
const root = resolve(import.meta.dirname, '../..');
const source = `${root}/packages/snippet/src`;

/** Modules that cannot be taken out alone: what the build fills in, and js-cookie's place. */
const LEFT_OUT = ['core-for-rest.ts', 'visit/write-cookie.ts'];

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
const usual = usualConfig();
table['dialmark: before the first paint, as served to a usual site'] = sizes(servedScript(usual));
table['dialmark: the rest'] = sizes(servedRest().text);
table['dialmark: the rest of a site that keeps forms'] = sizes(servedRest(true).text);
for (const entry of ['debug', 'consent-google.script', 'consent-tcf.script'])
  table[`dialmark: ${entry}`] = sizes(await minified({ entryPoints: [`${source}/${entry}.ts`] }));
console.table(table);
console.log(servedBytes(usual));

/** Stands in for a module: it still uses all that it imports, and what is imported from it is looked up on the window. */
function emptied(file: string): Plugin {
  const text = readFileSync(file, 'utf8');
  const exported = [...text.matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)].map(([, name]) => name);
  const imports = [...text.matchAll(/^import \{([^}]+)\} from .*$/gm)];
  const used = imports.flatMap(([, names = '']) =>
    names.split(',').filter((name) => name.trim() && !/^\s*type /.test(name)),
  );
  const contents = [
    ...imports.map(([statement]) => statement),
    `window.$(${used.join()});`,
    ...exported.map((name) => `export const ${name} = window.$;`),
  ].join('\n');
  return {
    name: 'emptied',
    setup: (build) =>
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => (path === file ? { contents, loader: 'ts' } : undefined)),
  };
}

const whole = await inTwoParts();
const costs: { module: string; first: number; rest: number; forms: number }[] = [];
for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
  if (!/^([\w-]+\/)?[\w-]+\.ts$/.test(file) || LEFT_OUT.includes(file)) continue;
  const without = await inTwoParts([emptied(`${source}/${file}`)]);
  if (Object.values(without).join() !== Object.values(whole).join())
    costs.push({
      module: file,
      first: brotli(whole.core) - brotli(without.core),
      rest: brotli(whole.rest) - brotli(without.rest),
      // What is also in the rest is not counted again.
      forms: brotli(whole['rest-forms']) - brotli(whole.rest) - (brotli(without['rest-forms']) - brotli(without.rest)),
    });
}
console.table(costs.sort((a, b) => b.first + b.rest - a.first - a.rest));

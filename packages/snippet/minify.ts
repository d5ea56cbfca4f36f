import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { type MinifyOptions, minify } from 'terser';

const SOURCE = `${import.meta.dirname}/src`;

const SERVED = {
  bundle: true,
  write: false,
  format: 'iife',
  // Every browser since 2021. What older ones cannot read leaves their pages as they are.
  target: 'es2021',
  charset: 'ascii',
  legalComments: 'none',
} as const;

/** Built-ins as the browser made them, wherever a script uses one. */
const inject = [`${SOURCE}/built-ins.ts`];

/**
 * Properties that nothing outside a script ever sees, and no browser has: these alone get short names. A name that is on
 * the wire, in the configuration, in an event or in the API must never stand here.
 */
export const INTERNAL =
  /^(countryCode|variants|trunk|original|instead|written|rounds|shown|mayEdit|onSeen|remember|forget|forgetVisit|isPart|answered|goesOn|secondLine|core|rest|landing|held|known|said|resumed|lastSent|scan|resolveReady|requestNumbers|enter|entered|joined|renew|announce|watchChanges|scanNow|putBack|requestedIds|seen|traces|reads|undo|swaps|moved|allowed|ending|dialled|ids|progress|startScan|pageOpened|visitLeft|setConsent|writeNode|stopWatching|touchedNodes|queuedCalls|gpc|late|listenTo|blocked|isStopped|onRoute|saveVisit)$/;

/**
 * js-cookie is built for jars with attributes and converters of their own; nobody here makes one, and how it makes them
 * fails on pages that give every object a `get`.
 */
const JAR = /return Object\.create\(\s*\{\s*set,\s*get,[\s\S]*?\n {2}\);/;

type Names = NonNullable<MinifyOptions['nameCache']>;

/** Made small by terser, which leaves 5 % less than esbuild's own minifier. */
async function small(text: string, nameCache: Names = {}): Promise<string> {
  const { code } = await minify(text, {
    ecma: 2020,
    module: true,
    compress: { unsafe: true, unsafe_arrows: true, keep_fargs: false },
    mangle: { properties: { regex: INTERNAL } },
    format: { ascii_only: true },
    nameCache,
  });
  // Compressed it is smaller where all declarations look alike; in a bundle that passed the compiler they mean the same.
  return (code as string).replace(/\bconst(?=[ {[])/g, 'let');
}

/** One entry as it is served. */
export async function minified(entry: BuildOptions): Promise<string> {
  const { outputFiles } = await build({ ...entry, ...SERVED, inject });
  return small((outputFiles[0] as { text: string }).text);
}

/**
 * The page's script in its two parts. The second imports from the modules of the first like any other code does; here
 * these imports become parameters, which the first hands over in one list.
 */
export async function inTwoParts(plugins: Plugin[] = []): Promise<{ core: string; rest: string }> {
  const entry = { ...SERVED, inject, entryPoints: [`${SOURCE}/script.ts`] };
  const { metafile } = await build({ ...entry, metafile: true, absWorkingDir: SOURCE });
  const ofCore = new Set(Object.keys(metafile.inputs).map((file) => `${SOURCE}/${file}`));

  const { outputFiles: rests } = await build({
    ...SERVED,
    inject,
    format: 'esm',
    stdin: { contents: `import join from './rest.script.ts'; made(join);`, resolveDir: SOURCE },
    plugins: [...plugins, handedOver(ofCore)],
  });
  const handed: { local: string; file: string; name: string }[] = [];
  const body = (rests[0] as { text: string }).text
    .replace(
      /^(?:var|let|const) (\S+) = (?:\/\* @__PURE__ \*\/ )?handed\("(.+?)", "(.+?)"\);\n/gm,
      (_, local: string, file: string, name: string) => {
        handed.push({ local, file, name });
        return '';
      },
    )
    .replaceAll('typeof document === "undefined"', 'false')
    .replace('made(', 'return (');
  if (!JAR.test(body)) throw new Error('js-cookie is not as it was: see JAR');
  const rest = `document.currentScript.rest(([${handed.map(({ local }) => local)}]) => {${body.replace(JAR, 'return { set };')}})`;

  const { outputFiles: cores } = await build({ ...entry, plugins: [...plugins, handing(handed)] });
  const names: Names = {};
  return { core: await small((cores[0] as { text: string }).text, names), rest: await small(rest, names) };
}

/** Stands in for the modules of the first part: what is imported from them is handed over. */
function handedOver(files: ReadonlySet<string>): Plugin {
  return {
    name: 'handed-over',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!files.has(path)) return undefined;
        const text = readFileSync(path, 'utf8');
        const names = [...text.matchAll(/^export (?:async )?(?:const|let|function|class) (\w+)/gm)].map(
          ([, name]) => name,
        );
        const renamed = [...text.matchAll(/^export \{(.+)\};$/gm)].flatMap(([, list = '']) =>
          [...list.matchAll(/ as (\w+)/g)].map(([, name]) => name),
        );
        const file = relative(SOURCE, path);
        return {
          contents: [...names, ...renamed]
            .map(
              (name, at) =>
                `const _${at} = /* @__PURE__ */ handed("${file}", "${name}"); export { _${at} as ${name} };`,
            )
            .join('\n'),
        };
      }),
  };
}

/** Lists what is handed over. */
function handing(handed: readonly { file: string; name: string }[]): Plugin {
  return {
    name: 'handing',
    setup: ({ onLoad }) =>
      onLoad({ filter: /core-for-rest\.ts$/ }, () => ({
        contents: [
          ...handed.map(({ file, name }, at) => `import { ${name} as _${at} } from './${file}';`),
          `export const CORE = [${handed.map((_, at) => `_${at}`)}];`,
        ].join('\n'),
      })),
  };
}

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
 * fails on pages that give every object a `get`: what writes a cookie is taken alone.
 */
export const JARLESS: Plugin = {
  name: 'jarless',
  setup: ({ onLoad }) =>
    onLoad({ filter: /js\.cookie\.mjs$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replace(/return Object\.create\([\s\S]*?\n {2}\)/, 'return { set }');
      if (!contents.includes('return { set }')) throw new Error('js-cookie is not as it was');
      return { contents };
    }),
};

type Names = NonNullable<MinifyOptions['nameCache']>;

/** Made small by terser, which leaves 5 % less than esbuild's own minifier. */
async function small(text: string, nameCache: Names = {}, passes = 1): Promise<string> {
  const { code } = await minify(text, {
    ecma: 2020,
    module: true,
    compress: { unsafe: true, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false, passes },
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

/** The second part by its module: as it is, and with what forms need where a site keeps them. */
const SECOND = { rest: './rest.script.ts', 'rest-forms': './rest-forms.script.ts' };

/** The page's script as it is served: its first part, and the second in either way. */
export type Served = Record<'core' | keyof typeof SECOND, string>;

/**
 * The page's script in its two parts. The second imports from the modules of the first like any other code does; here
 * these imports become parameters, which the first hands over in one list.
 */
export async function inTwoParts(plugins: Plugin[] = []): Promise<Served> {
  const entry = { ...SERVED, inject, entryPoints: [`${SOURCE}/script.ts`] };
  const { metafile } = await build({ ...entry, metafile: true, absWorkingDir: SOURCE });
  const ofCore = new Set(Object.keys(metafile.inputs).map((file) => `${SOURCE}/${file}`));

  const seconds = await Promise.all(
    Object.entries(SECOND).map(async ([name, module]) => ({
      name: name as keyof typeof SECOND,
      ...(await second(module, [...plugins, JARLESS, handedOver(ofCore)])),
    })),
  );
  const handed = new Map(
    seconds.flatMap(({ takes }) => [...takes].map(([key, { file, name }]) => [key, { file, name }])),
  );
  const { outputFiles: cores } = await build({ ...entry, plugins: [...plugins, handing([...handed.values()])] });
  const names: Names = {};
  const served = { core: await small((cores[0] as { text: string }).text, names, 2) } as Served;
  for (const { name, body, takes } of seconds) {
    const list = [...handed.keys()].map((key) => takes.get(key)?.local ?? '').join();
    const text = `document.currentScript.rest(([${list.replace(/,+$/, '')}]) => {${body}})`;
    served[name] = await small(text, names);
  }
  return served;
}

/** What a second part takes of the first, under which name. */
type Takes = Map<string, { local: string; file: string; name: string }>;

/** Builds a second part, without what it takes. */
async function second(module: string, plugins: Plugin[]): Promise<{ body: string; takes: Takes }> {
  const { outputFiles } = await build({
    ...SERVED,
    inject,
    format: 'esm',
    stdin: { contents: `import join from '${module}'; made(join);`, resolveDir: SOURCE },
    plugins,
  });
  const takes: Takes = new Map();
  const body = (outputFiles[0] as { text: string }).text
    .replace(
      /^(?:var|let|const) (\S+) = (?:\/\* @__PURE__ \*\/ )?handed\("(.+?)", "(.+?)"\);\n/gm,
      (_, local: string, file: string, name: string) => {
        takes.set(`${file} ${name}`, { local, file, name });
        return '';
      },
    )
    .replaceAll('typeof document === "undefined"', 'false')
    .replace('made(', 'return (');
  return { body, takes };
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

import { build } from 'esbuild';

/** The parts of the snippet as the global `parts`, for tests that work on a page from the inside. */
export async function partsScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './page/swapper.ts'; export * from './core/forms.ts'; export * from './core/expression.ts'; export * from './page/text-runs.ts';`,
      resolveDir: `${import.meta.dirname}/../packages/snippet/src`,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'parts',
  });
  return (outputFiles[0] as { text: string }).text;
}

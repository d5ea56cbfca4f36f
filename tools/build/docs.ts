import { join } from 'node:path';
import { build } from 'vitepress';

/** Builds the documentation website (`docs/`, and the API reference written from OpenAPI) into a folder. */
export async function buildDocs(outDir: string): Promise<void> {
  await build(join(import.meta.dirname, '../../docs'), { outDir });
}

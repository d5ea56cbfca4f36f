import { join } from 'node:path';
import { build } from 'vite';

/** Builds the dashboard's static files into a folder. */
export async function buildDashboard(outDir: string): Promise<void> {
  const configFile = join(import.meta.dirname, 'vite.config.ts');
  await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } });
}

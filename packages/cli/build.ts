/** The command as one file that Node 20 runs, with nothing to install beside it. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const file = join(import.meta.dirname, 'dist/dialmark.js');
// Made aside, so that the command can be run while it is built again.
const aside = `${file}.${process.pid}~`;
await build({
  entryPoints: [join(import.meta.dirname, 'src/main.ts')],
  outfile: aside,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  legalComments: 'none',
  logLevel: 'error',
});
await rename(aside, file);

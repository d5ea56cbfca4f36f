#!/usr/bin/env node
// Here from the start, since npm links commands before anything is built.
import { existsSync } from 'node:fs';

const built = new URL('../dist/dialmark.js', import.meta.url);
if (existsSync(built)) await import(built.href);
else {
  console.error('dialmark: not built yet. Run: npm run build');
  process.exitCode = 1;
}

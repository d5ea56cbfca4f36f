import { createInterface } from 'node:readline/promises';
import { run } from './cli.ts';
import { printable } from './printable.ts';

const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());
// `dialmark tail | head`: the reader has closed the pipe.
process.stdout.on('error', () => process.exit(0));

const { stdin, stdout, stderr } = process;

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    return await terminal.question(question, { signal: stopping.signal });
  } finally {
    terminal.close();
  }
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  out: (line) => stdout.write(`${printable(line)}\n`),
  err: (line) => stderr.write(`${printable(line)}\n`),
  ask: stdin.isTTY ? ask : null,
  fetch: (request) => fetch(request),
  signal: stopping.signal,
});

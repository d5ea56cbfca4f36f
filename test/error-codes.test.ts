import { readFileSync, writeFileSync } from 'node:fs';
import { codeOfStatus, FIELD_CODES, PROBLEM_CODES, PROBLEMS } from '@dialmark/shared';
import { expect, it } from 'vitest';

const page = new URL('../docs/errors.md', import.meta.url);

it('is what docs/errors.md lists of problems (WRITE=1 writes its table)', () => {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  const rows = Object.entries(PROBLEMS).map(([code, [status, text]]) => [`\`${code}\``, `${status}`, text]);
  const table = [['`code`', 'status', 'meaning'], ['---', '---', '---'], ...rows].map(line).join('');
  const written = readFileSync(page, 'utf8');
  const expected = written.replace(/^\| `code` \| status.*\n(?:\|.*\n)+/m, table);
  if (process.env.WRITE === '1') writeFileSync(page, expected);
  else expect(written).toBe(expected);
  expect(expected).toContain(table);
});

it('has a meaning in docs/errors.md for every code of a field, in their order', () => {
  const [, rows = ''] =
    /^\| `code` \| meaning \|\n\| --- \| --- \|\n((?:\|.*\n)+)/m.exec(readFileSync(page, 'utf8')) ?? [];
  expect([...rows.matchAll(/^\| `(\w+)` \| \S.+\. \|$/gm)].map(([, code]) => code)).toEqual([...FIELD_CODES]);
});

it('has a general code for every status, which answers of others are read as', () => {
  expect([400, 401, 403, 404, 405, 409, 413, 429, 500, 503].map(codeOfStatus)).toEqual([
    'invalid_request',
    'unauthenticated',
    'forbidden',
    'not_found',
    'method_not_allowed',
    'conflict',
    'payload_too_large',
    'rate_limited',
    'internal',
    'ledger_unavailable',
  ]);
  expect([418, 502].map(codeOfStatus)).toEqual(['invalid_request', 'internal']);
  for (const code of PROBLEM_CODES) expect(code).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
});

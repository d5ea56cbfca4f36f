import { readFileSync, writeFileSync } from 'node:fs';
import { codeOfStatus, FIELDS, PROBLEM_CODES, PROBLEMS } from '@dialmark/shared';
import { expect, it } from 'vitest';

const page = new URL('../docs/errors.md', import.meta.url);

it('is what docs/errors.md lists (WRITE=1 writes its tables)', () => {
  const tables = [
    table(
      ['`code`', 'status', 'meaning'],
      Object.entries(PROBLEMS).map(([code, [status, text]]) => [`\`${code}\``, `${status}`, text]),
    ),
    table(
      ['`code`', 'meaning'],
      Object.entries(FIELDS).map(([code, text]) => [`\`${code}\``, text]),
    ),
  ];
  const written = readFileSync(page, 'utf8');
  const expected = written.replace(/^\|.*\n(?:\|.*\n)+/gm, () => tables.shift() ?? '');
  if (process.env.WRITE === '1') writeFileSync(page, expected);
  else expect(written).toBe(expected);
  expect(tables).toEqual([]);
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

function table(heads: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('');
}

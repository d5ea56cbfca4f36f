import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { compactErased } from '../tools/compact.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialmark-compact-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A database from which every other row was deleted, noted or not. */
function deletedFrom(name: string, noted: boolean): string {
  const file = join(folder, name);
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; CREATE TABLE erasures (at INTEGER PRIMARY KEY); CREATE TABLE people (name)',
  );
  for (let n = 0; n < 100; n++)
    database.prepare('INSERT INTO people VALUES (?)').run(n % 2 ? `needle-${n}` : `kept-${n}`);
  database.exec("DELETE FROM people WHERE name LIKE 'needle%'");
  if (noted) database.exec('INSERT INTO erasures VALUES (1)');
  database.close();
  return file;
}

it('rewrites the files in which somebody was erased, once, and no others', () => {
  const [noted, other] = [deletedFrom('a.sqlite', true), deletedFrom('b.sqlite', false)];
  expect(readFileSync(noted).includes('needle')).toBe(true);
  expect(compactErased(folder)).toEqual([noted]);
  expect(readFileSync(noted).includes('needle')).toBe(false);
  expect(readFileSync(noted).includes('kept-98')).toBe(true);
  expect(readFileSync(other).includes('needle')).toBe(true);
  expect(compactErased(folder)).toEqual([]);
});

it('goes on past a file that it cannot rewrite, and says so', () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const noted = deletedFrom('b.sqlite', true);
  writeFileSync(join(folder, 'a.sqlite'), 'no database '.repeat(1000));
  expect(compactErased(folder)).toEqual([noted]);
  expect(String(warned.mock.calls)).toContain('a.sqlite');
});

it('has nothing to do where there is no state yet', () => {
  expect(compactErased(join(folder, 'nowhere'))).toEqual([]);
});

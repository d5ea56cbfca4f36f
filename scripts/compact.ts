/**
 * `npm run compact -- DIR`: rewrites the database files of local or self-hosted state, so that nothing that was erased
 * is left in them. SQLite marks what is deleted as free and overwrites it whenever it happens to be used again, and its
 * write-ahead log keeps earlier states of a page for a while; the runtime allows neither `PRAGMA secure_delete` nor
 * `VACUUM`. Stop the server before.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Compacts every SQLite file under a folder. Throws where one is in use or is no database. */
export function compact(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sqlite'))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) {
    const database = new DatabaseSync(file);
    database.exec('VACUUM');
    // The rewritten pages are in the log until it is brought back into the file; then it is cut to nothing.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }
  return files;
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (!folder) {
    console.error('Name the folder of the state: npm run compact -- .dialmark');
    process.exit(1);
  }
  console.log(`${compact(folder).length} database files compacted.`);
}

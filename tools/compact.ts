/**
 * Rewrites the database files of local or self-hosted state, so that nothing that was erased is left in them. SQLite
 * marks what is deleted as free and overwrites it whenever it happens to be used again, and its write-ahead log keeps
 * earlier states of a page for a while; the runtime allows neither `PRAGMA secure_delete` nor `VACUUM`. So it is done
 * while nothing has the files open: by itself at the next start after an erasure, or at any time, with the server
 * stopped, by `npm run compact -- DIR`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Compacts every SQLite file under a folder. Throws where one is in use or is no database. @returns the files */
export function compact(folder: string): string[] {
  return databasesIn(folder).filter((file) => inDatabase(file, rewrite));
}

/**
 * Compacts those files under a folder in which something was erased since they were last compacted. What cannot be
 * (a full disk, say) is reported and left to the next start: calls must still ring. @returns the files
 */
export function compactErased(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return databasesIn(folder).filter((file) => {
    try {
      return inDatabase(file, (database) => wasErased(database) && rewrite(database));
    } catch (error) {
      console.warn(`${file} could not be compacted and still contains erased data: ${error}`);
      return false;
    }
  });
}

function databasesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sqlite'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function inDatabase<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const notesErasures = (database: DatabaseSync) =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'erasures'").get() !== undefined;

const wasErased = (database: DatabaseSync) =>
  notesErasures(database) && database.prepare('SELECT 1 FROM erasures LIMIT 1').get() !== undefined;

function rewrite(database: DatabaseSync): true {
  database.exec('VACUUM');
  // Noted until it is done: a run that was interrupted does it again.
  if (notesErasures(database)) database.exec('DELETE FROM erasures');
  // The rewritten pages are in the log until it is brought back into the file; then it is cut to nothing.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return true;
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (!folder) {
    console.error('Pass the data folder: npm run compact -- .dialmark');
    process.exit(1);
  }
  console.log(`${compact(folder).length} database files compacted.`);
}

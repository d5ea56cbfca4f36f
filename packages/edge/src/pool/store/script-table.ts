import type { EpochMs } from '@dialmark/shared';
import { Table } from './table.ts';

/** Scripts kept that nobody pinned: any address that the Worker is reached at makes one of its own. */
const SCRIPTS_KEPT = 50;

/** The scripts that were served, by their versions. */
export class ScriptTable extends Table {
  /** Keeps a script, and of those that no page ever asked for by their version the latest only. */
  save(version: string, script: string, now: EpochMs): void {
    const rowsWritten = this.run(
      'INSERT OR IGNORE INTO scripts (version, script, kept_at, pinned) VALUES (?, ?, ?, 0)',
      version,
      script,
      now,
    );
    if (rowsWritten === 0) return;
    this.run(
      `DELETE FROM scripts WHERE pinned = 0 AND version NOT IN (
         SELECT version FROM scripts WHERE pinned = 0 ORDER BY kept_at DESC, version = ? DESC LIMIT ?)`,
      version,
      SCRIPTS_KEPT,
    );
  }

  /** Returns a script by its version, and pins it: a page asked for it. */
  get(version: string): string | null {
    const [row] = this.all('SELECT script, pinned FROM scripts WHERE version = ?', version);
    if (row?.pinned === 0) this.run('UPDATE scripts SET pinned = 1 WHERE version = ?', version);
    return (row?.script as string | undefined) ?? null;
  }
}

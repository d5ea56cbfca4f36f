import { SECOND } from '@dialmark/shared';
import { log } from '../../platform/log.ts';
import { type Column, encodeGroup, footer, type Group, GroupSize, MAGIC, type Value } from '../../platform/parquet.ts';
import type { LedgerCore } from '../core.ts';
import { dayText } from '../days.ts';
import { type Place, readDay } from '../read/day-rows.ts';
import {
  type DueFile,
  FILES,
  findFile,
  forgetFile,
  isArchived,
  nextDue,
  noteStored,
  noteWritten,
  owes,
  waitsForMore,
} from './files.ts';
import { type ArchiveStore, archiveOf } from './store.ts';

/** How far the file under way has come; stored at the end of each group of rows. */
interface Progress {
  file: DueFile;
  columns: Column[];
  groups: Group[];
  /** Where in the file the next group begins. */
  offset: number;
  /** The last row that is in a group. */
  place: Place | null;
  /** Whether all rows are in groups. */
  isWhole: boolean;
}
const PROGRESS = 'archive';

/** Rows that were read and are in no group yet. They are read again should the object end. */
interface Reading {
  rows: Value[][];
  size: GroupSize;
  place: Place | null;
}

const ROWS_A_SLICE = 500;
const SLICES_A_TURN = 4;
const TURN_MS = 20;
/** A row of SQLite has 2 MB at most. */
const PART_BYTES = 1_900_000;
/** How long additions to days that are archived already wait for more. */
const ADDITIONS_WAIT_MS = 60 * SECOND;
/** How long whoever erases waits for the files. */
const SETTLED_WITHIN_MS = 20 * SECOND;

/**
 * Writes the site's archive: for each day a file of each table, once the day is two days old, and again when something
 * of it changes. Rows are encoded group by group into the ledger's own database, a few milliseconds at a time, and put
 * into the store as a whole file at the end: killed at any point, it goes on with the last whole group, and no row is
 * there twice.
 */
export class Archive {
  readonly #core: LedgerCore;
  #reading: Reading | null = null;
  #additionsAt: number | null = null;
  #turn: Promise<void> | null = null;

  constructor(core: LedgerCore) {
    this.#core = core;
  }

  /** Does what is due for one turn. @returns when it wants the next one; null while nothing is due */
  async work(now: number): Promise<number | null> {
    const store = this.#store();
    if (!store) return null;
    await this.#inTurn(() => this.#slices(store, now));
    if (!this.#store()) return null;
    if (nextDue(this.#core, { additions: false })) return now;
    if (!waitsForMore(this.#core)) return null;
    this.#additionsAt ??= now + ADDITIONS_WAIT_MS;
    return this.#additionsAt;
  }

  /**
   * Has every file rewritten that still says what the ledger has forgotten.
   * @returns whether that is done; it goes on by itself otherwise
   */
  async settled(): Promise<boolean> {
    const until = Date.now() + SETTLED_WITHIN_MS;
    for (let store = this.#store(); store && owes(this.#core); store = this.#store()) {
      if (Date.now() >= until) return false;
      const held = store;
      try {
        await this.#inTurn(() => this.#slices(held, Date.now()));
      } catch (error) {
        log.warn('archive_unavailable', { reason: String(error) });
        return false;
      }
      await scheduler.wait(0);
    }
    return true;
  }

  /** Removes all files of the site. */
  async removeAll(): Promise<void> {
    const store = archiveOf(this.#core.env);
    if (!store) return;
    // Whatever is being put at this moment comes first.
    while (this.#turn) await this.#turn.catch(() => {});
    await this.#inTurn(() => store.removeAll(`site=${this.#core.site}/`));
    this.#reading = null;
  }

  /** Null while there is nothing to archive, or nowhere. */
  #store(): ArchiveStore | null {
    const core = this.#core;
    return core.exists && isArchived(core) ? archiveOf(core.env) : null;
  }

  /** One turn at a time: who comes meanwhile waits for the one under way. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn ??= work().finally(() => {
      this.#turn = null;
    });
    return this.#turn;
  }

  async #slices(store: ArchiveStore, now: number): Promise<void> {
    const until = Date.now() + TURN_MS;
    for (let slices = 0; slices < SLICES_A_TURN && Date.now() < until; slices++) {
      if (!(await this.#slice(store, now))) return;
    }
  }

  /** @returns whether there is more to do */
  async #slice(store: ArchiveStore, now: number): Promise<boolean> {
    const core = this.#core;
    const progress = this.#underWay();
    if (progress) {
      if (progress.isWhole) await this.#put(store, progress);
      else await this.#read(progress);
      return true;
    }
    const additions = this.#additionsAt !== null && now >= this.#additionsAt;
    const file = nextDue(core, { additions });
    if (!file) {
      if (additions) this.#additionsAt = null;
      return false;
    }
    if (file.isExpired) {
      if (file.stored) await store.remove(this.#keyOf(file));
      forgetFile(core, file);
    } else this.#save({ file, columns: [], groups: [], offset: MAGIC.length, place: null, isWhole: false });
    return true;
  }

  /** The file under way. One of which something has changed since it was begun begins anew. */
  #underWay(): Progress | null {
    const core = this.#core;
    const progress = core.storage.kv.get<Progress>(PROGRESS);
    if (!progress || this.#isStill(progress.file)) return progress ?? null;
    this.#end(() => {});
    return null;
  }

  /** Whether nothing has changed of a file since. */
  #isStill({ day, file, change }: DueFile): boolean {
    const now = findFile(this.#core, day, file);
    return now !== null && now.change === change && !now.isExpired;
  }

  /** Reads rows, and puts them into a group once they are enough for one, or the last. */
  async #read(progress: Progress): Promise<void> {
    const { file } = progress;
    this.#reading ??= { rows: [], size: new GroupSize(), place: progress.place };
    const reading = this.#reading;
    const table = FILES[file.file];
    const { columns, rows, next } = readDay(
      this.#core,
      table,
      dayText(file.day),
      reading.place,
      ROWS_A_SLICE,
      file.seqs,
    );
    for (const row of rows) reading.size.add(row);
    reading.rows.push(...rows);
    reading.place = next;
    if (next !== null && !reading.size.isFull) return;
    const { bytes, groups } = await encoded(columns, reading.rows, progress.offset);
    // Others had their turn in between.
    if (!this.#store() || !this.#isStill(file)) return;
    this.#reading = null;
    this.#core.change(() => {
      for (const part of inParts(bytes)) this.#core.sql.exec('INSERT INTO archive_parts (bytes) VALUES (?)', part);
      this.#save({
        ...progress,
        columns,
        groups: [...progress.groups, ...groups],
        offset: progress.offset + bytes.length,
        place: next,
        isWhole: next === null,
      });
    });
  }

  async #put(store: ArchiveStore, { file, columns, groups, offset }: Progress): Promise<void> {
    const core = this.#core;
    if (groups.length === 0) {
      if (file.stored) await store.remove(this.#keyOf(file));
      if (this.#store()) this.#end(() => this.#written(file, 0));
      return;
    }
    // From here on there may be a file.
    noteStored(core, file, 1);
    const tail = footer(columns, groups);
    const { readable, writable } = new FixedLengthStream(offset + tail.length);
    // Where the store takes no more, what is left to send goes nowhere.
    const sent = this.#send(writable, tail).catch(() => {});
    await store.put(this.#keyOf(file), readable);
    await sent;
    if (this.#store()) this.#end(() => this.#written(file, 1));
  }

  #written(file: DueFile, stored: 0 | 1): void {
    noteStored(this.#core, file, stored);
    noteWritten(this.#core, file);
  }

  async #send(writable: WritableStream<Uint8Array>, tail: Uint8Array): Promise<void> {
    const writer = writable.getWriter();
    await writer.write(MAGIC);
    for (let n = 0; ; ) {
      const part = this.#core.first<{ n: number; bytes: ArrayBuffer }>(
        'SELECT n, bytes FROM archive_parts WHERE n > ? ORDER BY n LIMIT 1',
        n,
      );
      if (!part) break;
      await writer.write(new Uint8Array(part.bytes));
      n = part.n;
    }
    await writer.write(tail);
    await writer.close();
  }

  #save(progress: Progress): void {
    this.#core.storage.kv.put(PROGRESS, progress);
  }

  /** Ends the work on the file under way. */
  #end(note: () => void): void {
    const core = this.#core;
    this.#reading = null;
    core.change(() => {
      note();
      core.sql.exec('DELETE FROM archive_parts');
      core.storage.kv.delete(PROGRESS);
    });
  }

  /** As Hive names partitions, which DuckDB, Spark and BigQuery know. */
  #keyOf({ day, file }: DueFile): string {
    return `site=${this.#core.site}/day=${dayText(day)}/${file}.parquet`;
  }
}

/** Returns rows as a group of a file; none without rows. Of a large one, others get their turn after each column. */
async function encoded(
  columns: readonly Column[],
  rows: readonly Value[][],
  offset: number,
): Promise<{ bytes: Uint8Array; groups: Group[] }> {
  const pieces: Uint8Array[] = [];
  const groups: Group[] = [];
  if (rows.length > 0) {
    const encoding = encodeGroup(columns, rows, offset);
    for (let step = encoding.next(); ; step = encoding.next()) {
      if (step.done) {
        groups.push(step.value);
        break;
      }
      pieces.push(step.value);
      if (rows.length > ROWS_A_SLICE) await scheduler.wait(0);
    }
  }
  return { bytes: new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer()), groups };
}

function* inParts(bytes: Uint8Array): Generator<ArrayBuffer> {
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    yield bytes.slice(from, from + PART_BYTES).buffer as ArrayBuffer;
  }
}

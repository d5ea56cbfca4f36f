/**
 * Which files the archive has of a site, and which of them are due. A file is a table's rows of a day; whatever changes a
 * row of a day that is archived makes its file due, by triggers, so that no writer has to think of it.
 */
import { DAY, type DataTable, type EpochMs, startOfDay } from '@dialmark/shared';
import { firstSeq } from '../../pool/leases/binding-id.ts';
import type { LedgerCore } from '../core.ts';
import { dayAt, dayText } from '../days.ts';
import { archiveOf } from './store.ts';

/** The files of a day, with the table of each. What changes long afterwards (costs) or is kept for less long (messages) is not archived. */
export const FILES = {
  visits: 'sessions',
  page_views: 'page_views',
  bindings: 'bindings',
  calls: 'calls',
  call_touches: 'call_touches',
  forms: 'forms',
} as const satisfies Record<string, DataTable>;
export type ArchiveFile = keyof typeof FILES;

/** As the ledger is · something was added · to be written · to be removed. */
const CURRENT = 0;
const ADDED_TO = 1;
const DUE = 2;
const EXPIRED = 3;

const TABLES = `
  CREATE TABLE IF NOT EXISTS archive_files (
    day INTEGER NOT NULL,
    file TEXT NOT NULL,
    state INTEGER NOT NULL,
    -- How often something of it has changed: a file is as the ledger was only if nothing did while it was written.
    change INTEGER NOT NULL,
    -- Whether there may be such a file.
    stored INTEGER NOT NULL,
    -- Of bindings, which have no day: the sequence numbers that the day has.
    first_seq INTEGER,
    end_seq INTEGER,
    PRIMARY KEY (day, file)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS archive_due ON archive_files (stored, state, day) WHERE state > ${CURRENT};
  CREATE INDEX IF NOT EXISTS archive_by_seq ON archive_files (first_seq, end_seq) WHERE first_seq IS NOT NULL;
  -- What is written of the file under way.
  CREATE TABLE IF NOT EXISTS archive_parts (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL);`;

const mark = (files: readonly ArchiveFile[], day: string, state: number) =>
  `UPDATE archive_files SET state = max(state, ${state}), change = change + 1
   WHERE day = ${day} AND file IN (${files.map((file) => `'${file}'`).join(', ')}) AND state < ${EXPIRED};`;
const dayOfHold = (seq: string) =>
  `(SELECT iif(end_seq > ${seq}, day, NULL) FROM archive_files INDEXED BY archive_by_seq
    WHERE first_seq IS NOT NULL AND first_seq <= ${seq} ORDER BY first_seq DESC LIMIT 1)`;

const VISIT: ArchiveFile[] = ['visits', 'page_views'];
/** What an insert, an update and a deletion make due. What adds can wait for more of its kind; what may take somebody out cannot. */
const TRIGGERS: Record<string, Partial<Record<'INSERT' | 'UPDATE' | 'DELETE', string>>> = {
  visit: {
    INSERT: mark(VISIT, 'NEW.day', ADDED_TO),
    UPDATE: `${mark(VISIT, 'NEW.day', ADDED_TO)}
      ${mark([...VISIT, 'bindings'], 'iif(NEW.visitor IS OLD.visitor, NULL, NEW.day)', DUE)}`,
    DELETE: mark(VISIT, 'OLD.day', DUE),
  },
  hold: {
    INSERT: mark(['bindings'], dayOfHold('NEW.seq'), ADDED_TO),
    UPDATE: mark(['bindings'], dayOfHold('NEW.seq'), ADDED_TO),
    DELETE: mark(['bindings'], dayOfHold('OLD.seq'), DUE),
  },
  call: {
    INSERT: mark(['calls'], 'NEW.day', ADDED_TO),
    UPDATE: `${mark(['calls'], 'OLD.day', DUE)} ${mark(['calls'], 'NEW.day', DUE)}`,
    DELETE: mark(['calls'], 'OLD.day', DUE),
  },
  // Not by updates: retention takes its visit from a touch, which then says as much of whom as before, nothing.
  touch: { INSERT: mark(['call_touches'], 'NEW.day', ADDED_TO), DELETE: mark(['call_touches'], 'OLD.day', DUE) },
  form: {
    INSERT: mark(['forms'], 'NEW.day', ADDED_TO),
    UPDATE: mark(['forms'], 'NEW.day', DUE),
    DELETE: mark(['forms'], 'OLD.day', DUE),
  },
};

const PREPARE = `${TABLES}
${Object.entries(TRIGGERS)
  .flatMap(([table, events]) =>
    Object.entries(events).map(
      ([event, statements]) =>
        `CREATE TRIGGER IF NOT EXISTS archive_${table}_${event.toLowerCase()} AFTER ${event} ON ${table}
         BEGIN ${statements} END;`,
    ),
  )
  .join('\n')}`;

/** Returns whether the site was ever archived. */
export function isArchived(core: LedgerCore): boolean {
  return core.first("SELECT 1 FROM sqlite_master WHERE name = 'archive_files'") !== null;
}

/** Makes due what the night finds: days that have become old enough, and those that the ledger is about to forget. */
export function planFiles(core: LedgerCore, now: EpochMs): void {
  const { rules } = core;
  if (!rules || !archiveOf(core.env)) return;
  const { timeZone, retentionDays } = rules;
  // The day of the boundary itself is forgotten in part.
  const forgotten = dayAt((now - retentionDays * DAY) as EpochMs, timeZone);
  const last = dayAt(now, timeZone) - ARCHIVED_AFTER_DAYS;
  core.change(() => {
    core.sql.exec(PREPARE);
    core.sql.exec(`UPDATE archive_files SET state = ${EXPIRED}, change = change + 1 WHERE day <= ?`, forgotten);
    const first = Math.max(forgotten + 1, firstDay(core, timeZone) ?? last + 1);
    for (let day = first; day <= last; day++) add(core, day, timeZone);
  });
}

/** The day before yesterday: by then late visits have come. */
const ARCHIVED_AFTER_DAYS = 2;

function add(core: LedgerCore, day: number, timeZone: string): void {
  for (const file of Object.keys(FILES) as ArchiveFile[]) {
    const seqs = file === 'bindings' ? seqsOf(core, day, timeZone) : [null, null];
    core.sql.exec(
      `INSERT OR IGNORE INTO archive_files (day, file, state, change, stored, first_seq, end_seq) VALUES (?, ?, ${DUE}, 0, 0, ?, ?)`,
      day,
      file,
      ...seqs,
    );
  }
}

/** A day begins where the one before ended, also where the site has moved to another time zone in between. */
function seqsOf(core: LedgerCore, day: number, timeZone: string): [number, number] {
  const endOf = (of: number) =>
    core.first<{ end_seq: number }>("SELECT end_seq FROM archive_files WHERE day = ? AND file = 'bindings'", of)
      ?.end_seq;
  const ends = firstSeq(startOfDay(dayText(day + 1), timeZone));
  return [endOf(day - 1) ?? firstSeq(startOfDay(dayText(day), timeZone)), ends];
}

/** The first day of which the ledger has anything; null where it has nothing. */
function firstDay(core: LedgerCore, timeZone: string): number | null {
  const { visit, call, form } = core.first<Record<'visit' | 'call' | 'form', number | null>>(
    `SELECT (SELECT min(day) FROM visit) AS visit, (SELECT min(started_at) FROM call) AS call, (SELECT min(at) FROM form) AS form`,
  ) as Record<'visit' | 'call' | 'form', number | null>;
  const days = [visit, ...[call, form].map((at) => at && dayAt(at as EpochMs, timeZone))].filter((day) => day !== null);
  return days.length > 0 ? Math.min(...days) : null;
}

/** A file that is due. */
export interface DueFile {
  day: number;
  file: ArchiveFile;
  change: number;
  stored: 0 | 1;
  isExpired: boolean;
  /** Of bindings, the day's. */
  seqs: [number, number] | null;
}

interface FileRow {
  day: number;
  file: ArchiveFile;
  state: number;
  change: number;
  stored: 0 | 1;
  first_seq: number | null;
  end_seq: number | null;
}

/** Returns the file to see to next: those that are there already and say what they should not, before those of new days. */
export function nextDue(core: LedgerCore, { additions }: { additions: boolean }): DueFile | null {
  const row = core.first<FileRow>(
    `SELECT * FROM archive_files INDEXED BY archive_due WHERE state >= ? AND state > ${CURRENT}
     ORDER BY stored DESC, state DESC, day LIMIT 1`,
    additions ? ADDED_TO : DUE,
  );
  return row && fileOf(row);
}

/** Returns a file by its name; null once it is not archived any more. */
export function findFile(core: LedgerCore, day: number, file: ArchiveFile): DueFile | null {
  const row = core.first<FileRow>('SELECT * FROM archive_files WHERE day = ? AND file = ?', day, file);
  return row && fileOf(row);
}

function fileOf({ day, file, state, change, stored, first_seq, end_seq }: FileRow): DueFile {
  const seqs: [number, number] | null = first_seq === null || end_seq === null ? null : [first_seq, end_seq];
  return { day, file, change, stored, isExpired: state === EXPIRED, seqs };
}

/** Returns whether additions wait to be written. */
export function waitsForMore(core: LedgerCore): boolean {
  return nextDue(core, { additions: true }) !== null;
}

/** Returns whether there may be a file that still says what the ledger has forgotten. */
export function owes(core: LedgerCore): boolean {
  return (
    core.first(
      `SELECT 1 FROM archive_files INDEXED BY archive_due WHERE stored = 1 AND state >= ${DUE} AND state > ${CURRENT} LIMIT 1`,
    ) !== null
  );
}

/** Notes that from now on there may be such a file, or that there is none. */
export function noteStored(core: LedgerCore, { day, file }: DueFile, stored: 0 | 1): void {
  core.sql.exec('UPDATE archive_files SET stored = ? WHERE day = ? AND file = ?', stored, day, file);
}

/** Notes that a file is as the ledger was at its `change`. */
export function noteWritten(core: LedgerCore, { day, file, change }: DueFile): void {
  core.sql.exec(
    `UPDATE archive_files SET state = ${CURRENT} WHERE day = ? AND file = ? AND change = ? AND state < ${EXPIRED}`,
    day,
    file,
    change,
  );
}

/** Forgets a file that is removed. */
export function forgetFile(core: LedgerCore, { day, file }: DueFile): void {
  core.sql.exec('DELETE FROM archive_files WHERE day = ? AND file = ?', day, file);
}

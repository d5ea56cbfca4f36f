import { type Alert, AlertType, DAY, type EpochMs, rfc3339 } from '@dialmark/shared';
import type { Finding } from './alert-findings.ts';

/** The last state of the alert that its receiver was sent. */
type AlertState = 'nothing' | 'firing' | 'resolved';

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  type: string;
  summary: string;
  measured: number;
  startedAt: number;
  resolvedAt: number | null;
  told: string;
  attempts: number;
  nextAt: number;
}

/** An alert whose message is due. */
export interface UnsentAlert {
  alert: Alert;
  state: 'firing' | 'resolved';
  attempts: number;
  nextAt: EpochMs;
}

const KEPT_MS = 30 * DAY;
const SHOWN = 100;

const COLUMNS = `SELECT id, type, summary, measured, started_at AS startedAt, resolved_at AS resolvedAt, told, attempts,
  next_at AS nextAt FROM alerts`;

/** A pool's alerts, each with a beginning and an end. Written only when one begins, ends or is sent. */
export class AlertLog {
  readonly #sql: SqlStorage;
  readonly #shard: () => number;
  #lasting: Set<AlertType> | null = null;

  constructor(sql: SqlStorage, shard: () => number) {
    this.#sql = sql;
    this.#shard = shard;
  }

  get lasting(): ReadonlySet<AlertType> {
    this.#lasting ??= new Set(
      this.#sql
        .exec<{ type: AlertType }>('SELECT type FROM alerts WHERE resolved_at IS NULL')
        .toArray()
        .map(({ type }) => type),
    );
    return this.#lasting;
  }

  /** Begins the episodes that are new and ends those that are over. True where anything changed. */
  note(findings: ReadonlyMap<AlertType, Finding>, now: EpochMs): boolean {
    const begun = [...findings].filter(([type]) => !this.lasting.has(type));
    const over = AlertType.options.filter((type) => this.lasting.has(type) && !findings.has(type));
    for (const [type, { summary, measured }] of begun) {
      const id = `al_${type.slice('alert.'.length)}_${now.toString(36)}_${this.#shard()}`;
      this.#sql.exec(
        `INSERT INTO alerts (id, type, summary, measured, started_at, told, attempts, next_at)
         VALUES (?, ?, ?, ?, ?, 'nothing', 0, ?)`,
        id,
        type,
        summary,
        measured,
        now,
        now,
      );
    }
    for (const type of over) {
      this.#sql.exec(
        'UPDATE alerts SET resolved_at = ?, attempts = 0, next_at = ? WHERE type = ? AND resolved_at IS NULL',
        now,
        now,
        type,
      );
      this.#sql.exec('DELETE FROM alerts WHERE resolved_at < ?', now - KEPT_MS);
    }
    if (begun.length + over.length > 0) this.#lasting = null;
    return begun.length + over.length > 0;
  }

  /** Returns the messages that are due. An alert resolved before it was sent is sent once, as resolved. */
  unsent(): UnsentAlert[] {
    return this.#sql
      .exec<Row>(
        `${COLUMNS} WHERE told <> CASE WHEN resolved_at IS NULL THEN 'firing' ELSE 'resolved' END ORDER BY started_at`,
      )
      .toArray()
      .map((row) => ({
        alert: present(row),
        state: row.resolvedAt === null ? 'firing' : 'resolved',
        attempts: row.attempts,
        nextAt: row.nextAt as EpochMs,
      }));
  }

  markSent(id: string, state: AlertState): void {
    this.#sql.exec('UPDATE alerts SET told = ?, attempts = 0 WHERE id = ?', state, id);
  }

  /** Postpones a message, unless the alert has changed meanwhile, which is sent at once. */
  postpone(id: string, attempts: number, nextAt: EpochMs): void {
    this.#sql.exec('UPDATE alerts SET attempts = ?, next_at = ? WHERE id = ?', attempts, nextAt, id);
  }

  /** Latest first. */
  list(): Alert[] {
    return this.#sql.exec<Row>(`${COLUMNS} ORDER BY started_at DESC LIMIT ${SHOWN}`).toArray().map(present);
  }

  /** After the pool's storage was emptied. */
  reset(): void {
    this.#lasting = null;
  }
}

function present({ id, type, summary, measured, startedAt, resolvedAt }: Row): Alert {
  return {
    id,
    type: type as AlertType,
    summary,
    measured,
    startedAt: rfc3339(startedAt as EpochMs),
    resolvedAt: rfc3339(resolvedAt as EpochMs | null),
  };
}

/**
 * The pool's SQLite schema, in versions applied once each. Never edit a version that has been released: append.
 *
 * Each row written is paid for, so a table of narrow rows whose key is text is WITHOUT ROWID, bindings have one index,
 * and the sequence numbers of bindings and sessions (time-ordered, see `binding-id.ts`) serve every question by time.
 */
const VERSIONS: readonly string[] = [
  `
  -- The configuration, and this object's place among the site's shards.
  CREATE TABLE site (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    config TEXT NOT NULL,
    layout TEXT NOT NULL,
    shard INTEGER NOT NULL
  );

  CREATE TABLE numbers (
    number TEXT PRIMARY KEY,
    target TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    match TEXT,
    status TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    -- The order in which numbers were added: of two rules alike the older is tried first.
    position INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE bindings (
    seq INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    target TEXT NOT NULL,
    kind TEXT NOT NULL,
    session TEXT NOT NULL,
    visitor TEXT,
    started_at INTEGER NOT NULL,
    last_active_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    tel_click_at INTEGER,
    -- A hash of the visitor's address under the salt of its day (address-salt.ts); counts new leases per address.
    address TEXT,
    -- 1 where the number had been idle for less than the cooldown.
    early INTEGER NOT NULL DEFAULT 0,
    reason TEXT
  );
  CREATE INDEX bindings_by_number ON bindings (number);

  -- Rows are wide, so they lie in the order they came (as the bindings), with a narrow index beside them: in a tree
  -- ordered by random ids each would cost pages read and written at random, the more the longer the log.
  CREATE TABLE sessions (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    visitor TEXT,
    started_at INTEGER NOT NULL,
    last_active_at INTEGER NOT NULL,
    landing_page TEXT,
    referrer TEXT,
    source TEXT NOT NULL,
    medium TEXT NOT NULL,
    campaign TEXT,
    term TEXT,
    content TEXT,
    channel TEXT NOT NULL,
    -- NULL: those that stand in the landing page (click-ids.ts).
    click_ids TEXT,
    pages INTEGER NOT NULL,
    -- JSON (page-views.ts); NULL: the landing page alone.
    views TEXT,
    device TEXT,
    country TEXT,
    tags TEXT,
    -- The session's bindings for each target, latest last: serves what an index by session would, without its writes.
    holds TEXT NOT NULL
  );
  CREATE INDEX sessions_by_visitor ON sessions (visitor) WHERE visitor IS NOT NULL;

  CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    carrier TEXT NOT NULL,
    caller TEXT,
    number TEXT NOT NULL,
    target TEXT,
    started_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    duration_seconds REAL,
    value REAL,
    first_time INTEGER NOT NULL,
    spam INTEGER NOT NULL DEFAULT 0,
    match TEXT NOT NULL,
    confidence REAL NOT NULL,
    binding INTEGER,
    session TEXT,
    visitor TEXT,
    candidates TEXT NOT NULL,
    details TEXT NOT NULL,
    told TEXT NOT NULL,
    -- What it taught of how visitors call.
    taught TEXT
  ) WITHOUT ROWID;
  CREATE INDEX calls_by_number ON calls (number, started_at);
  CREATE INDEX calls_by_caller ON calls (caller, started_at) WHERE caller IS NOT NULL;
  CREATE INDEX calls_by_session ON calls (session) WHERE session IS NOT NULL;

  -- Carriers' facts about calls, each once: a call's row is derived from all of its facts.
  CREATE TABLE call_events (
    call TEXT NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    fact TEXT NOT NULL,
    PRIMARY KEY (call, event)
  ) WITHOUT ROWID;

  -- Encrypted under the Worker's key, each carrier's alone.
  CREATE TABLE carrier_secrets (carrier TEXT PRIMARY KEY, sealed TEXT NOT NULL) WITHOUT ROWID;

  -- When each carrier last sent a webhook, and was last rejected: to the minute.
  CREATE TABLE carrier_sightings (
    carrier TEXT PRIMARY KEY,
    webhook_at INTEGER,
    refused_at INTEGER,
    refusal TEXT
  ) WITHOUT ROWID;

  -- What the site's calls have taught of how its visitors call, and up to when that was counted.
  CREATE TABLE habits (only INTEGER PRIMARY KEY CHECK (only = 1), habits TEXT NOT NULL, until INTEGER NOT NULL);

  -- Every script served under an immutable address.
  CREATE TABLE scripts (version TEXT PRIMARY KEY, script TEXT NOT NULL) WITHOUT ROWID;

  -- Signs of a pool too small, by hour (whole hours since the epoch): written only when there is one.
  CREATE TABLE pressure (
    hour INTEGER NOT NULL,
    target TEXT NOT NULL,
    -- Arrivals that found no free number, those of them that then shared one, and numbers given again too early.
    exhausted INTEGER NOT NULL,
    shared INTEGER NOT NULL,
    early INTEGER NOT NULL,
    PRIMARY KEY (hour, target)
  ) WITHOUT ROWID;

  -- What the pool counts, as one document; saved now and then.
  CREATE TABLE counters (only INTEGER PRIMARY KEY CHECK (only = 1), counts TEXT NOT NULL);

  -- Alerts with their start and end, and the state that the receiver was last sent.
  CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    summary TEXT NOT NULL,
    measured REAL NOT NULL,
    started_at INTEGER NOT NULL,
    resolved_at INTEGER,
    told TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- When somebody was erased: on a machine of one's own the file is rewritten then (tools/compact.ts).
  CREATE TABLE erasures (at INTEGER PRIMARY KEY);

  -- What the ledger has not confirmed yet: the keys of rows changed together, by a sequence number as bindings have.
  CREATE TABLE outbox (seq INTEGER PRIMARY KEY, changes TEXT NOT NULL);
  -- Changes that the ledger refused, each by itself: tried again every night.
  CREATE TABLE set_aside (change TEXT PRIMARY KEY) WITHOUT ROWID;

  -- Calls that changed since the conversions last read them.
  CREATE TABLE call_news (seq INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL);
  `,
  `
  -- What addresses are hashed under, for a day; then all zeros. One row of one size: it is written over in place.
  CREATE TABLE address_salt (only INTEGER PRIMARY KEY CHECK (only = 1), salt BLOB NOT NULL, made_at INTEGER NOT NULL);
  -- Of earlier versions, under a key that lasts: they can be turned back.
  UPDATE bindings SET address = NULL WHERE address IS NOT NULL;
  INSERT OR IGNORE INTO erasures (at) SELECT started_at FROM bindings LIMIT 1;
  -- Which request, by its \`Idempotency-Key\`, added a number: sent again, it does not bring back one retired since.
  ALTER TABLE numbers ADD COLUMN added_by TEXT;
  `,
  `
  -- When a script was first served, and whether a page asked for it by its version. Of earlier ones it is not known.
  ALTER TABLE scripts ADD COLUMN kept_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE scripts ADD COLUMN pinned INTEGER NOT NULL DEFAULT 1;
  `,
  `
  -- Which holds calls were attributed to: they are kept.
  CREATE INDEX calls_by_binding ON calls (binding) WHERE binding IS NOT NULL;
  `,
  `
  -- What calls to a source number count as: where it stands, and what it says beside that.
  ALTER TABLE numbers ADD COLUMN preset TEXT;
  ALTER TABLE numbers ADD COLUMN counts TEXT;
  -- What a call to a source number counted as when it came in.
  ALTER TABLE calls ADD COLUMN counted TEXT;
  -- Not counted: a call of the site's own phones, or of a simulator.
  ALTER TABLE calls ADD COLUMN test INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Forms that visitors sent.
  CREATE TABLE forms (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    session TEXT,
    visitor TEXT,
    -- JSON: id, name, action; and url, referrer, title of its page.
    form TEXT NOT NULL,
    page TEXT,
    email TEXT,
    phone TEXT,
    name TEXT,
    -- 1 if its sender was erased: later reports of it say nothing.
    erased INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE INDEX forms_by_time ON forms (at);
  `,
  `
  -- Calls of known people that came of no visit: for their journeys.
  CREATE INDEX calls_without_visit ON calls (visitor) WHERE visitor IS NOT NULL AND session IS NULL;
  `,
];

/** Brings the schema to the current version. Runs in the constructor, before any request. */
export function migrate(storage: DurableObjectStorage): void {
  storage.transactionSync(() => {
    const { sql } = storage;
    sql.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
    const [row] = sql.exec<{ version: number }>('SELECT max(version) AS version FROM schema_version').toArray();
    const current = row?.version ?? 0;
    VERSIONS.slice(current).forEach((statements, step) => {
      sql.exec(statements);
      sql.exec('INSERT INTO schema_version (version) VALUES (?)', current + step + 1);
    });
  });
}

/** Returns whether the pool has ever been written to, without writing anything (an unknown site must leave no trace). */
export function exists(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").toArray().length > 0;
}

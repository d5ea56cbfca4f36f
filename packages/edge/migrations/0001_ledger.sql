-- The ledger: what every list and report reads. Filled from the pools' outboxes, at least once, idempotently.
-- `rev` is the pool's outbox position: a row never goes back to an older state. Times are epoch milliseconds, UTC.

CREATE TABLE sessions (
  site TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
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
  click_ids TEXT NOT NULL,
  pages INTEGER NOT NULL,
  device TEXT,
  country TEXT,
  tags TEXT,
  -- What reports group by, worked out once. Day and hour are the site's own, as its time zone was when this came in.
  day TEXT NOT NULL,
  hour TEXT NOT NULL,
  landing_path TEXT,
  referrer_host TEXT,
  -- Of a split test: the landing page's dialmark_variant, else the tag of the name variant.
  variant TEXT,
  PRIMARY KEY (site, id)
) WITHOUT ROWID;
-- Holds all that a report may filter and group by (but the variant, which changes), so that one scan of it answers.
CREATE INDEX sessions_by_day ON sessions (site, day, channel, source, medium, campaign, term, content, landing_path,
  referrer_host, device, country, hour);
CREATE INDEX sessions_by_visitor ON sessions (site, visitor, started_at) WHERE visitor IS NOT NULL;

CREATE TABLE page_views (
  site TEXT NOT NULL,
  session TEXT NOT NULL,
  n INTEGER NOT NULL,
  url TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (site, session, n)
) WITHOUT ROWID;

CREATE TABLE bindings (
  site TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  number TEXT NOT NULL,
  target TEXT NOT NULL,
  kind TEXT NOT NULL,
  session TEXT NOT NULL,
  visitor TEXT,
  started_at INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tel_click_at INTEGER,
  day TEXT NOT NULL,
  PRIMARY KEY (site, id)
) WITHOUT ROWID;
CREATE INDEX bindings_by_start ON bindings (site, started_at, id);
CREATE INDEX bindings_by_number ON bindings (site, number, started_at);
CREATE INDEX bindings_by_session ON bindings (site, session, target, number, day);
CREATE INDEX bindings_by_visitor ON bindings (site, visitor, started_at) WHERE visitor IS NOT NULL;

CREATE TABLE calls (
  site TEXT NOT NULL,
  id TEXT NOT NULL,
  rev INTEGER NOT NULL,
  carrier TEXT NOT NULL,
  caller TEXT,
  number TEXT NOT NULL,
  target TEXT,
  started_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  duration_seconds REAL,
  value REAL,
  first_time INTEGER NOT NULL,
  spam INTEGER NOT NULL,
  match TEXT NOT NULL,
  confidence REAL NOT NULL,
  binding TEXT,
  session TEXT,
  visitor TEXT,
  candidates TEXT NOT NULL,
  -- JSON: ringSeconds, recordingUrl, attestation, forwardedFrom, spamScore, spamEvidence, tags, hint.
  details TEXT NOT NULL,
  PRIMARY KEY (site, id)
) WITHOUT ROWID;
CREATE INDEX calls_by_start ON calls (site, started_at, id);
CREATE INDEX calls_by_number ON calls (site, number, started_at);
CREATE INDEX calls_by_session ON calls (site, session) WHERE session IS NOT NULL;
CREATE INDEX calls_by_visitor ON calls (site, visitor, started_at) WHERE visitor IS NOT NULL;
CREATE INDEX calls_by_caller ON calls (site, caller, started_at) WHERE caller IS NOT NULL;

-- When somebody was erased: on a machine of one's own the file is rewritten then (scripts/compact.ts).
CREATE TABLE erasures (
  site TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (site, at)
) WITHOUT ROWID;

-- Conversions and webhooks out: where to, and every message with what became of it.

CREATE TABLE integrations (
  site TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  config TEXT NOT NULL,
  -- Encrypted with the Worker's key.
  secrets TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Since when nothing is sent there any more, and why; both null while it works.
  disabled_at INTEGER,
  disabled_because TEXT,
  PRIMARY KEY (site, id)
) WITHOUT ROWID;

CREATE TABLE deliveries (
  site TEXT NOT NULL,
  -- A hash of site, integration, call, event and revision: the same message has the same id, whoever plans it.
  id TEXT NOT NULL,
  integration TEXT NOT NULL,
  call TEXT NOT NULL,
  event TEXT NOT NULL,
  revision INTEGER NOT NULL,
  -- How far the pool's log of call news had come when the call was read: of two readings the later has the higher.
  position INTEGER NOT NULL,
  -- What of the call a destination would notice, hashed.
  digest TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- What is sent, until it is too old to keep.
  payload TEXT,
  -- Of a destination that answers later: what to ask it by.
  receipt TEXT,
  response_status INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  -- While somebody is sending it.
  claimed_until INTEGER NOT NULL DEFAULT 0,
  delivered_at INTEGER,
  PRIMARY KEY (site, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX deliveries_once ON deliveries (site, call, integration, event, revision);
CREATE INDEX deliveries_by_time ON deliveries (site, created_at, id);
CREATE INDEX deliveries_waiting ON deliveries (next_at) WHERE state = 'pending';
CREATE INDEX deliveries_with_payload ON deliveries (created_at) WHERE payload IS NOT NULL;

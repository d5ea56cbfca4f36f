import { VIEWS } from './views.ts';

/**
 * A site ledger's SQLite schema, in versions applied once each. Never edit a version that has been released: append.
 *
 * Space and rows written are what growth costs, so a visit is one row: texts that repeat are numbered (`words`), times
 * are differences from the moment that is in the key, and its page views are a list in the row. What people read by SQL
 * are the views at the end, with texts and moments in place of numbers.
 */
const VERSIONS: readonly string[] = [
  `
  -- The site's settings that the ledger works by, as its pool said them last.
  CREATE TABLE site (only INTEGER PRIMARY KEY CHECK (only = 1), rules TEXT NOT NULL);

  -- Texts that many rows share. 0 is what reports show where something is missing.
  CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  INSERT INTO words (id, text) VALUES (0, '(none)');

  CREATE TABLE visit (
    -- The pool's (pool/leases/binding-id.ts): ascends with time, so that rows are appended.
    seq INTEGER PRIMARY KEY,
    -- The outbox position: a row never goes back to an older state.
    rev INTEGER NOT NULL,
    -- The site's own, as its time zone was when the visit came in: days since 1970, and hours of the day.
    day INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    source INTEGER NOT NULL,
    medium INTEGER NOT NULL,
    campaign INTEGER,
    term INTEGER,
    content INTEGER,
    landing_path INTEGER,
    referrer_host INTEGER,
    device INTEGER,
    country INTEGER,
    variant INTEGER,
    pages INTEGER NOT NULL,
    -- Milliseconds from the moment in seq to the beginning (0, but for clocks set back), and from there to the end.
    late INTEGER NOT NULL,
    active_for INTEGER NOT NULL,
    visitor TEXT,
    id TEXT NOT NULL,
    landing_page TEXT,
    -- The number of a word where it is no more than an origin, as most are; else the address itself.
    referrer INTEGER,
    -- NULL: those that stand in the landing page.
    click_ids TEXT,
    tags TEXT,
    -- JSON (pool/store/page-views.ts); NULL: the landing page alone.
    views TEXT
  );
  CREATE UNIQUE INDEX visit_by_id ON visit (id);
  CREATE INDEX visit_by_visitor ON visit (visitor) WHERE visitor IS NOT NULL;
  -- Holds all that a report may filter and group by (but the variant, which changes), so that one scan of it answers.
  CREATE INDEX visit_by_day ON visit (day, channel, source, medium, campaign, term, content, landing_path, referrer_host,
    device, country, hour);

  CREATE TABLE hold (
    seq INTEGER PRIMARY KEY,
    rev INTEGER NOT NULL,
    -- The seq of its visit; of one that has not come yet, the id.
    visit INTEGER,
    session TEXT,
    number INTEGER NOT NULL,
    target INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    -- Milliseconds: from the moment in seq to the beginning, and from there to the last activity, the end and the tap.
    late INTEGER NOT NULL,
    active_for INTEGER NOT NULL,
    lasts_for INTEGER NOT NULL,
    tapped_after INTEGER
  );
  CREATE INDEX hold_by_visit ON hold (visit);
  CREATE INDEX hold_by_session ON hold (session) WHERE session IS NOT NULL;
  CREATE INDEX hold_by_number ON hold (number);

  CREATE TABLE call (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    rev INTEGER NOT NULL,
    day INTEGER NOT NULL,
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
    -- JSON (write/origin.ts): its visit and binding as lists show them, so that a list of calls joins nothing.
    origin TEXT
  );
  CREATE INDEX call_by_start ON call (started_at, id);
  CREATE INDEX call_by_number ON call (number, started_at, id);
  CREATE INDEX call_by_session ON call (session) WHERE session IS NOT NULL;
  CREATE INDEX call_by_visitor ON call (visitor, started_at, id) WHERE visitor IS NOT NULL;
  CREATE INDEX call_by_caller ON call (caller, started_at, id) WHERE caller IS NOT NULL;

  -- The touches that led to a call, oldest first, with what each model gives them and what a report counts of the call.
  -- Written as a whole whenever the call changes; a call that belongs to no visit has one row, '(unattributed)'.
  -- Clustered by day: a report is one scan of the days it covers. What every report reads stands first: SQLite reads a
  -- row only as far as it must.
  CREATE TABLE touch (
    day INTEGER NOT NULL,
    call INTEGER NOT NULL,
    position INTEGER NOT NULL,
    -- Each model's credits of one call add up to 1.
    credit_first REAL NOT NULL,
    credit_last REAL NOT NULL,
    credit_last_non_direct REAL NOT NULL,
    credit_linear REAL NOT NULL,
    credit_time_decay REAL NOT NULL,
    credit_position_based REAL NOT NULL,
    credit_data_driven REAL NOT NULL,
    -- The call.
    status TEXT NOT NULL,
    duration_seconds REAL,
    value REAL,
    first_time INTEGER NOT NULL,
    spam INTEGER NOT NULL,
    -- When the visit began, as visits are counted; null without one.
    visit_day INTEGER,
    visit_hour INTEGER,
    -- The touch.
    channel INTEGER NOT NULL,
    source INTEGER NOT NULL,
    medium INTEGER NOT NULL,
    campaign INTEGER,
    term INTEGER,
    content INTEGER,
    landing_path INTEGER,
    referrer_host INTEGER,
    device INTEGER,
    country INTEGER,
    variant INTEGER,
    -- The rest of both.
    target INTEGER,
    number INTEGER,
    hour INTEGER NOT NULL,
    called_at INTEGER NOT NULL,
    visit INTEGER,
    at INTEGER NOT NULL,
    direct INTEGER NOT NULL,
    PRIMARY KEY (day, call, position)
  ) WITHOUT ROWID;
  CREATE INDEX touch_by_visit ON touch (visit) WHERE visit IS NOT NULL;

  -- Visits by one dimension, of days (since 1970) and months (202611) that are over: written at night, for the periods
  -- that are in \`summed\`; a visit that comes late or is erased is added or taken out in the same transaction.
  CREATE TABLE sums (
    dimension INTEGER NOT NULL,
    period INTEGER NOT NULL,
    key INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    PRIMARY KEY (dimension, period, key)
  ) WITHOUT ROWID;
  CREATE TABLE summed (period INTEGER PRIMARY KEY);

  -- Days of which the overview is still to be told what they add up to.
  CREATE TABLE changed_days (day INTEGER PRIMARY KEY, change INTEGER NOT NULL);

  -- Visits of a month by two facts at once, of busy months: exact for what \`summed_pairs\` names, nothing without.
  CREATE TABLE pairs (
    month INTEGER NOT NULL,
    filter INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    dimension INTEGER NOT NULL,
    key INTEGER NOT NULL,
    visits INTEGER NOT NULL,
    PRIMARY KEY (month, filter, kept, dimension, key)
  ) WITHOUT ROWID;
  CREATE TABLE summed_pairs (month INTEGER NOT NULL, filter INTEGER NOT NULL, PRIMARY KEY (month, filter)) WITHOUT ROWID;

  -- Which visitors said to be the same user, by tag({ userId }).
  CREATE TABLE visitor_users (
    user_id TEXT NOT NULL,
    visitor TEXT NOT NULL,
    PRIMARY KEY (user_id, visitor)
  ) WITHOUT ROWID;
  CREATE INDEX visitor_users_by_visitor ON visitor_users (visitor);

  -- How much each channel matters (Markov removal effect), from the site's own journeys; learned at night.
  CREATE TABLE channel_weights (
    channel TEXT PRIMARY KEY,
    weight REAL NOT NULL,
    computed_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- What ads cost; '' where a row does not say. One row a day and combination: a later one replaces it.
  CREATE TABLE costs (
    day TEXT NOT NULL,
    source TEXT NOT NULL,
    medium TEXT NOT NULL,
    campaign TEXT NOT NULL,
    term TEXT NOT NULL,
    channel TEXT NOT NULL,
    cost REAL NOT NULL,
    PRIMARY KEY (day, source, medium, campaign, term)
  ) WITHOUT ROWID;

  -- When somebody was erased: on a machine of one's own the file is rewritten then (tools/compact.ts).
  CREATE TABLE erasures (at INTEGER PRIMARY KEY);

  -- Where calls are told to. Their secrets are encrypted and stand beside the tables, where no SQL reaches.
  CREATE TABLE integrations (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    config TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- Since when nothing is sent there any more, and why; both null while it works.
    disabled_at INTEGER,
    disabled_because TEXT
  ) WITHOUT ROWID;

  -- Every message with what became of it.
  CREATE TABLE deliveries (
    -- A hash of site, integration, call, event and revision: the same message has the same id, whoever plans it.
    id TEXT PRIMARY KEY,
    integration TEXT NOT NULL,
    call TEXT NOT NULL,
    event TEXT NOT NULL,
    revision INTEGER NOT NULL,
    -- How far the pool's log of changed calls had come when the call was read: of two readings the later has the higher.
    position INTEGER NOT NULL,
    -- A hash of the fields that a destination would notice a change of.
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
    delivered_at INTEGER
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX deliveries_once ON deliveries (call, integration, event, revision);
  CREATE INDEX deliveries_by_time ON deliveries (created_at, id);
  CREATE INDEX deliveries_waiting ON deliveries (next_at) WHERE state = 'pending';
  CREATE INDEX deliveries_with_payload ON deliveries (created_at) WHERE payload IS NOT NULL;
  `,
  `
  -- JSON: what a call to a source number counts as (pool/store/rows.ts); NULL for other calls.
  ALTER TABLE call ADD COLUMN counted TEXT;
  -- What lists filter by. Of earlier calls it is their visit's.
  UPDATE call SET origin = json_set(origin, '$.touch', iif(origin ->> '$.session' IS NULL, NULL, json_object(
    'source', origin ->> '$.session.source', 'medium', origin ->> '$.session.medium',
    'campaign', origin ->> '$.session.campaign', 'term', origin ->> '$.session.term',
    'content', origin ->> '$.session.content', 'channel', origin ->> '$.session.channel',
    'number', NULL, 'numberName', NULL, 'landingPath', origin ->> '$.session.landingPath')))
  WHERE origin IS NOT NULL;
  `,
  `
  -- Forms that visitors sent.
  CREATE TABLE form (
    id TEXT PRIMARY KEY,
    rev INTEGER NOT NULL,
    day INTEGER NOT NULL,
    at INTEGER NOT NULL,
    session TEXT,
    visitor TEXT,
    -- JSON: id, name, action; and url, referrer, title of its page.
    form TEXT NOT NULL,
    page TEXT,
    -- In lower case.
    email TEXT,
    phone TEXT,
    name TEXT,
    erased INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX form_by_time ON form (at, id);
  CREATE INDEX form_by_session ON form (session) WHERE session IS NOT NULL;
  CREATE INDEX form_by_visitor ON form (visitor, at, id) WHERE visitor IS NOT NULL;
  CREATE INDEX form_by_email ON form (email) WHERE email IS NOT NULL;
  CREATE INDEX form_by_phone ON form (phone) WHERE phone IS NOT NULL;
  `,
  `
  -- The lead a message is about; '' for one about a call. Its call is then the one that the lead began with, or ''.
  ALTER TABLE deliveries ADD COLUMN lead TEXT NOT NULL DEFAULT '';
  -- What the conversion was worth when it was planned.
  ALTER TABLE deliveries ADD COLUMN value REAL;
  -- Why it failed, for programs.
  ALTER TABLE deliveries ADD COLUMN code TEXT;
  DROP INDEX deliveries_once;
  CREATE UNIQUE INDEX deliveries_once ON deliveries (call, integration, event, revision, lead);
  CREATE INDEX deliveries_by_lead ON deliveries (lead) WHERE lead <> '';
  -- The last time that nothing was sent there, because it was paused or disabled: until then, or null if that lasts.
  ALTER TABLE integrations ADD COLUMN off_from INTEGER;
  ALTER TABLE integrations ADD COLUMN off_until INTEGER;
  `,
  `
  -- Not counted: a call of the site's own phones, or of a simulator.
  ALTER TABLE call ADD COLUMN test INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Calls and forms of people who can be found again, as leads know them (leads/contact.ts): they stay as long as the lead.
  CREATE TABLE contact (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    phone TEXT,
    email TEXT,
    -- An address that a person added to its lead.
    given TEXT,
    name TEXT,
    visitor TEXT,
    makes INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    qualifies INTEGER NOT NULL,
    -- The id of the lead that began with it, once there was one.
    anchor TEXT,
    -- The lead it is a contact of.
    lead INTEGER,
    erased INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX contact_by_anchor ON contact (anchor) WHERE anchor IS NOT NULL;
  CREATE INDEX contact_by_lead ON contact (lead, at) WHERE lead IS NOT NULL;
  CREATE INDEX contact_by_time ON contact (at, kind, id);
  -- By what each is found (leads/person.ts).
  CREATE TABLE contact_key (
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (key, kind, id)
  ) WITHOUT ROWID;
  CREATE INDEX contact_key_by_contact ON contact_key (kind, id);

  -- Worked out from contacts, what people wrote and outcomes (leads/leads-of.ts).
  CREATE TABLE lead (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    day INTEGER NOT NULL,
    first_kind TEXT NOT NULL,
    first_id TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    forms INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    phone TEXT,
    email TEXT,
    name TEXT,
    note TEXT,
    visitor TEXT,
    assignee TEXT,
    reviewed INTEGER NOT NULL,
    stage TEXT NOT NULL,
    value REAL,
    -- JSON: stage, at, by.
    stages TEXT NOT NULL,
    qualified INTEGER NOT NULL,
    -- Of two changes of leads the later has the higher: whoever tells of them keeps how far it has come.
    changed INTEGER NOT NULL
  );
  CREATE INDEX lead_by_first ON lead (first_at, id);
  CREATE INDEX lead_by_last ON lead (last_at);
  CREATE UNIQUE INDEX lead_by_change ON lead (changed);
  CREATE INDEX lead_by_first_contact ON lead (first_kind, first_id);

  -- What people wrote of a lead, by the contact that gave it its id. JSON: name, email, note, stage, value, assignee, reviewed.
  CREATE TABLE lead_said (
    n INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    said TEXT NOT NULL
  );
  CREATE INDEX lead_said_by_contact ON lead_said (kind, id);

  -- Outcomes that were uploaded. Those that fit no lead wait for one.
  CREATE TABLE outcome (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    stage TEXT NOT NULL,
    value REAL,
    phone TEXT,
    email TEXT,
    -- The lead or the call that it names, such as "call CA1".
    names TEXT,
    -- The lead it is about.
    lead INTEGER,
    came_at INTEGER NOT NULL,
    was_matched INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE INDEX outcome_by_phone ON outcome (phone) WHERE phone IS NOT NULL;
  CREATE INDEX outcome_by_email ON outcome (email) WHERE email IS NOT NULL;
  CREATE INDEX outcome_by_name ON outcome (names) WHERE names IS NOT NULL;
  CREATE INDEX outcome_by_lead ON outcome (lead) WHERE lead IS NOT NULL;
  CREATE INDEX outcome_waiting ON outcome (came_at) WHERE lead IS NULL;

  -- The touches that led to a lead's first contact, as those of calls, with what reports count of the lead.
  CREATE TABLE lead_touch (
    day INTEGER NOT NULL,
    lead INTEGER NOT NULL,
    position INTEGER NOT NULL,
    credit_first REAL NOT NULL,
    credit_last REAL NOT NULL,
    credit_last_non_direct REAL NOT NULL,
    credit_linear REAL NOT NULL,
    credit_time_decay REAL NOT NULL,
    credit_position_based REAL NOT NULL,
    credit_data_driven REAL NOT NULL,
    qualified INTEGER NOT NULL,
    won INTEGER NOT NULL,
    value REAL,
    channel INTEGER NOT NULL,
    source INTEGER NOT NULL,
    medium INTEGER NOT NULL,
    campaign INTEGER,
    term INTEGER,
    content INTEGER,
    landing_path INTEGER,
    referrer_host INTEGER,
    device INTEGER,
    country INTEGER,
    variant INTEGER,
    target INTEGER,
    number INTEGER,
    hour INTEGER NOT NULL,
    visit INTEGER,
    PRIMARY KEY (day, lead, position)
  ) WITHOUT ROWID;
  CREATE INDEX lead_touch_by_visit ON lead_touch (visit) WHERE visit IS NOT NULL;
  `,
];

/** Brings the schema to the current version, in one transaction. The views are made anew: they hold nothing. */
export function migrate(storage: DurableObjectStorage): void {
  storage.transactionSync(() => {
    const { sql } = storage;
    sql.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
    const [row] = sql.exec<{ version: number | null }>('SELECT max(version) AS version FROM schema_version').toArray();
    const current = row?.version ?? 0;
    if (current === VERSIONS.length) return;
    VERSIONS.slice(current).forEach((statements, step) => {
      sql.exec(statements);
      sql.exec('INSERT INTO schema_version (version) VALUES (?)', current + step + 1);
    });
    for (const [name, query] of Object.entries(VIEWS)) {
      sql.exec(`DROP VIEW IF EXISTS ${name}`);
      sql.exec(`CREATE VIEW ${name} AS ${query}`);
    }
  });
}

/** Returns whether the ledger was ever written to, without writing anything: an unknown site must leave no trace. */
export function exists(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").toArray().length > 0;
}

-- What reports read: journeys with their credits, counts of visits, costs.

-- The touches that led to a call, oldest first, with what each model gives them and what a report counts of the call.
-- Written as a whole whenever the call changes; a call that belongs to no visit has one row, '(unattributed)'.
-- Clustered by day: a report is one scan of the days it covers. What every report reads stands first: SQLite reads a row
-- only as far as it must.
CREATE TABLE call_touches (
  site TEXT NOT NULL,
  day TEXT NOT NULL,
  call TEXT NOT NULL,
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
  visit_day TEXT,
  visit_hour TEXT,
  -- The touch.
  channel TEXT NOT NULL,
  source TEXT NOT NULL,
  medium TEXT NOT NULL,
  campaign TEXT,
  term TEXT,
  content TEXT,
  landing_path TEXT,
  referrer_host TEXT,
  device TEXT,
  country TEXT,
  variant TEXT,
  -- The rest of both.
  target TEXT,
  number TEXT NOT NULL,
  hour TEXT NOT NULL,
  called_at INTEGER NOT NULL,
  session TEXT,
  at INTEGER NOT NULL,
  direct INTEGER NOT NULL,
  PRIMARY KEY (site, day, call, position)
) WITHOUT ROWID;
CREATE INDEX call_touches_by_call ON call_touches (site, call);

-- Which visitors said to be the same user, by tag({ userId }).
CREATE TABLE visitor_users (
  site TEXT NOT NULL,
  user_id TEXT NOT NULL,
  visitor TEXT NOT NULL,
  PRIMARY KEY (site, user_id, visitor)
) WITHOUT ROWID;
CREATE INDEX visitor_users_by_visitor ON visitor_users (site, visitor);

-- Visits for each dimension by itself, by day ('2026-11-24') and by month ('m2026-11'): counted in the transaction that
-- first writes the visit, so that a report over a year reads thousands of rows instead of millions.
CREATE TABLE visit_counts (
  site TEXT NOT NULL,
  dimension TEXT NOT NULL,
  period TEXT NOT NULL,
  key TEXT NOT NULL,
  visits INTEGER NOT NULL,
  PRIMARY KEY (site, dimension, period, key)
) WITHOUT ROWID;

-- Visits of a month by two facts at once, of months that are over and had many: '2026-11', 'channel', 'Paid Search',
-- 'landing_page', '/roof'. Exact for the months and filters that summed_months names, and nothing without.
CREATE TABLE visit_pairs (
  site TEXT NOT NULL,
  month TEXT NOT NULL,
  filter TEXT NOT NULL,
  kept TEXT NOT NULL,
  dimension TEXT NOT NULL,
  key TEXT NOT NULL,
  visits INTEGER NOT NULL,
  PRIMARY KEY (site, month, filter, kept, dimension, key)
) WITHOUT ROWID;
CREATE TABLE summed_months (
  site TEXT NOT NULL,
  month TEXT NOT NULL,
  filter TEXT NOT NULL,
  PRIMARY KEY (site, month, filter)
) WITHOUT ROWID;

-- How much each channel matters (Markov removal effect), from the site's own journeys; the scheduled job's.
CREATE TABLE channel_weights (
  site TEXT NOT NULL,
  channel TEXT NOT NULL,
  weight REAL NOT NULL,
  computed_at INTEGER NOT NULL,
  PRIMARY KEY (site, channel)
) WITHOUT ROWID;

-- What ads cost; '' where a row does not say. One row a day and combination: a later one replaces it.
CREATE TABLE costs (
  site TEXT NOT NULL,
  day TEXT NOT NULL,
  source TEXT NOT NULL,
  medium TEXT NOT NULL,
  campaign TEXT NOT NULL,
  term TEXT NOT NULL,
  channel TEXT NOT NULL,
  cost REAL NOT NULL,
  PRIMARY KEY (site, day, source, medium, campaign, term)
) WITHOUT ROWID;

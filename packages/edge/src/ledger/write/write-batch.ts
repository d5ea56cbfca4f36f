import { DAY, type EpochMs } from '@dialmark/shared';
import { momentOf } from '../../pool/leases/binding-id.ts';
import { clickIdsToKeep } from '../../pool/store/click-ids.ts';
import type { LedgerCore } from '../core.ts';
import { dayAt } from '../days.ts';
import { erase } from '../forget/erase.ts';
import type { LedgerBatch, LedgerBinding, LedgerCall, LedgerSession } from './batch.ts';
import { writeForm } from './forms.ts';
import { writeJourneys } from './journeys.ts';
import { countShown, countVisit } from './sums.ts';
import { taggedUser, visitFacts } from './visit-facts.ts';
import { writeLeads } from './write-leads.ts';

/**
 * Writes a batch: all of it or nothing. May run twice, late, and in any order with others of the site's shards: a row
 * that is there in a newer state stays as it is.
 */
export function writeBatch(core: LedgerCore, batch: LedgerBatch): void {
  core.change(() => {
    const { rev, rules, sessions, bindings, calls, forms = [], deleted = [], erasures } = batch;
    core.keepRules(rules);
    erase(core, erasures);
    const changed: number[] = [];
    for (const session of sessions) changed.push(...writeVisit(core, rev, session, rules.timeZone));
    for (const binding of bindings) changed.push(...writeHold(core, rev, binding));
    const earlier = callsAfter(core, calls);
    for (const call of calls) writeCall(core, rev, call, rules.timeZone);
    for (const form of forms) writeForm(core, rev, form, rules.timeZone);
    for (const id of deleted) deleteCall(core, id);
    const touched = changed.length > 0 ? callsOfVisits(core, changed) : [];
    const journeys = [...new Set([...calls.map(({ id }) => id), ...touched, ...earlier, ...callsAfter(core, calls)])];
    writeJourneys(core, journeys);
    writeLeads(core, batch, journeys);
  });
}

// Visits

interface KnownVisit {
  seq: number;
  rev: number;
  visitor: string | null;
  variant: number | null;
  pages: number;
  activeFor: number;
  tags: string | null;
  views: string | null;
}

const KNOWN_VISIT = `SELECT seq, rev, visitor, variant, pages, active_for AS activeFor, tags, views FROM visit WHERE id = ?`;

const INSERT_VISIT = `
  INSERT INTO visit (seq, rev, day, hour, channel, source, medium, campaign, term, content, landing_path, referrer_host,
    device, country, variant, pages, late, active_for, visitor, id, landing_page, referrer, click_ids, tags, views)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** @returns the visit's sequence number where it was there and has changed */
function writeVisit(core: LedgerCore, rev: number, session: LedgerSession, timeZone: string): number[] {
  const { words } = core;
  const facts = visitFacts(session, timeZone);
  const tags = session.tags === null ? null : JSON.stringify(session.tags);
  const { views } = session;
  const variant = words.idOf(facts.variant);
  const activeFor = session.lastActiveAt - session.startedAt;
  noteUser(core, session);
  // Found by id: a visit that was imported, or returned after it was deleted, has a different sequence number.
  const known = core.first<KnownVisit>(KNOWN_VISIT, session.id);
  if (known) {
    if (known.rev > rev) return [];
    const { visitor, pages } = session;
    const same = known.pages === pages && known.activeFor === activeFor && known.tags === tags && known.views === views;
    if (known.visitor !== visitor || known.variant !== variant) {
      core.sql.exec('UPDATE visit SET visitor = ?, variant = ? WHERE seq = ?', visitor, variant, known.seq);
    } else if (same && known.rev === rev) return [];
    core.sql.exec(
      'UPDATE visit SET rev = ?, pages = ?, active_for = ?, tags = ?, views = ? WHERE seq = ?',
      rev,
      pages,
      activeFor,
      tags,
      views,
      known.seq,
    );
    return [known.seq];
  }
  const seq = freeSeq(core, session.seq);
  const row = {
    channel: words.idOf(session.channel),
    source: words.idOf(session.source),
    medium: words.idOf(session.medium),
    campaign: words.idOf(session.campaign),
    term: words.idOf(session.term),
    content: words.idOf(session.content),
    landing_path: words.idOf(facts.landingPath),
    referrer_host: words.idOf(facts.referrerHost),
    device: words.idOf(session.device),
    country: words.idOf(session.country),
  };
  core.sql.exec(
    INSERT_VISIT,
    seq,
    rev,
    facts.day,
    facts.hour,
    ...Object.values(row),
    variant,
    session.pages,
    session.startedAt - momentOf(seq),
    activeFor,
    session.visitor,
    session.id,
    session.landingPage,
    isOrigin(session.referrer) ? words.idOf(session.referrer) : session.referrer,
    clickIdsToKeep(session.clickIds, session.landingPage),
    tags,
    views,
  );
  countVisit(core, { day: facts.day, hour: facts.hour, ...row }, 1);
  return claimHolds(core, seq, session.id);
}

/** Returns whether a referrer says no more than whose page it was: only such texts are shared, and outlive a visit. */
function isOrigin(referrer: string | null): boolean {
  return referrer !== null && /^[a-z]+:\/\/[^/?#]+\/?$/i.test(referrer);
}

/** Sequence numbers are unique across a site's shards; what was imported may have taken one. */
function freeSeq(core: LedgerCore, wanted: number): number {
  let seq = wanted;
  while (core.first('SELECT 1 FROM visit WHERE seq = ?', seq)) seq++;
  return seq;
}

/** Returns a visit the holds that came before it. */
function claimHolds(core: LedgerCore, visit: number, session: string): number[] {
  const early = core.all<{ seq: number; target: number; number: number }>(
    'SELECT seq, target, number FROM hold WHERE session = ?',
    session,
  );
  for (const { seq, target, number } of early) {
    countShown(core, visit, { target, number }, 1);
    core.sql.exec('UPDATE hold SET visit = ?, session = NULL WHERE seq = ?', visit, seq);
  }
  return [];
}

function noteUser(core: LedgerCore, { visitor, tags }: LedgerSession): void {
  const user = taggedUser(tags);
  if (user === null || visitor === null) return;
  core.sql.exec('INSERT OR IGNORE INTO visitor_users (user_id, visitor) VALUES (?, ?)', user, visitor);
}

// Holds

interface KnownHold {
  rev: number;
  visit: number | null;
  kind: number;
  activeFor: number;
  lastsFor: number;
  tappedAfter: number | null;
}

const KNOWN_HOLD = `
  SELECT rev, visit, kind, active_for AS activeFor, lasts_for AS lastsFor, tapped_after AS tappedAfter
  FROM hold WHERE seq = ?`;

/** @returns its visit where it was there and has changed */
function writeHold(core: LedgerCore, rev: number, binding: LedgerBinding): number[] {
  const { words } = core;
  const { seq, startedAt } = binding;
  const kind = words.idOf(binding.kind);
  const activeFor = binding.lastActiveAt - startedAt;
  const lastsFor = binding.expiresAt - startedAt;
  const tappedAfter = binding.telClickAt === null ? null : binding.telClickAt - startedAt;
  const known = core.first<KnownHold>(KNOWN_HOLD, seq);
  if (known) {
    const same =
      known.kind === kind &&
      known.activeFor === activeFor &&
      known.lastsFor === lastsFor &&
      known.tappedAfter === tappedAfter;
    if (known.rev > rev || (same && known.rev === rev)) return [];
    core.sql.exec(
      'UPDATE hold SET rev = ?, kind = ?, active_for = ?, lasts_for = ?, tapped_after = ? WHERE seq = ?',
      rev,
      kind,
      activeFor,
      lastsFor,
      tappedAfter,
      seq,
    );
    return known.visit === null ? [] : [known.visit];
  }
  const visit = core.first<{ seq: number }>('SELECT seq FROM visit WHERE id = ?', binding.session)?.seq ?? null;
  const shown = { target: words.idOf(binding.target), number: words.idOf(binding.number) };
  if (visit !== null) countShown(core, visit, shown, 1);
  core.sql.exec(
    `INSERT INTO hold (seq, rev, visit, session, number, target, kind, late, active_for, lasts_for, tapped_after)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    seq,
    rev,
    visit,
    visit === null ? binding.session : null,
    shown.number,
    shown.target,
    kind,
    startedAt - momentOf(seq),
    activeFor,
    lastsFor,
    tappedAfter,
  );
  return [];
}

// Calls

const CALL_COLUMNS = [
  'rev',
  'day',
  'carrier',
  'caller',
  'number',
  'target',
  'started_at',
  'status',
  'duration_seconds',
  'value',
  'first_time',
  'spam',
  'test',
  'match',
  'confidence',
  'binding',
  'session',
  'visitor',
  'candidates',
  'counted',
  'details',
] as const;
const UPSERT_CALL = `
  INSERT INTO call (id, ${CALL_COLUMNS.join(', ')}) VALUES (?, ${CALL_COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${CALL_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}
  WHERE excluded.rev >= call.rev`;

function writeCall(core: LedgerCore, rev: number, call: LedgerCall, timeZone: string): void {
  const known = core.first<{ n: number; rev: number; day: number }>(
    'SELECT n, rev, day FROM call WHERE id = ?',
    call.id,
  );
  if (known && known.rev > rev) return;
  // Its touches stand by its day, which is another where the carrier told of it late or the site has moved.
  const day = dayAt(call.startedAt as EpochMs, timeZone);
  if (known && known.day !== day) {
    core.dayChanged(known.day);
    core.sql.exec('DELETE FROM touch WHERE day = ? AND call = ?', known.day, known.n);
  }
  core.sql.exec(
    UPSERT_CALL,
    call.id,
    rev,
    day,
    call.carrier,
    call.caller,
    call.number,
    call.target,
    call.startedAt,
    call.status,
    call.durationSeconds,
    call.value,
    call.firstTime ? 1 : 0,
    call.spam ? 1 : 0,
    call.test ? 1 : 0,
    call.match,
    call.confidence,
    call.binding,
    call.session,
    call.visitor,
    JSON.stringify(call.candidates),
    call.counted && JSON.stringify(call.counted),
    JSON.stringify(call.details),
  );
}

/**
 * Later calls of the same people, whose journeys have a call to a source number as a touch: asked before such a call is
 * written and after, because it may be another's by then.
 */
function callsAfter(core: LedgerCore, calls: readonly LedgerCall[]): string[] {
  const lookback = (core.rules?.lookbackDays ?? 0) * DAY;
  return calls
    .filter(({ counted }) => counted !== null)
    .flatMap(({ id, startedAt }) => core.all<{ id: string }>(CALLS_AFTER, id, startedAt, lookback))
    .map(({ id }) => id);
}

/** ?1 call, ?2 when it came in, ?3 lookback in ms. */
const CALLS_AFTER = `
  SELECT later.id FROM call own CROSS JOIN call later INDEXED BY call_by_caller
    ON later.caller = own.caller AND later.started_at BETWEEN min(?2, own.started_at) AND max(?2, own.started_at) + ?3
  WHERE own.id = ?1 AND later.id <> ?1
  UNION
  SELECT later.id FROM call own CROSS JOIN call later INDEXED BY call_by_visitor
    ON later.visitor = own.visitor AND later.started_at BETWEEN min(?2, own.started_at) AND max(?2, own.started_at) + ?3
  WHERE own.id = ?1 AND later.id <> ?1`;

/** Deletes a test call: it has no touches, and nobody was told. */
function deleteCall(core: LedgerCore, id: string): void {
  core.sql.exec('DELETE FROM call WHERE id = ? AND test = 1', id);
}

/** Calls that came of visits that have changed since: a tag may give one its value, a later page its place in a list. */
function callsOfVisits(core: LedgerCore, visits: readonly number[]): string[] {
  return core
    .all<{ id: string }>(
      `SELECT c.id FROM json_each(?) changed CROSS JOIN visit v ON v.seq = changed.value
       CROSS JOIN call c INDEXED BY call_by_session ON c.session = v.id`,
      JSON.stringify([...new Set(visits)]),
    )
    .map(({ id }) => id);
}

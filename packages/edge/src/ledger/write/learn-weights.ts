import { DAY, type EpochMs, type PathCounts, removalEffects } from '@dialmark/shared';
import type { LedgerCore } from '../core.ts';
import { dayAt } from '../days.ts';

/** Weights that moved less than this change no report that anybody reads; each rewritten touch is paid for. */
const WORTH_WRITING = 0.01;

/** ?1 first day, ?2 last. The ways that led to a call, as JSON arrays of channels in order, of the calls of some days. */
const CONVERTED = `
  SELECT channels, count(*) AS times FROM (
    SELECT json_group_array(channel ORDER BY position) AS channels
    FROM touch WHERE day BETWEEN ?1 AND ?2 AND spam = 0
      AND channel IS NOT (SELECT id FROM words WHERE text = '(unattributed)') GROUP BY day, call
  ) GROUP BY channels`;
/** ?1 first day, ?2 last. The ways of visitors who did not call, of whom the latest visit is of one of these days. */
const OTHERS = `
  SELECT channels, count(*) AS times FROM (
    SELECT CASE WHEN v.visitor IS NULL THEN json_array(v.channel) ELSE (
        SELECT json_group_array(w.channel ORDER BY w.seq) FROM visit w INDEXED BY visit_by_visitor
        WHERE w.visitor = v.visitor AND w.day >= ?3 AND w.day <= ?4
      ) END AS channels
    FROM visit v INDEXED BY visit_by_day
    WHERE v.day BETWEEN ?1 AND ?2
      AND NOT EXISTS (SELECT 1 FROM call c WHERE c.visitor = v.visitor AND c.test = 0)
      AND NOT EXISTS (SELECT 1 FROM call c WHERE c.session = v.id AND c.test = 0)
      AND NOT EXISTS (
        SELECT 1 FROM visit later INDEXED BY visit_by_visitor
        WHERE later.visitor = v.visitor AND later.seq > v.seq AND later.day <= ?4)
  ) GROUP BY channels`;

/** As `credits('data_driven', …)` gives them: by weight, or linear where the weights say nothing. */
const recredit = (table: 'touch' | 'lead_touch', owner: 'call' | 'lead') => `
  UPDATE ${table} SET credit_data_driven = share.credit
  FROM (
    SELECT ${owner}, position,
      CASE WHEN sum(weight) OVER journey > 0 THEN weight / sum(weight) OVER journey ELSE credit_linear END AS credit
    FROM (
      SELECT t.${owner}, t.position, t.credit_linear, coalesce(w.weight, 0) AS weight
      FROM ${table} t LEFT JOIN channel_weights w ON w.channel = (SELECT text FROM words WHERE words.id = t.channel)
      WHERE t.day = ?1
    )
    WINDOW journey AS (PARTITION BY ${owner})
  ) share
  WHERE ${table}.day = ?1 AND ${table}.${owner} = share.${owner} AND ${table}.position = share.position`;

const RECREDITS = [recredit('touch', 'call'), recredit('lead_touch', 'lead')];

/** Days to read or to credit anew: the next one, and the last. */
interface Stretch {
  day: number;
  last: number;
}
/** The storage key of the days to be credited again with changed weights. */
const CREDITING = 'crediting';

/** Ways by their channels' numbers, with how many led to calls and how many did not. */
type Ways = Record<string, [conversions: number, others: number]>;

/**
 * Learns from the site's own journeys within the lookback how much each channel matters (`removalEffects`), and credits
 * the calls of that time anew by the data-driven model: a day at a time.
 */
export class Learning {
  readonly #core: LedgerCore;
  /** The progress so far. After an interruption, reading starts over. */
  #reading: (Stretch & { first: number; ways: Ways }) | null = null;

  constructor(core: LedgerCore) {
    this.#core = core;
  }

  /** Goes on with the next day, from the first one when it begins. @returns whether there is more to do */
  next(now: EpochMs): boolean {
    const core = this.#core;
    const crediting = core.storage.kv.get<Stretch>(CREDITING);
    if (crediting) return core.change(() => this.#credit(crediting));
    this.#reading ??= this.#begin(now);
    const at = this.#reading;
    this.#read(at);
    if (at.day++ < at.last) return true;
    this.#reading = null;
    return core.change(() => {
      const moved = learn(core, at.ways, now);
      if (moved) core.storage.kv.put(CREDITING, { day: at.first, last: at.last } satisfies Stretch);
      return moved;
    });
  }

  #begin(now: EpochMs): Stretch & { first: number; ways: Ways } {
    const { lookbackDays, timeZone } = this.#core.rules ?? { lookbackDays: 0, timeZone: 'UTC' };
    const first = dayAt((now - lookbackDays * DAY) as EpochMs, timeZone);
    return { first, day: first, last: dayAt(now, timeZone), ways: {} };
  }

  #credit({ day, last }: Stretch): boolean {
    const { kv } = this.#core.storage;
    for (const query of RECREDITS) this.#core.sql.exec(query, day);
    if (day < last) kv.put(CREDITING, { day: day + 1, last } satisfies Stretch);
    else kv.delete(CREDITING);
    return day < last;
  }

  #read({ day, first, last, ways }: Stretch & { first: number; ways: Ways }): void {
    const core = this.#core;
    type Row = { channels: string; times: number };
    const add = (outcome: 0 | 1) => (row: Row) => {
      ways[row.channels] ??= [0, 0];
      (ways[row.channels] as [number, number])[outcome] += row.times;
    };
    core.all<Row>(CONVERTED, day, day).forEach(add(0));
    core.all<Row>(OTHERS, day, day, first, last).forEach(add(1));
  }
}

/** @returns whether the weights have moved */
function learn(core: LedgerCore, ways: Ways, now: EpochMs): boolean {
  const numbers = [...new Set(Object.keys(ways).flatMap((way) => JSON.parse(way) as number[]))];
  const texts = core.words.textsOf(numbers);
  const paths: PathCounts[] = Object.entries(ways).map(([way, [conversions, others]]) => ({
    channels: (JSON.parse(way) as number[]).map((channel) => texts.get(channel) ?? ''),
    conversions,
    others,
  }));
  const effects = removalEffects(paths);
  if (effects.size === 0) return false;
  const before = new Map(
    core
      .all<{ channel: string; weight: number }>('SELECT channel, weight FROM channel_weights')
      .map(({ channel, weight }) => [channel, weight]),
  );
  const moved = [...effects].some(([channel, weight]) => Math.abs(weight - (before.get(channel) ?? 0)) > WORTH_WRITING);
  if (!moved) return false;
  core.sql.exec('DELETE FROM channel_weights');
  for (const [channel, weight] of effects) {
    core.sql.exec('INSERT INTO channel_weights (channel, weight, computed_at) VALUES (?, ?, ?)', channel, weight, now);
  }
  return true;
}

import { DAY, dayOf, type EpochMs, type PathCounts, removalEffects } from '@dialmark/shared';

/** Weights that moved less than this change no report that anybody reads; each rewritten touch is paid for. */
const WORTH_WRITING = 0.01;

/** ?1 site, ?2 first day. The ways that led to a call, as JSON arrays of channels in order. */
const CONVERTED = `
  SELECT channels, count(*) AS times FROM (
    SELECT json_group_array(channel ORDER BY position) AS channels
    FROM call_touches WHERE site = ?1 AND day >= ?2 AND spam = 0 AND session IS NOT NULL GROUP BY call
  ) GROUP BY channels`;
/** The ways of visitors who did not call. */
const OTHERS = `
  SELECT channels, count(*) AS times FROM (
    SELECT json_group_array(s.channel ORDER BY s.started_at) AS channels
    FROM sessions s WHERE s.site = ?1 AND s.day >= ?2
      AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.site = ?1 AND c.visitor = s.visitor)
      AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.site = ?1 AND c.session = s.id)
    GROUP BY coalesce(s.visitor, s.id)
  ) GROUP BY channels`;

/** As `credits('data_driven', …)` gives them: by weight, or linear where the weights say nothing. */
const RECREDIT = `
  UPDATE call_touches SET credit_data_driven = share.credit
  FROM (
    SELECT day, call, position,
      CASE WHEN sum(weight) OVER journey > 0 THEN weight / sum(weight) OVER journey ELSE credit_linear END AS credit
    FROM (
      SELECT t.day, t.call, t.position, t.credit_linear, coalesce(w.weight, 0) AS weight
      FROM call_touches t LEFT JOIN channel_weights w ON w.site = ?1 AND w.channel = t.channel
      WHERE t.site = ?1 AND t.day >= ?2
    )
    WINDOW journey AS (PARTITION BY call)
  ) share
  WHERE call_touches.site = ?1 AND call_touches.day = share.day AND call_touches.call = share.call
    AND call_touches.position = share.position`;

/**
 * Learns from the site's own journeys within the lookback how much each channel matters (`removalEffects`), and credits
 * the calls of that time anew by the data-driven model.
 */
export async function learnWeights(
  ledger: D1Database,
  { id: site, timeZone, attribution }: { id: string; timeZone: string; attribution: { lookbackDays: number } },
  now: EpochMs,
): Promise<void> {
  const since = dayOf((now - attribution.lookbackDays * DAY) as EpochMs, timeZone);
  const ways = [CONVERTED, OTHERS].map((query) => ledger.prepare(query).bind(site, since));
  const known = ledger.prepare('SELECT channel, weight FROM channel_weights WHERE site = ?').bind(site);
  const [converted, others, weights] = (await ledger.batch([...ways, known])).map(({ results }) => results);
  const paths = new Map<string, PathCounts>();
  const count = (rows: unknown[] | undefined, outcome: 'conversions' | 'others') => {
    for (const { channels, times } of (rows ?? []) as { channels: string; times: number }[]) {
      const path = paths.get(channels) ?? { channels: JSON.parse(channels), conversions: 0, others: 0 };
      path[outcome] += times;
      paths.set(channels, path);
    }
  };
  count(converted, 'conversions');
  count(others, 'others');

  const effects = removalEffects([...paths.values()]);
  if (effects.size === 0) return;
  const before = new Map((weights as { channel: string; weight: number }[]).map((row) => [row.channel, row.weight]));
  const moved = [...effects].some(([channel, weight]) => Math.abs(weight - (before.get(channel) ?? 0)) > WORTH_WRITING);
  if (!moved) return;
  const rows = JSON.stringify([...effects].map(([channel, weight]) => ({ channel, weight })));
  await ledger.batch([
    ledger.prepare('DELETE FROM channel_weights WHERE site = ?').bind(site),
    ledger
      .prepare(
        `INSERT INTO channel_weights (site, channel, weight, computed_at)
         SELECT ?1, value ->> '$.channel', value ->> '$.weight', ?3 FROM json_each(?2)`,
      )
      .bind(site, rows, now),
    ledger.prepare(RECREDIT).bind(site, since),
  ]);
}

import { CLICK_LIFE, type ClickExportQuery, type EpochMs } from '@dialmark/shared';
import { CLICK_ID } from './click.ts';
import type { ClickConversion } from './click-csv.ts';

/** What a page of an ad platform's import takes with ease; the latest calls are kept. */
const ROWS_MAX = 50_000;

/** The click ids that an ad platform's file takes, the one it prefers first. */
export const EXPORTED_CLICKS = { google: ['gclid', 'gbraid', 'wbraid'], microsoft: ['msclkid'] } as const;

/**
 * The calls of the last 90 days that came by an ad click with one of these ids, oldest first, spam left out. The click
 * may be of the call's own visit or of an earlier one of the same visitor: the latest before the call.
 */
export async function exportedClicks(
  ledger: D1Database,
  site: string,
  clickIds: (typeof EXPORTED_CLICKS)[keyof typeof EXPORTED_CLICKS],
  rules: ClickExportQuery,
  now: EpochMs,
): Promise<ClickConversion[]> {
  const click = `json_object('ids', s.click_ids, 'at', s.started_at)`;
  const clicked = `(${clickIds.map((name) => `s.click_ids ->> '$.${name}' IS NOT NULL`).join(' OR ')})`;
  const { results } = await ledger
    .prepare(
      `SELECT c.started_at AS at, c.value,
         coalesce(
           (SELECT ${click} FROM sessions s
            WHERE s.site = c.site AND s.id = c.session AND ${clicked}),
           (SELECT ${click} FROM sessions s
            WHERE s.site = c.site AND s.visitor = c.visitor AND s.started_at BETWEEN ?2 AND c.started_at
              AND ${clicked}
            ORDER BY s.started_at DESC LIMIT 1)
         ) AS click
       FROM calls c
       WHERE c.site = ?1 AND c.started_at >= ?2 AND c.started_at <= ?3 AND c.spam = 0 AND c.session IS NOT NULL
         AND c.status IN (SELECT value FROM json_each(?4))
         AND coalesce(c.duration_seconds, 0) >= ?5 AND (?6 = 0 OR c.first_time = 1) AND (?7 = 0 OR c.visitor IS NOT NULL)
       ORDER BY c.started_at DESC, c.id DESC LIMIT ?8`,
    )
    .bind(
      site,
      now - CLICK_LIFE,
      now,
      JSON.stringify(rules.answered ? ['completed'] : ['completed', 'missed', 'busy', 'failed', 'voicemail']),
      rules.minSeconds,
      rules.firstTimeOnly ? 1 : 0,
      rules.consent === 'required' ? 1 : 0,
      ROWS_MAX,
    )
    .all<{ at: EpochMs; value: number | null; click: string | null }>();
  return results.reverse().flatMap(({ at, value, click }) => {
    const { ids = '{}', at: clickedAt = 0 } = JSON.parse(click ?? '{}') as { ids?: string; at?: number };
    const found = clickOfIds(JSON.parse(ids) as Record<string, unknown>, clickIds);
    if (!found || now - clickedAt > CLICK_LIFE) return [];
    return [{ ...found, at, value: value !== null && value >= 0 ? value : (rules.value ?? null) }];
  });
}

/** A click id is text from an address bar: what no ad platform would have made would spoil the whole file. */
function clickOfIds(ids: Record<string, unknown>, names: readonly string[]): { click: string; clickId: string } | null {
  for (const click of names) {
    const clickId = ids[click];
    if (typeof clickId === 'string' && CLICK_ID.test(clickId)) return { click, clickId };
  }
  return null;
}

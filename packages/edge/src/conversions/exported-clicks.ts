import { CLICK_LIFE, type ClickExportQuery, type EpochMs } from '@dialmark/shared';
import type { LedgerCore } from '../ledger/core.ts';
import { startOf } from '../ledger/moments.ts';
import { CLICK_IDS_IN_ADDRESS } from '../pool/store/click-ids.ts';
import { CLICK_ID } from './click.ts';
import type { ClickConversion } from './click-csv.ts';

/** The most rows that an ad platform's import page takes easily; the latest calls are kept. */
const ROWS_MAX = 50_000;

/** The click ids that an ad platform's file takes, the one it prefers first. */
export const EXPORTED_CLICKS = { google: ['gclid', 'gbraid', 'wbraid'], microsoft: ['msclkid'] } as const;

export type ExportedClicks = (typeof EXPORTED_CLICKS)[keyof typeof EXPORTED_CLICKS];

const CLICKS = `coalesce(v.click_ids, ${CLICK_IDS_IN_ADDRESS('v.landing_page')})`;

/**
 * The calls of the last 90 days that came by an ad click with one of these ids, oldest first, spam left out. The click
 * may be of the call's own visit or of an earlier one of the same visitor: the latest before the call.
 */
export function exportedClicks(
  core: LedgerCore,
  clickIds: ExportedClicks,
  rules: ClickExportQuery,
  now: EpochMs,
): ClickConversion[] {
  const click = `json_object('ids', json(${CLICKS}), 'at', ${startOf('v')})`;
  // The plain text is asked first: most visits are of no ad, and have none of these names in them.
  const clicked = `(${clickIds
    .map(
      (name) => `(instr(coalesce(v.click_ids, v.landing_page), '${name}') AND ${CLICKS} ->> '$.${name}' IS NOT NULL)`,
    )
    .join(' OR ')})`;
  const rows = core.all<{ at: EpochMs; value: number | null; click: string | null }>(
    `SELECT c.started_at AS at, c.value,
       coalesce(
         (SELECT ${click} FROM visit v WHERE v.id = c.session AND ${clicked}),
         (SELECT ${click} FROM visit v
          WHERE v.visitor = c.visitor AND ${startOf('v')} BETWEEN ?1 AND c.started_at AND ${clicked}
          ORDER BY v.seq DESC LIMIT 1)
       ) AS click
     FROM call c
     WHERE c.started_at >= ?1 AND c.started_at <= ?2 AND c.spam = 0 AND c.test = 0 AND c.session IS NOT NULL
       AND c.status IN (SELECT value FROM json_each(?3))
       AND coalesce(c.duration_seconds, 0) >= ?4 AND (?5 = 0 OR c.first_time = 1) AND (?6 = 0 OR c.visitor IS NOT NULL)
     ORDER BY c.started_at DESC, c.id DESC LIMIT ?7`,
    now - CLICK_LIFE,
    now,
    JSON.stringify(rules.answered ? ['completed'] : ['completed', 'missed', 'busy', 'failed', 'voicemail']),
    rules.minSeconds,
    rules.firstTimeOnly ? 1 : 0,
    rules.consent === 'required' ? 1 : 0,
    ROWS_MAX,
  );
  return rows.reverse().flatMap(({ at, value, click }) => {
    const { ids = {}, at: clickedAt = 0 } = JSON.parse(click ?? '{}') as { ids?: Record<string, unknown>; at?: number };
    const found = clickOfIds(ids, clickIds);
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

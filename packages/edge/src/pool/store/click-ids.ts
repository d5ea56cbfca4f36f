import { CLICK_IDS } from '@dialmark/shared';

/**
 * Click ids mostly stand in the landing page, and are long: a visit's row repeats them only where they differ from what
 * SQL finds there by plain text, which is what both sides of this file do, alike.
 */

/** SQL for the click ids that plainly stand in an address, as JSON. */
export const CLICK_IDS_IN_ADDRESS = (url: string): string => `(
  SELECT json_group_object(name, substr(rest, 1, instr(rest, '&') - 1)) FROM (
    SELECT n.value AS name, substr(q.text, instr(q.text, '&' || n.value || '=') + length(n.value) + 2) AS rest
    FROM (
      SELECT '&' || substr(whole.text, instr(whole.text, '?') + 1) || '&' AS text FROM (
        SELECT substr(${url}, 1, instr(${url} || '#', '#') - 1) AS text
      ) whole WHERE instr(whole.text, '?') > 0
    ) q CROSS JOIN json_each('${JSON.stringify(CLICK_IDS)}') n
    WHERE instr(q.text, '&' || n.value || '=') > 0
  ))`;

/** The same, in JavaScript. */
export function clickIdsInAddress(url: string | null): Record<string, string> {
  const whole = (url ?? '').split('#', 1)[0] as string;
  const start = whole.indexOf('?');
  const text = `&${whole.slice(start + 1)}&`;
  const found = CLICK_IDS.flatMap((name) => {
    const at = start < 0 ? -1 : text.indexOf(`&${name}=`);
    const rest = text.slice(at + name.length + 2);
    return at < 0 ? [] : [[name, rest.slice(0, rest.indexOf('&'))] as const];
  });
  return Object.fromEntries(found);
}

/** The click ids as stored in a visit's row: null if its landing page has the same. */
export function clickIdsToKeep(clickIds: Readonly<Record<string, string>>, landingPage: string | null): string | null {
  const plain = clickIdsInAddress(landingPage);
  const names = Object.keys(clickIds);
  const same = names.length === Object.keys(plain).length && names.every((name) => plain[name] === clickIds[name]);
  return same ? null : JSON.stringify(clickIds);
}

/** A visit's click ids from its row. */
export function clickIdsOfRow(kept: string | null, landingPage: string | null): Record<string, string> {
  return kept === null ? clickIdsInAddress(landingPage) : JSON.parse(kept);
}

import { CLICK_IDS_IN_ADDRESS } from '../pool/store/click-ids.ts';
import { DIMENSIONS, FACTS, SHOWN } from './dimensions.ts';
import { bindingIdOf, startOf } from './moments.ts';

/** SQL for the text of a numbered word. */
export const word = (id: string) => `(SELECT text FROM words WHERE words.id = ${id})`;
/** SQL for the id of the lead that a call is a contact of. */
export const leadOfCall = (call: string) =>
  `(SELECT l.id FROM contact k CROSS JOIN lead l ON l.n = k.lead WHERE k.kind = 'call' AND k.id = ${call} AND k.makes = 1)`;
/** SQL for a day since 1970 as `2026-11-24`. */
export const dayText = (day: string) => `date(${day} * 86400, 'unixepoch')`;
/** SQL for where a visit came from: a word, or an address of its own. */
export const referrerText = (row: string): string =>
  `CASE typeof(${row}.referrer) WHEN 'integer' THEN ${word(`${row}.referrer`)} ELSE ${row}.referrer END`;
const hourText = (hour: string) => `printf('%02d', ${hour})`;
/** SQL for the part of an address before its path. */
const originOf = (url: string) =>
  `substr(${url}, 1, instr(${url}, '//') + 1 + instr(substr(${url}, instr(${url}, '//') + 2), '/') - 1)`;

const touchWords = (
  t: string,
) => `${word(`${t}.channel`)} AS channel, ${word(`${t}.source`)} AS source, ${word(`${t}.medium`)} AS medium,
  ${word(`${t}.campaign`)} AS campaign, ${word(`${t}.term`)} AS term, ${word(`${t}.content`)} AS content,
  ${word(`${t}.landing_path`)} AS landing_path, ${word(`${t}.referrer_host`)} AS referrer_host, ${word(`${t}.device`)} AS device,
  ${word(`${t}.country`)} AS country, ${word(`${t}.variant`)} AS variant`;

/** SQL for the text of a sum's key. */
const keyText = (dimension: string, key: string) =>
  `CASE ${dimension} WHEN 'hour' THEN ${hourText(key)} ELSE ${word(key)} END`;

/** Visits by each dimension and day: from the sums where there are any, otherwise counted. (Five parts are the most that a union may have.) */
export const COUNTED_BY_DAY = `
  SELECT d.value AS dimension, s.period AS day, ${keyText('d.value', 's.key')} AS key, s.visits
  FROM json_each('${JSON.stringify(DIMENSIONS)}') d CROSS JOIN sums s ON s.dimension = d.key
  WHERE s.period < 100000 AND s.period IN (SELECT period FROM summed)
  UNION ALL
  SELECT dimension, day, ${keyText('dimension', 'key')}, count(*) FROM (
    SELECT d.value AS dimension, v.day,
      coalesce(CASE d.value ${FACTS.map(([name, column]) => `WHEN '${name}' THEN v.${column}`).join(' ')} END, 0) AS key
    FROM visit v CROSS JOIN json_each('${JSON.stringify(FACTS.map(([name]) => name))}') d
    WHERE v.day NOT IN (SELECT period FROM summed)
  ) GROUP BY dimension, day, key
  UNION ALL
  SELECT dimension, day, ${word('key')}, count(DISTINCT seq) FROM (
    SELECT d.value AS dimension, v.day, v.seq, CASE d.value WHEN 'target' THEN h.target ELSE h.number END AS key
    FROM visit v CROSS JOIN hold h ON h.visit = v.seq CROSS JOIN json_each('${JSON.stringify(SHOWN)}') d
    WHERE v.day NOT IN (SELECT period FROM summed)
  ) GROUP BY dimension, day, key`;

/** The views that people query by SQL or read row by row over HTTP: the ledger with texts and times, by name. */
export const VIEWS = {
  sessions: `
    SELECT v.id, v.visitor, ${startOf('v')} AS started_at, ${startOf('v')} + v.active_for AS last_active_at,
      v.landing_page, ${referrerText('v')} AS referrer, ${touchWords('v')},
      coalesce(v.click_ids, ${CLICK_IDS_IN_ADDRESS('v.landing_page')}) AS click_ids,
      v.pages, v.tags, ${dayText('v.day')} AS day, ${hourText('v.hour')} AS hour
    FROM visit v`,
  page_views: `
    SELECT v.id AS session, p.key + 1 AS n,
      CASE WHEN p.type = 'integer' THEN v.landing_page
        WHEN p.value ->> 0 LIKE '/%' AND p.value ->> 2 IS NULL THEN ${originOf('v.landing_page')} || (p.value ->> 0) ELSE p.value ->> 0 END AS url,
      ${startOf('v')} + CASE WHEN p.type = 'integer' THEN 0 ELSE p.value ->> 1 END AS at
    FROM visit v CROSS JOIN json_each(coalesce(v.views, '[0]')) p`,
  bindings: `
    SELECT ${bindingIdOf('h.seq')} AS id, ${word('h.number')} AS number, ${word('h.target')} AS target, ${word('h.kind')} AS kind,
      coalesce(v.id, h.session) AS session, v.visitor, ${startOf('h')} AS started_at,
      ${startOf('h')} + h.active_for AS last_active_at, ${startOf('h')} + h.lasts_for AS expires_at,
      ${startOf('h')} + h.tapped_after AS tel_click_at
    FROM hold h LEFT JOIN visit v ON v.seq = h.visit`,
  calls: `
    SELECT c.id, c.carrier, c.caller, c.number, c.target, c.started_at, c.status, c.duration_seconds, c.value,
      c.first_time, c.spam, c.test, c.match, c.confidence, c.counted, c.binding, c.session, c.visitor, c.candidates, c.details,
      ${dayText('c.day')} AS day
    FROM call c`,
  forms: `
    SELECT f.id, f.at, f.session, f.visitor, f.form ->> '$.id' AS form_id, f.form ->> '$.name' AS form_name,
      f.form ->> '$.action' AS action, f.page ->> '$.url' AS url, f.page ->> '$.referrer' AS referrer,
      f.page ->> '$.title' AS title, f.email, f.phone, f.name, ${dayText('f.day')} AS day
    FROM form f`,
  call_touches: `
    SELECT ${dayText('t.day')} AS day, c.id AS call, t.position, t.credit_first, t.credit_last, t.credit_last_non_direct,
      t.credit_linear, t.credit_time_decay, t.credit_position_based, t.credit_data_driven, t.status, t.duration_seconds,
      t.value, t.first_time, t.spam, ${dayText('t.visit_day')} AS visit_day, CASE WHEN t.visit_hour IS NOT NULL THEN ${hourText('t.visit_hour')} END AS visit_hour,
      ${touchWords('t')}, ${word('t.target')} AS target, coalesce(${word('t.number')}, '(none)') AS number,
      ${hourText('t.hour')} AS hour, t.called_at, (SELECT id FROM visit WHERE visit.seq = t.visit) AS session, t.at, t.direct
    FROM touch t CROSS JOIN call c ON c.n = t.call`,
  leads: `
    SELECT l.id, l.first_at, l.last_at, l.calls, l.forms, l.missed, l.phone, l.email, l.name, l.note, l.visitor, l.assignee,
      l.reviewed, l.stage, l.value, l.stages, l.qualified, ${dayText('l.day')} AS day
    FROM lead l`,
  lead_contacts: `
    SELECT k.kind, k.id, k.at, k.phone, k.email, k.name, k.visitor, l.id AS lead
    FROM contact k CROSS JOIN lead l ON l.n = k.lead AND k.makes = 1`,
  lead_touches: `
    SELECT ${dayText('t.day')} AS day, l.id AS lead, t.position, t.credit_first, t.credit_last, t.credit_last_non_direct,
      t.credit_linear, t.credit_time_decay, t.credit_position_based, t.credit_data_driven, t.qualified, t.won, t.value,
      ${touchWords('t')}, ${word('t.target')} AS target, coalesce(${word('t.number')}, '(none)') AS number,
      ${hourText('t.hour')} AS hour, (SELECT id FROM visit WHERE visit.seq = t.visit) AS session
    FROM lead_touch t CROSS JOIN lead l ON l.n = t.lead`,
  outcomes: `
    SELECT o.id, o.at, o.stage, o.value, o.phone, o.email, o.names, o.came_at,
      (SELECT l.id FROM lead l WHERE l.n = o.lead) AS lead
    FROM outcome o`,
  visit_counts: `
    SELECT dimension, CASE unit.value WHEN 'day' THEN ${dayText('day')} ELSE 'm' || substr(${dayText('day')}, 1, 7) END AS period,
      counted.key, sum(visits) AS visits
    FROM (${COUNTED_BY_DAY}) counted CROSS JOIN json_each('["day", "month"]') unit GROUP BY 1, 2, 3`,
} as const;

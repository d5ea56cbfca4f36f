/**
 * `npm run bench:report`: reports over a year of 10⁶ visits and 10⁵ calls, through the HTTP API, against the same
 * question asked of the visits themselves (one scan of a covering index) in the same database.
 */
import { rmSync } from 'node:fs';
import { api, Model } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { COLUMN, IN_VISIT } from '../packages/edge/src/ledger/read/dimension-columns.ts';
import { startLocal } from '../tools/local.ts';
import { workerdCpuSeconds } from './cpu.ts';
import { median, table } from './load.ts';

const SESSIONS = Number(process.env.SESSIONS ?? 1_000_000);
const CALLS = Number(process.env.CALLS ?? 100_000);
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const AT_ONCE = 20_000;
const SITE = 'bench';
const persistTo = `/tmp/dialmark-bench-report-${process.pid}`;

const local = await startLocal({ port: 0, persistTo, adminToken: 'bench', workerKey: 'bench', direct: true });
const admin = createClient({ edge: local.edge, token: 'bench' });
await admin.call(api.putSite, {
  site: SITE,
  body: { retentionDays: 3650, targets: [{ id: 'main', number: '+14155550100' }] },
});
const ledger = await local.miniflare.getD1Database('LEDGER');

/** A statement that may be repeated: on a busy machine Miniflare's proxy drops a connection now and then. */
async function run(statement: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await ledger.prepare(statement).run();
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** A whole number below `n`, small ones much more often, as keywords and pages are. */
const skewed = (n: number) => `CAST(${n} * pow(abs(random()) / 9223372036854775808.0, 3) AS INTEGER)`;
const CHANNELS = `CASE n % 10 WHEN 0 THEN 'Direct' WHEN 1 THEN 'Email' WHEN 2 THEN 'Referral' WHEN 3 THEN 'Organic Social'
  WHEN 4 THEN 'Organic Search' WHEN 5 THEN 'Organic Search' ELSE 'Paid Search' END`;
const started = Date.now();
for (let from = 0; from < SESSIONS; from += AT_ONCE) {
  const to = Math.min(from + AT_ONCE, SESSIONS);
  await run(
    `WITH RECURSIVE counter(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < ${to})
       INSERT OR IGNORE INTO sessions (site, id, rev, visitor, started_at, last_active_at, landing_page, referrer, source, medium,
         campaign, term, content, channel, click_ids, pages, device, country, tags, day, hour, landing_path,
         referrer_host, variant)
       SELECT '${SITE}', printf('s_%08x%08x', (n * 2654435761) % 4294967296, n), 1, printf('v_%08x', n / 2),
         1735689600000 + n * (365 * 86400000 / ${SESSIONS}), 0, 'https://acme.example/', NULL,
         CASE WHEN n % 10 > 5 THEN 'google' ELSE 'source' || ${skewed(300)} END, CASE WHEN n % 10 > 5 THEN 'cpc' ELSE 'organic' END,
         'campaign ' || ${skewed(50)}, 'keyword ' || ${skewed(2000)}, 'ad ' || ${skewed(20)}, ${CHANNELS}, '{}', 2,
         CASE n % 3 WHEN 0 THEN 'desktop' ELSE 'mobile' END, 'C' || ${skewed(40)}, NULL,
         date(1735689600 + n * (365 * 86400.0 / ${SESSIONS}), 'unixepoch'), printf('%02d', n % 24),
         '/page-' || ${skewed(500)}, 'host' || ${skewed(300)} || '.example', NULL
       FROM counter`,
  );
}
for (const dimension of Object.keys(IN_VISIT) as (keyof typeof IN_VISIT)[]) {
  const column = COLUMN[dimension];
  for (const period of ['day', "'m' || substr(day, 1, 7)"]) {
    await run(
      `INSERT OR REPLACE INTO visit_counts (site, dimension, period, key, visits)
       SELECT site, '${dimension}', ${period}, coalesce(${column}, '(none)'), count(*) FROM sessions GROUP BY 1, 3, 4`,
    );
  }
}
// A call for each so many visits, with two touches: the visit and the one before.
for (const position of [1, 2]) {
  for (let from = 0; from < SESSIONS; from += AT_ONCE * 4) {
    await run(
      `INSERT OR REPLACE INTO call_touches (site, day, call, position, ${Model.options.map((model) => `credit_${model}`)},
           status, duration_seconds, value, first_time, spam, visit_day, visit_hour, channel, source, medium, campaign, term,
           content, landing_path, referrer_host, device, country, variant, target, number, hour, called_at, session, at, direct)
         SELECT site, day, 'CA' || nth, ${position},
           ${position === 1 ? '1, 0, 0, 0.5, 0.4, 0.5, 0.5' : '0, 1, 1, 0.5, 0.6, 0.5, 0.5'},
           CASE nth % 5 WHEN 0 THEN 'missed' ELSE 'completed' END, nth % 300, NULL, nth % 2, 0, day, hour, channel, source, medium,
           campaign, term, content, landing_path, referrer_host, device, country, variant, 'main',
           '+1415555' || printf('%04d', nth % 1000), hour, started_at, id, started_at, channel = 'Direct'
         FROM (SELECT *, ${from} + row_number() OVER (ORDER BY started_at) AS nth FROM sessions
               WHERE site = '${SITE}' AND started_at >= 1735689600000 + ${from} * (365 * 86400000 / ${SESSIONS})
                 AND started_at < 1735689600000 + ${from + AT_ONCE * 4} * (365 * 86400000 / ${SESSIONS}))
         WHERE nth % ${Math.round(SESSIONS / CALLS)} = 0`,
    );
  }
}
// The job of the night, which sums the months up.
const summed = Date.now();
const cpuBeforeSums = workerdCpuSeconds() ?? 0;
for (const cron of local.crons) await local.runScheduled(cron);
const sums = { seconds: (Date.now() - summed) / 1000, cpuSeconds: (workerdCpuSeconds() ?? 0) - cpuBeforeSums };
const size = await ledger
  .prepare(
    'SELECT (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM call_touches) AS touches, (SELECT count(*) FROM visit_counts) AS counts, (SELECT count(*) FROM visit_pairs) AS pairs',
  )
  .first<Record<string, number>>();
console.log(`the night took ${sums.seconds.toFixed(1)} s, ${sums.cpuSeconds.toFixed(1)} s of workerd`);
console.log(`made in ${Math.round((Date.now() - started) / 1000)} s: ${JSON.stringify(size)}\n`);

const year = { from: '2025-01-01', to: '2025-12-31' };
const month = { from: '2025-11-01', to: '2025-11-30' };
const ask = (dimension: string, query: object) => async () => {
  await admin.call(api.report, { site: SITE, dimension, query: query as never });
};
const scan = 'every visit counted by channel, one scan of the covering index';
const ways: { name: string; run: () => Promise<unknown> }[] = [
  {
    name: scan,
    run: () =>
      ledger
        .prepare(
          `SELECT channel, count(*) FROM sessions INDEXED BY sessions_by_day WHERE site = ? AND day BETWEEN ? AND ? GROUP BY 1`,
        )
        .bind(SITE, year.from, year.to)
        .all(),
  },
  { name: 'report by channel, a year', run: ask('channel', { ...year, model: 'linear' }) },
  {
    name: 'report by channel, a year, with intervals',
    run: ask('channel', { ...year, model: 'linear', intervals: 'true' }),
  },
  { name: 'report by landing page, a year', run: ask('landing_page', { ...year, model: 'linear' }) },
  { name: 'report by keyword, a year', run: ask('term', { ...year, model: 'last_non_direct' }) },
  { name: 'report by day, a year', run: ask('day', { ...year, model: 'linear' }) },
  { name: 'report by channel, a month and the one before', run: ask('channel', { ...month, compare: 'previous' }) },
  {
    name: 'landing pages of paid search, a month (filtered)',
    run: ask('landing_page', { ...month, channel: 'Paid Search' }),
  },
  {
    name: 'landing pages of paid search, a year (filtered)',
    run: ask('landing_page', { ...year, channel: 'Paid Search' }),
  },
  {
    name: 'keywords on mobile, a year less a day at both ends (filtered)',
    run: ask('term', { from: '2025-01-02', to: '2025-12-30', device: 'mobile' }),
  },
  {
    name: 'landing pages of paid search on mobile, a year (two filters)',
    run: ask('landing_page', { ...year, channel: 'Paid Search', device: 'mobile' }),
  },
];
const times = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
const cpu = new Map<string, number>();
// Interleaved, so that what else the machine does falls on all alike; the first round warms up and does not count.
for (let round = 0; round <= ROUNDS; round++) {
  for (const { name, run } of ways) {
    const before = performance.now();
    const cpuBefore = workerdCpuSeconds() ?? 0;
    await run();
    if (round === 0) continue;
    times.get(name)?.push(performance.now() - before);
    cpu.set(name, (cpu.get(name) ?? 0) + (workerdCpuSeconds() ?? 0) - cpuBefore);
  }
}
const of = (name: string) => median(times.get(name) as number[]);
console.log(
  table(
    ['', 'ms (median)', 'ms (best)', 'workerd CPU ms', '× the scan (CPU)'],
    ways.map(({ name }) => [
      name,
      Math.round(of(name)),
      Math.round(Math.min(...(times.get(name) as number[]))),
      Math.round(((cpu.get(name) as number) / ROUNDS) * 1000),
      ((cpu.get(name) as number) / (cpu.get(scan) as number)).toFixed(2),
    ]),
  ),
);
await local.stop();
rmSync(persistTo, { recursive: true, force: true });

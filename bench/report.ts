/**
 * `npm run bench:report`: reports over a year of 10⁶ visits, 10⁵ calls and 5 × 10⁴ leads, through the HTTP API, against the same
 * question asked of the visits themselves (one scan of a covering index) in the same ledger.
 */
import { api, Model } from '@dialmark/shared';
import { EPOCH, PER_MS } from '../packages/edge/src/pool/leases/binding-id.ts';
import { workerdCpuSeconds } from './cpu.ts';
import { median, table } from './load.ts';
import { startBench } from './local.ts';

const SESSIONS = Number(process.env.SESSIONS ?? 1_000_000);
const CALLS = Number(process.env.CALLS ?? 100_000);
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const AT_ONCE = 20_000;
const SITE = 'bench';
const BEGINS = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;
const STEP_MS = Math.floor((365 * DAY_MS) / SESSIONS);

const local = await startBench();
const { admin } = local;
await local.site(SITE, 1, { retentionDays: 3650 });

/** Runs SQL in the site's ledger. */
async function query<R = unknown>(sql: string, ...values: (string | number)[]): Promise<R[]> {
  const body = JSON.stringify({ site: SITE, sql, values });
  const response = await fetch(`${local.edge}/bench/ledger`, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as R[];
}

/** Returns a whole number below `n`, small ones much more often, as keywords and pages are. */
const skewed = (n: number) => `CAST(${n} * pow(abs(random()) / 9223372036854775808.0, 3) AS INTEGER)`;
/** So many texts that differ by a number, as words; returns SQL for the id of one of them. */
async function words(prefix: string, count: number, suffix = ''): Promise<(n: string) => string> {
  await query(
    `WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < ${count})
     INSERT INTO words (text) SELECT '${prefix}' || n || '${suffix}' FROM counter`,
  );
  const [first] = await query<{ id: number }>(`SELECT id FROM words WHERE text = '${prefix}0${suffix}'`);
  return (n) => `(${first?.id} + ${n})`;
}
async function word(text: string): Promise<number> {
  const [row] = await query<{ id: number }>(`INSERT INTO words (text) VALUES ('${text}') RETURNING id`);
  return row?.id as number;
}

// The first question makes the ledger.
await admin.call(api.listCalls, { site: SITE });
const counting = { model: 'linear', qualifiedSeconds: 0, qualifiedValue: 0 };
const rules = { timeZone: 'UTC', lookbackDays: 90, retentionDays: 3650, counting };
await query('INSERT OR REPLACE INTO site (only, rules) VALUES (1, ?)', JSON.stringify(rules));
const [google, cpc, organic, desktop, mobile, main] = [
  await word('google'),
  await word('cpc'),
  await word('organic'),
  await word('desktop'),
  await word('mobile'),
  await word('main'),
];
const channels = [];
for (const name of ['Direct', 'Email', 'Referral', 'Organic Social', 'Organic Search', 'Paid Search']) {
  channels.push(await word(name));
}
const [source, campaign, term, content, page, host, country, number] = [
  await words('source', 300),
  await words('campaign ', 50),
  await words('keyword ', 2000),
  await words('ad ', 20),
  await words('/page-', 500),
  await words('host', 300, '.example'),
  await words('C', 40),
  await words('+1415555', 1000),
];

const started = Date.now();
for (let from = 0; from < SESSIONS; from += AT_ONCE) {
  const to = Math.min(from + AT_ONCE, SESSIONS);
  await query(
    `WITH RECURSIVE counter(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < ${to})
     INSERT INTO visit (seq, rev, day, hour, channel, source, medium, campaign, term, content, landing_path,
       referrer_host, device, country, pages, late, active_for, visitor, id, landing_page)
     SELECT (${BEGINS - EPOCH} + n * ${STEP_MS}) * ${PER_MS}, 1, ${BEGINS / DAY_MS} + n * ${STEP_MS} / ${DAY_MS}, n % 24,
       CASE WHEN n % 10 > 5 THEN ${channels[5]} WHEN n % 10 > 3 THEN ${channels[4]} ELSE ${channels[0]} + n % 10 END,
       CASE WHEN n % 10 > 5 THEN ${google} ELSE ${source(skewed(300))} END,
       CASE WHEN n % 10 > 5 THEN ${cpc} ELSE ${organic} END,
       ${campaign(skewed(50))}, ${term(skewed(2000))}, ${content(skewed(20))}, ${page(skewed(500))}, ${host(skewed(300))},
       CASE n % 3 WHEN 0 THEN ${desktop} ELSE ${mobile} END, ${country(skewed(40))}, 2, 0, 0, printf('v_%08x', n / 2),
       printf('s_%08x%08x', (n * 2654435761) % 4294967296, n), 'https://acme.example/'
     FROM counter`,
  );
}
// A call for each so many visits, with two touches: the visit and the one before.
const every = Math.round(SESSIONS / CALLS);
for (let from = 0; from < SESSIONS; from += AT_ONCE) {
  for (const position of [1, 2]) {
    await query(
      `INSERT INTO touch (day, call, position, ${Model.options.map((model) => `credit_${model}`)}, status,
         duration_seconds, first_time, spam, visit_day, visit_hour, channel, source, medium, campaign, term, content,
         landing_path, referrer_host, device, country, target, number, hour, called_at, visit, at, direct)
       SELECT day, n, ${position},
         ${position === 1 ? '1, 0, 0, 0.5, 0.4, 0.5, 0.5' : '0, 1, 1, 0.5, 0.6, 0.5, 0.5'},
         CASE n % 5 WHEN 0 THEN 'missed' ELSE 'completed' END, n % 300, n % 2, 0, day, hour, channel, source, medium,
         campaign, term, content, landing_path, referrer_host, device, country, ${main}, ${number('n % 1000')}, hour,
         at, seq, at, channel = ${channels[0]}
       FROM (SELECT *, (seq / ${PER_MS} - ${BEGINS - EPOCH}) / ${STEP_MS} AS n, ${EPOCH} + seq / ${PER_MS} AS at FROM visit
             WHERE seq >= (${BEGINS - EPOCH} + ${from} * ${STEP_MS}) * ${PER_MS}
               AND seq < (${BEGINS - EPOCH} + ${from + AT_ONCE} * ${STEP_MS}) * ${PER_MS})
       WHERE n % ${every} = 0`,
    );
  }
}
// A lead for each second call, with the same touches; one in five is won.
await query(
  `INSERT INTO lead_touch (day, lead, position, ${Model.options.map((model) => `credit_${model}`)}, qualified, won, value,
     channel, source, medium, campaign, term, content, landing_path, referrer_host, device, country, target, number, hour, visit)
   SELECT day, call, position, ${Model.options.map((model) => `credit_${model}`)}, call / ${every} % 4 = 0, call / ${every} % 10 = 0, 900,
     channel, source, medium, campaign, term, content, landing_path, referrer_host, device, country, target, number, hour, visit
   FROM touch WHERE call / ${every} % 2 = 0`,
);
// The work of the night, which sums up days and months.
const summed = Date.now();
const cpuBeforeSums = workerdCpuSeconds() ?? 0;
const night = await fetch(`${local.edge}/bench/night`, { method: 'POST', body: SITE });
if (!night.ok) throw new Error(await night.text());
const sums = { seconds: (Date.now() - summed) / 1000, cpuSeconds: (workerdCpuSeconds() ?? 0) - cpuBeforeSums };
const [size] = await query(
  `SELECT (SELECT count(*) FROM visit) AS visits, (SELECT count(*) FROM touch) AS touches,
     (SELECT count(DISTINCT lead) FROM lead_touch) AS leads,
     (SELECT count(*) FROM sums) AS sums, (SELECT count(*) FROM pairs) AS pairs`,
);
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
      query(
        'SELECT channel, count(*) FROM visit INDEXED BY visit_by_day WHERE day BETWEEN ? AND ? GROUP BY 1',
        BEGINS / DAY_MS,
        BEGINS / DAY_MS + 364,
      ),
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

/**
 * `npm run bench:leads`: a file of 10⁵ outcomes in one request, of which one in a hundred is bad, for 5 × 10⁴ leads; then the
 * same file again, of which nothing is new. Against as many rows inserted into a table with one index.
 */
import { api, Model } from '@dialmark/shared';
import { workerdCpuSeconds } from './cpu.ts';
import { table } from './load.ts';
import { startBench } from './local.ts';

const LEADS = Number(process.env.LEADS ?? 50_000);
const OUTCOMES = Number(process.env.OUTCOMES ?? 100_000);
const SITE = 'bench';
const BEGINS = Date.UTC(2026, 0, 1);
const AT_ONCE = 10_000;

const local = await startBench();
await local.site(SITE, 1, { retentionDays: 3650 });

async function query(sql: string, ...values: (string | number)[]): Promise<void> {
  const body = JSON.stringify({ site: SITE, sql, values });
  const response = await fetch(`${local.edge}/bench/ledger`, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
}

await local.admin.call(api.listLeads, { site: SITE });
const counting = { model: 'linear', qualifiedSeconds: 0, qualifiedValue: 0 };
const rules = { timeZone: 'UTC', lookbackDays: 90, retentionDays: 3650, counting, leads: { reopenDays: 90 } };
await query('INSERT OR REPLACE INTO site (only, rules) VALUES (1, ?)', JSON.stringify(rules));
const credits = Model.options.map((model) => `credit_${model}`);
for (let from = 0; from < LEADS; from += AT_ONCE) {
  const some = `WITH RECURSIVE counter(n) AS (
    SELECT ${from} UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < ${Math.min(from + AT_ONCE, LEADS)})`;
  const at = `${BEGINS} + n * 60000`;
  const phone = "printf('+1212%07d', 2000000 + n)";
  const stages = `json_array(json_object('stage', 'new', 'at', ${at}, 'by', 'call'))`;
  await query(
    `${some} INSERT INTO contact (kind, id, at, received_at, phone, makes, answered, missed, qualifies, anchor, lead)
     SELECT 'call', 'CA' || n, ${at}, ${at}, ${phone}, 1, 1, 0, 0, 'l_' || n, n + 1 FROM counter`,
  );
  await query(`${some} INSERT INTO contact_key (key, kind, id) SELECT 'p' || ${phone}, 'call', 'CA' || n FROM counter`);
  await query(
    `${some} INSERT INTO lead (n, id, day, first_kind, first_id, first_at, last_at, calls, forms, missed, phone, reviewed, stage,
       stages, qualified, changed)
     SELECT n + 1, 'l_' || n, ${BEGINS / 86_400_000} + n / 1440, 'call', 'CA' || n, ${at}, ${at}, 1, 0, 0, ${phone}, 0, 'new',
       ${stages}, 0, n + 1 FROM counter`,
  );
  await query(
    `${some} INSERT INTO lead_touch (day, lead, position, ${credits}, qualified, won, channel, source, medium, hour)
     SELECT ${BEGINS / 86_400_000} + n / 1440, n + 1, 1, ${credits.map(() => 1)}, 0, 0, 0, 0, 0, 0 FROM counter`,
  );
}

const lines = ['Job #,Client phone,Closed date,Status,Total ($)'];
for (let i = 0; i < OUTCOMES; i++) {
  const phone = `(212) ${String(200 + Math.floor(((i * 7919) % LEADS) / 10_000))}-${String(((i * 7919) % LEADS) % 10_000).padStart(4, '0')}`;
  lines.push(
    `${i},${phone},${i % 100 === 0 ? 'soon' : '2026-06-01'},${i % 3 === 0 ? 'Canceled' : 'Paid'},"${1 + (i % 9)},800.00"`,
  );
}
const file = lines.join('\n');

const rows: string[][] = [];
async function measure(name: string, work: () => Promise<string>): Promise<void> {
  const [before, cpuBefore] = [performance.now(), workerdCpuSeconds() ?? 0];
  const said = await work();
  const cpu = (workerdCpuSeconds() ?? 0) - cpuBefore;
  rows.push([
    name,
    ((performance.now() - before) / 1000).toFixed(1),
    cpu.toFixed(1),
    Math.round((cpu / OUTCOMES) * 1e6).toString(),
    said,
  ]);
}

const upload = async () => {
  const response = await local.admin.send(api.addOutcomes, {
    site: SITE,
    body: file as never,
    headers: { 'Content-Type': 'text/csv' },
  });
  const { matched, unchanged, unmatched, errors } = (await response.json()) as Record<string, unknown[]>;
  return `${response.status}: ${matched} matched, ${unchanged} unchanged, ${unmatched?.length} unmatched, ${errors?.length} bad`;
};
await query('CREATE TABLE yardstick (id TEXT PRIMARY KEY, phone TEXT, at INTEGER) WITHOUT ROWID');
await query('CREATE INDEX yardstick_by_phone ON yardstick (phone)');
await measure('as many rows inserted, one statement', async () => {
  await query(
    `WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < ${OUTCOMES})
     INSERT INTO yardstick SELECT n, printf('+1212%07d', n * 7919 % ${LEADS}), n FROM counter`,
  );
  return '';
});
await measure('a file of outcomes', upload);
await measure('the same file again', upload);
console.log(table(['', 's', 'workerd CPU s', 'µs a row', 'answer'], rows));
await local.stop();

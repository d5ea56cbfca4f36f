/**
 * `npm run bench:growth`: 1,500 sites of a thousand visits and one of two million. Reports, the questions that are asked
 * of all sites, a night of all of them with leases meanwhile, and the deletion of the big one. `--quick`: a tenth of it.
 */
import { api } from '@dialmark/shared';
import { workerdCpuSeconds, workerdMegabytes } from './cpu.ts';
import { quantile, table } from './load.ts';
import { BROWSER, ORIGIN, startBench } from './local.ts';

const QUICK = process.argv.includes('--quick');
const SITES = QUICK ? 150 : 1500;
const VISITS_OF_SMALL = 1000;
const VISITS_OF_BIG = QUICK ? 200_000 : 2_000_000;
const DAYS = 400;
/** What the night has to forget: five days of the small sites, three tenths of the big one, in slices of 200 visits. */
const KEPT_DAYS = 395;
const KEPT_DAYS_OF_BIG = 280;
const BIG = 'big';
const AT_ONCE = 4;
/** Leases a second while they are timed, at most: a steady visitor, not a load. */
const LEASES_A_SECOND = 20;
const LEASE_SECONDS = QUICK ? 5 : 15;

const local = await startBench();
const { admin } = local;
const small = Array.from({ length: SITES }, (_, i) => `site-${i}`);
const lines: (string | number)[][] = [];

/** Does a part of the benchmark, and notes what it took. */
async function measured<T>(name: string, work: () => Promise<T>): Promise<T> {
  const [started, cpu] = [performance.now(), workerdCpuSeconds() ?? 0];
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const used = (workerdCpuSeconds() ?? 0) - cpu;
  const line = [name, seconds.toFixed(2), used.toFixed(2), Math.round(workerdMegabytes() ?? 0)];
  lines.push(line);
  console.log(line.join(' · '));
  return result;
}

async function growth<T>(site: string, op: 'seed' | 'beginNight' | 'state', ...given: number[]): Promise<T> {
  const response = await fetch(`${local.edge}/bench/growth`, {
    method: 'POST',
    body: JSON.stringify({ site, op, given }),
  });
  if (!response.ok) throw new Error(`${op} of ${site}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Works through a list, some at a time. */
async function each(list: readonly string[], work: (site: string) => Promise<unknown>): Promise<void> {
  const left = [...list];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let site = left.pop(); site !== undefined; site = left.pop()) await work(site);
    }),
  );
}

let sessions = 0;
/** Leases a number once. @returns how long it took, in milliseconds */
async function lease(site: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${local.edge}/v1/sites/${site}/lease`, {
    method: 'POST',
    headers: { Origin: ORIGIN, 'User-Agent': BROWSER },
    body: JSON.stringify({ session: `s_lease_${sessions++}`, page: { url: `${ORIGIN}/` } }),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`a lease was answered ${response.status}`);
  return performance.now() - started;
}

/**
 * Leases at a steady rate, of the big site and a small one by turns, until told to end: one at a time, so that a machine
 * that has other things to do is not buried under them. @returns each lease's time
 */
async function leases(isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!isOver()) {
    const [took] = await Promise.all([
      lease(times.length % 2 === 0 ? BIG : (small[0] as string)),
      new Promise((resolve) => setTimeout(resolve, 1000 / LEASES_A_SECOND)),
    ]);
    times.push(took);
  }
  return times;
}

const within = (share: number, times: number[]) => quantile(times, share).toFixed(1);
const spread = (times: number[]) =>
  `${times.length} leases: median ${within(0.5, times)} ms, 95 % within ${within(0.95, times)} ms, longest ${within(1, times)} ms`;

/** Waits until a ledger has done its night. */
async function nightOver(site: string, since: number): Promise<void> {
  for (;;) {
    const { maintainedAt } = await growth<{ maintainedAt: number | null }>(site, 'state');
    if (maintainedAt !== null && maintainedAt >= since) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What the night has left of the big site's visits. */
async function bigLedger(): Promise<{ left: number; tooOld: number; summed: number }> {
  const oldest = Math.floor(Date.now() / 86_400_000) - KEPT_DAYS_OF_BIG;
  const sql = `SELECT count(*) AS left, coalesce(sum(day < ?), 0) AS tooOld, (SELECT count(*) FROM summed) AS summed FROM visit`;
  const response = await fetch(`${local.edge}/bench/ledger`, {
    method: 'POST',
    body: JSON.stringify({ site: BIG, sql, values: [oldest] }),
  });
  const [row] = (await response.json()) as [{ left: number; tooOld: number; summed: number }];
  return row;
}

await measured(`${SITES + 1} sites made`, async () => {
  await local.site(BIG, 50, { retentionDays: KEPT_DAYS_OF_BIG });
  await each(small, (site) => local.site(site, 5));
});
await measured(`${SITES} ledgers of ${VISITS_OF_SMALL} visits filled`, () =>
  each(small, (site) => growth(site, 'seed', VISITS_OF_SMALL, DAYS, KEPT_DAYS)),
);
await measured(`one of ${VISITS_OF_BIG} visits filled`, () =>
  growth(BIG, 'seed', VISITS_OF_BIG, DAYS, KEPT_DAYS_OF_BIG),
);
const { bytes } = await growth<{ bytes: number }>(BIG, 'state');

const year = { from: new Date(Date.now() - 364 * 86_400_000).toISOString().slice(0, 10) };
const ask = (site: string, dimension: string, query: object) =>
  admin.call(api.report, { site, dimension, query: { ...year, ...query } as never });
await measured('a report of the big site before any night, a year by channel', () => ask(BIG, 'channel', {}));
await measured('GET /v1/sites, a thousand at once', () => admin.call(api.listSites, { query: { limit: '1000' } }));
await measured('GET /metrics', async () => {
  const response = await fetch(`${local.edge}/metrics`, { headers: { Authorization: 'Bearer bench' } });
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  await response.arrayBuffer();
});

const begun = Date.now();
const usual = await leases(() => Date.now() > begun + LEASE_SECONDS * 1000);
let nightIsOver = false;
const [during] = await measured(`the night of all ${SITES + 1} ledgers, by their alarms, with leases meanwhile`, () =>
  Promise.all([
    leases(() => nightIsOver),
    (async () => {
      const since = Date.now();
      await growth(BIG, 'beginNight');
      await each(small, (site) => growth(site, 'beginNight'));
      await each([...small, BIG], (site) => nightOver(site, since));
      nightIsOver = true;
    })(),
  ]),
);
const { left, tooOld, summed } = await bigLedger();
await measured('a report of the big site, a year by channel', () => ask(BIG, 'channel', {}));
await measured('a report of the big site, a year by keyword with two filters', () =>
  ask(BIG, 'term', { channel: 'Channel 1', device: 'device 1' }),
);
await measured('a report of a small site, a year by channel', () => ask(small[1] as string, 'channel', {}));
await measured('the big site deleted', () => admin.call(api.deleteSite, { site: BIG }));

console.log(`\n${table(['', 'seconds', 'workerd CPU seconds', 'workerd MB after'], lines)}`);
const forgotten = VISITS_OF_BIG - left;
console.log(
  `\nthe big site's night: ${forgotten} visits forgotten in ${Math.ceil(forgotten / 200)} slices, ${tooOld} left that should have been; ${summed} days and months summed`,
);
console.log(`ledger: ${Math.round(bytes / VISITS_OF_BIG)} bytes a visit`);
console.log(`leases as usual: ${spread(usual)}`);
console.log(`leases during the night: ${spread(during)}`);
await local.stop();

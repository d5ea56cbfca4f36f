/**
 * `npm run bench:lease`: leases a second against objects that do nothing, or insert one row, in the same workerd; once
 * without the ledger's own work, which on Cloudflare another machine does, and once with it in the same thread.
 */
import { workerdCpuSeconds } from './cpu.ts';
import { median, table, throughput } from './load.ts';
import { BROWSER, ORIGIN, startBench } from './local.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 3);
const CONCURRENCY = Number(process.env.CONCURRENCY ?? 64);
/** More than leases can be live at once; all are leased while the runtime warms up, as in a site that is going on. */
const NUMBERS = 2000;

let visits = 0;
/** @param visit one of those that go on; a new one unless given */
const lease = (visit: number | string = `${process.pid}_${visits++}`) =>
  JSON.stringify({
    session: `s_${visit}`,
    visitor: `v_${visit}`,
    page: { url: `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&gclid=abc`, referrer: 'https://www.google.com/' },
  });

const ways = [
  { name: 'no-op Worker', path: '/bench/worker' },
  { name: 'no-op object by RPC', path: '/bench/rpc' },
  { name: 'object that inserts one row', path: '/bench/insert' },
  { name: 'lease of a new visit', path: '/v1/sites/bench/lease' },
  { name: 'lease of a visit that goes on', path: '/v1/sites/bench/lease', again: true },
];

for (const ledgerElsewhere of [true, false]) {
  const local = await startBench({ ledgerElsewhere });
  await local.site('bench', NUMBERS, { lease: { ttlSeconds: 1, cooldownSeconds: 0 } });
  const cpu = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  const rates = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  // Interleaved, so that what else the machine does falls on all alike; the first round warms up and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, path, again } of ways) {
      const before = workerdCpuSeconds();
      const seconds = round === 0 ? 2 : SECONDS;
      const rate = await throughput({
        url: local.edge + path,
        headers: { Origin: ORIGIN, 'User-Agent': BROWSER },
        body: again ? (n) => lease(n % CONCURRENCY) : () => lease(),
        concurrency: CONCURRENCY,
        seconds,
      });
      const after = workerdCpuSeconds();
      if (round === 0) continue;
      rates.get(name)?.push(rate);
      if (before !== null && after !== null) cpu.get(name)?.push(((after - before) * 1e6) / (rate * seconds));
    }
  }
  const of = (name: string) => median(rates.get(name) as number[]);
  console.log(`\nThe ledger ${ledgerElsewhere ? 'on another machine' : 'in the same thread'}:\n`);
  console.log(
    table(
      ['', 'requests/s', '× one-row insert', '× no-op object', 'workerd CPU, µs/request'],
      ways.map(({ name }) => [
        name,
        Math.round(of(name)),
        (of(name) / of('object that inserts one row')).toFixed(2),
        (of(name) / of('no-op object by RPC')).toFixed(2),
        Math.round(median(cpu.get(name) as number[])),
      ]),
    ),
  );
  await local.stop();
}

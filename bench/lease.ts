/** `npm run bench:lease`: leases a second against objects that do nothing, or insert one row, in the same workerd. */
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { startLocal } from '../scripts/local.ts';
import { workerdCpuSeconds } from './cpu.ts';
import { median, table, throughput } from './load.ts';

const ORIGIN = 'https://acme.example';
const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SECONDS = Number(process.env.SECONDS ?? 3);
const CONCURRENCY = Number(process.env.CONCURRENCY ?? 64);

const local = await startLocal({
  port: 0,
  persistTo: process.env.PERSIST_TO ?? `/tmp/dialmark-bench-${process.pid}`,
  adminToken: 'bench',
  workerKey: 'bench',
  entry: 'bench/worker.ts',
  durableObjects: { YARDSTICK: { className: 'Yardstick', useSQLite: true } },
  ratelimits: {},
  direct: true,
});
const admin = createClient({ edge: local.edge, token: 'bench' });
await admin.call(api.putSite, {
  site: 'bench',
  body: {
    origins: [ORIGIN],
    targets: [{ id: 'main', number: '+14155550100' }],
    lease: { ttlSeconds: 1, cooldownSeconds: 0 },
    limits: { newLeasesPerAddressPerHour: 1_000_000_000 },
  },
});
await admin.call(api.addNumbers, {
  site: 'bench',
  body: { numbers: Array.from({ length: 10_000 }, (_, i) => ({ number: `+1415${6_000_000 + i}`, target: 'main' })) },
});

let sessions = 0;
const lease = () =>
  JSON.stringify({
    session: `s_${process.pid}_${sessions++}`,
    visitor: `v_${process.pid}_${sessions}`,
    page: { url: `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&gclid=abc`, referrer: 'https://www.google.com/' },
  });
const ways = [
  { name: 'no-op Worker', path: '/bench/worker', body: lease },
  { name: 'no-op object by RPC', path: '/bench/rpc', body: lease },
  { name: 'object that inserts one row', path: '/bench/insert', body: lease },
  { name: 'lease (new session)', path: '/v1/sites/bench/lease', body: lease },
];
const cpu = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
const rates = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
// Interleaved, so that what else the machine does falls on all alike; the first round warms up and does not count.
for (let round = 0; round <= ROUNDS; round++) {
  for (const { name, path, body } of ways) {
    const before = workerdCpuSeconds();
    const seconds = round === 0 ? 1 : SECONDS;
    const rate = await throughput({
      url: local.edge + path,
      headers: { Origin: ORIGIN, 'User-Agent': BROWSER },
      body,
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
console.log(
  table(
    ['', 'requests/s', '× one-row insert', '× no-op object', 'workerd CPU µs/request'],
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

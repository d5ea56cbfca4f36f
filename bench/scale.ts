/**
 * `npm run bench:scale`: what a lease, and the question who held a number, cost as numbers and history grow; how long a
 * pool takes to start, and the memory it takes. Many operations in one call, timed from outside (workerd's own clock
 * stands still while code runs); the median of many rounds, each less what an empty call takes.
 */
import { workerdMegabytes } from './cpu.ts';
import { median, table } from './load.ts';
import { numberAt, startBench } from './local.ts';

/** Leases a round: no more than there are numbers in the smallest pool, so that each takes one of its own. */
const LEASES = 10;
const QUESTIONS = 1000;
/** `ONLY=start`: the start of a large pool alone. */
const ONLY_START = process.env.ONLY === 'start';
const ROUNDS = Number(process.env.ROUNDS ?? 24);

const local = await startBench();

async function pool<T>(site: string, op: string, ...given: unknown[]): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const response = await fetch(`${local.edge}/bench/pool`, {
    method: 'POST',
    body: JSON.stringify({ site, op, given }),
  });
  const value = (await response.json()) as T;
  return { value, ms: performance.now() - started };
}

async function site(numbers: number, bindings: number): Promise<{ id: string; numbers: string[] }> {
  const id = `scale-${numbers}-${bindings}`;
  await local.site(id, numbers, { lease: { ttlSeconds: 1, cooldownSeconds: 0 } });
  if (bindings > 0) await pool(id, 'fill', bindings);
  await pool(id, 'restart');
  await pool(id, 'configuration');
  return { id, numbers: Array.from({ length: numbers }, (_, i) => numberAt(i)) };
}

/** Microseconds an operation: the median round, less what an empty call costs. */
async function cost(
  id: string,
  op: 'leaseMany' | 'attributeMany',
  count: number,
  ...given: unknown[]
): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const empty = Math.min((await pool(id, 'configuration')).ms, (await pool(id, 'configuration')).ms);
    const { ms } = await pool(id, op, count, ...given.map((each) => (each === 'SEED' ? `r${round}_` : each)));
    times.push(((ms - empty) * 1000) / count);
    // Leases of a second run out before the next round.
    await new Promise((resolve) => setTimeout(resolve, op === 'leaseMany' ? 1100 : 0));
  }
  return median(times);
}

const rows: (string | number)[][] = [];
const ratio = (value: number, base: number) => (value / base).toFixed(2);

let base = 0;
for (const numbers of ONLY_START ? [] : [10, 100, 1000, 10_000]) {
  const { id } = await site(numbers, 0);
  const us = await cost(id, 'leaseMany', LEASES, 'SEED');
  base ||= us;
  rows.push([`lease, ${numbers.toLocaleString('en')} numbers`, us.toFixed(1), ratio(us, base)]);
}
let leaseBase = 0;
let heldBase = 0;
const held: typeof rows = [];
for (const bindings of ONLY_START ? [] : [1000, 10_000, 100_000, 1_000_000]) {
  const { id, numbers } = await site(100, bindings);
  const us = await cost(id, 'leaseMany', LEASES, 'SEED');
  leaseBase ||= us;
  rows.push([`lease, ${bindings.toLocaleString('en')} bindings in the log`, us.toFixed(1), ratio(us, leaseBase)]);
  const who = await cost(id, 'attributeMany', QUESTIONS, numbers, bindings);
  heldBase ||= who;
  held.push([`who held this, ${bindings.toLocaleString('en')} bindings`, who.toFixed(1), ratio(who, heldBase)]);
}
if (!ONLY_START) console.log(table(['', 'µs', 'ratio'], [...rows, ...held]));

const small = await site(20, 0);
const big = await site(10_000, 1_000_000);
const starts: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  await pool(big.id, 'restart');
  const first = await pool(big.id, 'configuration');
  const second = await pool(big.id, 'configuration');
  starts.push(first.ms - second.ms);
}
// In a workerd of its own, so that what filling took is not counted.
await local.restart();
await pool(small.id, 'configuration');
const before = workerdMegabytes();
await pool(big.id, 'configuration');
const after = workerdMegabytes();
console.log(
  `\nStart of a pool with 10,000 numbers and 1,000,000 bindings: ${Math.min(...starts).toFixed(0)} ms` +
    (before !== null && after !== null ? `; memory of workerd with it: ${(after - before).toFixed(0)} MB more` : ''),
);
await local.stop();

/**
 * `npm run simulate`: what the allocation policy is worth, against others, by pool size.
 * `npm run simulate -- --calls`: whether the confidence of an attribution means what it says.
 * `npm run simulate -- --attack`: what real visitors still get while somebody fills a site.
 * Writes the tables and pictures in docs/; other runs, by `--visits N` and `--seed N`, are only printed.
 */
import { join } from 'node:path';
import { readOptions } from '../../tools/command-line.ts';
import { simulateAttacks } from './attack.ts';
import { simulateCalls } from './calls.ts';
import { simulatePolicies } from './policies.ts';

const values = readOptions('npm run simulate [-- --calls --attack --visits N --seed N]', {
  calls: { type: 'boolean', default: false },
  attack: { type: 'boolean', default: false },
  visits: { type: 'string' },
  seed: { type: 'string' },
});
const usual = values.visits === undefined && values.seed === undefined;
const docs = usual ? join(import.meta.dirname, '../../docs') : null;
const started = performance.now();
const [count, seed] = [Number(values.visits ?? 200_000), Number(values.seed ?? 1)];
const visits = values.attack
  ? await simulateAttacks(seed, docs)
  : await (values.calls ? simulateCalls : simulatePolicies)(count, seed, docs);
const seconds = (performance.now() - started) / 1000;
const { user } = process.cpuUsage();
console.log(
  `\n${(visits / 1e6).toFixed(1)} million visits in ${seconds.toFixed(0)} s, ${(user / 1e6).toFixed(0)} s of processor time`,
);

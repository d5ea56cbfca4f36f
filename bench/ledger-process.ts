/** Started by a benchmark as a process of its own: the ledger, told of by its address on standard output. */
import { startLocal } from '../tools/local.ts';

const local = await startLocal({
  port: 0,
  persistTo: process.argv[2] as string,
  adminToken: 'bench',
  workerKey: 'bench',
  entry: 'bench/worker/ledger.ts',
  ratelimits: {},
  direct: true,
});
console.log(local.edge);
process.on('SIGTERM', () => void local.stop().then(() => process.exit(0)));

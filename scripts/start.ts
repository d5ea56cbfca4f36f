/** `npm start`: Dialmark on this machine, with a demo business to try it on. */
import { join, resolve } from 'node:path';
import { seedDemo } from '../packages/demo/src/seed.ts';
import { adminTokenError } from '../packages/edge/src/admission/admin-token.ts';
import { readOptions, readPort } from '../tools/command-line.ts';
import { startCrons } from '../tools/crons.ts';
import { leaveOlderState, noteRuntime, releaseFolder, takeFolder } from '../tools/data-folder.ts';
import { startLocal } from '../tools/local.ts';
import { keptSecret } from './kept-secret.ts';

const USAGE = 'npm start [-- --port N --persist-to DIR --no-demo]';
const values = readOptions(USAGE, {
  port: { type: 'string', default: '8787' },
  'persist-to': { type: 'string' },
  demo: { type: 'boolean', default: true },
});
const port = readPort(values.port);
const home = resolve(values['persist-to'] ?? '.dialmark');
const state = join(home, 'state');

const error = process.env.ADMIN_TOKEN ? adminTokenError(process.env.ADMIN_TOKEN) : null;
if (error) {
  console.error(error);
  process.exit(2);
}

try {
  await takeFolder(home, '--persist-to');
  await leaveOlderState(state, values.demo && values['persist-to'] === undefined ? null : '--persist-to');
  const adminToken = process.env.ADMIN_TOKEN || (await keptSecret(home, 'admin-token'));
  const workerKey = process.env.WORKER_KEY || (await keptSecret(home, 'worker-key'));
  const local = await startLocal({
    port,
    persistTo: state,
    ...(values.demo ? { entry: 'packages/demo/src/worker.ts' } : {}),
    adminToken,
    workerKey,
    verbose: true,
  });
  await noteRuntime(home);
  const stop = async () => {
    stopCrons();
    await local.stop();
    await releaseFolder(home);
    process.exit(0);
  };
  let stopCrons = () => {};
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(signal).once(signal, stop);
  if (values.demo) await seedDemo(local.edge, adminToken, { past: true, onProgress });
  console.log(`
  Dialmark is running.
${values.demo ? `\n    Demo page    ${local.edge}/demo/` : ''}
    Dashboard    ${local.edge}/app/
    Docs         ${local.edge}/docs
    Health       ${local.edge}/healthz
    Admin token  ${process.env.ADMIN_TOKEN ? 'as set in ADMIN_TOKEN' : adminToken}   (log in with it)

  State is kept in ${home}. Stop with Ctrl+C.
`);
  stopCrons = startCrons(local.crons, local.runScheduled);
} catch (error) {
  const inUse =
    (error as { code?: string }).code === 'ERR_ADDRESS_IN_USE' || /EADDRINUSE|address.*in use/i.test(String(error));
  const message = error instanceof Error ? error.message : error;
  console.error(inUse ? `Port ${port} is in use. Try: npm start -- --port ${port + 1}` : message);
  process.exit(1);
}

/** Says how far the demo's past has come, now and then. */
function onProgress({ days, of }: { days: number; of: number }): void {
  if (days % 20 === 0) console.log(`Creating the demo's history: day ${days} of ${of} …`);
}

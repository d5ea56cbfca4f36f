/** `npm start [-- --port N --persist-to DIR]`: Dialmark on this machine, with a demo business to try it on. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startCrons } from './crons.ts';
import { seedDemo } from './demo.ts';
import { keptSecret } from './kept-secret.ts';
import { startLocal } from './local.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8787' }, 'persist-to': { type: 'string' } },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port takes a number from 0 to 65535, not "${values.port}".`);
  process.exit(2);
}
const home = resolve(values['persist-to'] ?? '.dialmark');

const adminToken = process.env.ADMIN_TOKEN || (await keptSecret(home, 'admin-token'));
const workerKey = process.env.WORKER_KEY || (await keptSecret(home, 'worker-key'));

try {
  const local = await startLocal({
    port,
    persistTo: join(home, 'state'),
    adminToken,
    workerKey,
    demo: true,
    verbose: true,
  });
  await seedDemo(local.edge, adminToken);
  console.log(`
  Dialmark is running.

    Demo page    ${local.edge}/demo/
    Dashboard    ${local.edge}/app/
    API docs     ${local.edge}/docs
    Health       ${local.edge}/healthz
    Admin token  ${process.env.ADMIN_TOKEN ? 'as set in ADMIN_TOKEN' : adminToken}

  State is kept in ${home}. Stop with Ctrl+C.
`);
  const stopCrons = startCrons(local.crons, local.runScheduled);
  const stop = async () => {
    stopCrons();
    await local.stop();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  const inUse =
    (error as { code?: string }).code === 'ERR_ADDRESS_IN_USE' || /EADDRINUSE|address.*in use/i.test(String(error));
  console.error(inUse ? `Port ${port} is in use. Try: npm start -- --port ${port + 1}` : error);
  process.exit(1);
}

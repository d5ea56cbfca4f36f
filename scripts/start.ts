/** `npm start [-- --port N --persist-to DIR]`: Dialmark on this machine, with a demo business to try it on. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { seedDemo } from './demo.ts';
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
await mkdir(home, { recursive: true });

/** A secret of this installation: made once, kept in a file only its owner reads. */
async function secret(name: string): Promise<string> {
  const file = join(home, name);
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await chmod(file, 0o600);
  }
  return (await readFile(file, 'utf8')).trim();
}

const adminToken = process.env.ADMIN_TOKEN || (await secret('admin-token'));
const workerKey = process.env.WORKER_KEY || (await secret('worker-key'));

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
    Health       ${local.edge}/healthz
    Admin token  ${process.env.ADMIN_TOKEN ? 'as set in ADMIN_TOKEN' : adminToken}

  State is kept in ${home}. Stop with Ctrl+C.
`);
  const stop = async () => {
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

/**
 * `npm run self-host [-- --port N --host ADDRESS --data-dir DIR --archive-dir DIR]`: Dialmark on one machine of your own, on the same
 * runtime (workerd) as on Cloudflare, with its databases in a folder. See docs/self-host.md.
 */
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { adminTokenError } from '../packages/edge/src/admission/admin-token.ts';
import { readOptions, readPort } from '../tools/command-line.ts';
import { startCrons } from '../tools/crons.ts';
import { leaveOlderState, noteRuntime, releaseFolder, takeFolder } from '../tools/data-folder.ts';
import { startLocal } from '../tools/local.ts';
import { keptSecret } from './kept-secret.ts';

/** Interval of health checks, and the failures in a row that are tolerated. */
const CHECK_EVERY_MS = 15_000;
const CHECK_TIMEOUT_MS = 10_000;
const FAILURES_ALLOWED = 3;

const values = readOptions('npm run self-host [-- --host ADDRESS --port N --data-dir DIR --archive-dir DIR]', {
  host: { type: 'string', default: process.env.HOST ?? '127.0.0.1' },
  port: { type: 'string', default: process.env.PORT ?? '8787' },
  'data-dir': { type: 'string', default: process.env.DATA_DIR ?? '.dialmark/self-host' },
  'archive-dir': { type: 'string', default: process.env.ARCHIVE_DIR ?? '' },
});
const port = readPort(values.port);
const folder = resolve(values['data-dir']);
const ownToken = process.env.ADMIN_TOKEN;
const error = (ownToken && adminTokenError(ownToken)) || publicUrlFault(process.env.PUBLIC_URL) || jurisdictionFault();
if (error) {
  console.error(error);
  process.exit(2);
}

/** A machine of one's own is where it is. */
function jurisdictionFault(): string | undefined {
  return process.env.JURISDICTION ? 'JURISDICTION only applies to Cloudflare. Unset it.' : undefined;
}

try {
  await takeFolder(folder, '--data-dir');
  const state = join(folder, 'state');
  await leaveOlderState(state, '--data-dir');
  const local = await startLocal({
    localWebhooks: false,
    port: 0,
    direct: { host: values.host, port },
    entry: 'packages/edge/src/self-host.ts',
    persistTo: state,
    adminToken: ownToken || (await keptSecret(folder, 'admin-token')),
    workerKey: process.env.WORKER_KEY || (await keptSecret(folder, 'worker-key')),
    verbose: true,
    variables: { SELF_HOST: 'on' },
    ...(values['archive-dir'] ? { archive: resolve(values['archive-dir']) } : {}),
  });
  await noteRuntime(folder);
  const stopCrons = startCrons(local.crons, local.runScheduled);
  const stop = async () => {
    stopCrons();
    await local.stop();
    await releaseFolder(folder);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Miniflare's own way out ends the process at once, with a code that a service manager reads as a failure.
    process.removeAllListeners(signal).once(signal, stop);
  }
  console.log(`Dialmark runs at ${local.edge}`);
  console.log(`Data: ${folder}`);
  console.log(`Admin token: ${ownToken ? 'as set in ADMIN_TOKEN' : join(folder, 'admin-token')}`);
  await watch(local.edge);
  console.error('The runtime is not responding. Exiting, so that the service manager restarts it.');
  process.exit(1);
} catch (error) {
  const inUse =
    (error as { code?: string }).code === 'ERR_ADDRESS_IN_USE' || /EADDRINUSE|address.*in use/i.test(String(error));
  console.error(inUse ? `Port ${port} of ${values.host} is in use. Use another: --port ${port + 1}` : String(error));
  process.exit(1);
}

/** Returns what is wrong with the address that pages and carriers know this machine by: any `Host` may reach it. */
function publicUrlFault(url: string | undefined): string | null {
  if (!url) {
    return `PUBLIC_URL is not set. Set it to the address that pages and carriers know this machine by, such as https://calls.acme.example; to try it out here, http://localhost:${port}.`;
  }
  const isAddress = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return isAddress ? null : 'PUBLIC_URL must be an address such as https://calls.acme.example.';
}

/** Returns once the runtime has failed to answer several times in a row. */
async function watch(edge: string): Promise<void> {
  for (let failures = 0; failures < FAILURES_ALLOWED; ) {
    await sleep(CHECK_EVERY_MS);
    const answered = await fetch(`${edge}/healthz`, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) }).then(
      (response) => response.arrayBuffer().then(() => true),
      () => false,
    );
    failures = answered ? 0 : failures + 1;
  }
}

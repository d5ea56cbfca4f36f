/**
 * `npm run deploy [-- --dry-run]`: the Worker on your Cloudflare account, with what it needs there. The first time as any
 * other. ADMIN_TOKEN and WORKER_KEY in the environment, when set, are used where the Worker has none yet.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { unstable_readConfig as readConfig } from 'wrangler';
import { build } from '../tools/build/build.ts';
import { writeUpload } from '../tools/build/worker.ts';
import { readOptions } from '../tools/command-line.ts';
import { deploy, type Needs, planOf, SECRETS, uploading, type Wrangler } from './deployment.ts';

const root = new URL('..', import.meta.url).pathname;

const wrangler: Wrangler = (args, { show = false, env = {} } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin/wrangler'), args, {
      cwd: root,
      // Without a terminal it asks nothing: what it would ask is decided here.
      stdio: show ? ['inherit', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, WRANGLER_HIDE_BANNER: 'true', ...env },
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });

interface Bucket {
  bucket_name?: string;
  jurisdiction?: string;
}

interface Queue {
  queue?: string;
  dead_letter_queue?: string;
}

function needs(): Omit<Needs, 'script'> {
  const config = readConfig({ config: join(root, 'wrangler.toml'), env: 'production' });
  const { producers = [], consumers = [] }: { producers?: Queue[]; consumers?: Queue[] } = config.queues;
  const queues = [...producers, ...consumers].flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue]);
  const buckets: Bucket[] = config.r2_buckets;
  return {
    buckets: buckets.flatMap(({ bucket_name: name, jurisdiction }) => (name ? [{ name, jurisdiction }] : [])),
    worker: config.name as string,
    queues: [...new Set(queues.filter((name) => name !== undefined))],
  };
}

try {
  const values = readOptions('npm run deploy [-- --dry-run]', { 'dry-run': { type: 'boolean', default: false } });
  const needed = needs();
  await build();
  const script = await writeUpload();
  if (values['dry-run']) {
    const { code } = await wrangler([...uploading(script), '--dry-run'], { show: true });
    if (code !== 0) throw new Error('The Worker could not be bundled.');
    console.log('\nOn your Cloudflare account, a deployment would:');
    planOf(needed).forEach((step, i) => {
      console.log(`  ${i + 1}. ${step}`);
    });
  } else {
    const { edge, made } = await deploy({ ...needed, script }, wrangler, process.env, (line) => console.log(line));
    console.log('\nDeployed.');
    for (const [name, value] of Object.entries(made)) {
      console.log(
        `\n  ${name}   ${value}\n    ${SECRETS[name as keyof typeof SECRETS]}. Copy it now. You won't see it again.`,
      );
    }
    const address = edge ?? 'https://YOUR-WORKER';
    console.log(`\n  Address      ${address}`);
    console.log(`  The tag      <script async src="${address}/s/YOUR-SITE.js"></script>`);
    console.log(`\nNext: DIALMARK_TOKEN=… npx dialmark init --edge ${address}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The resources that a deploy needs, read from `wrangler.toml`. */
export interface Needs {
  worker: string;
  queues: string[];
  /** R2 buckets, with the jurisdiction each is to be in. */
  buckets: { name: string; jurisdiction: string | undefined }[];
  /** The file of the Worker, built. */
  script: string;
}

/** Runs wrangler; `show` lets it write to the terminal itself. */
export type Wrangler = (
  args: string[],
  options?: { show?: boolean; env?: Record<string, string> },
) => Promise<{ code: number; output: string }>;

export interface Deployed {
  /** Null if wrangler did not say. */
  edge: string | null;
  /** Secrets made by this deploy, to be shown this once. */
  made: Record<string, string>;
}

/** The secrets of the Worker, and what each is for. */
export const SECRETS = {
  ADMIN_TOKEN: 'opens the API and the dashboard',
  WORKER_KEY: "encrypts carriers' secrets; without it they cannot be read any more",
};

const ENVIRONMENT = ['--env', 'production'];

/** Returns wrangler's arguments that upload a built Worker as it is. */
export const uploading = (script: string) => ['deploy', script, '--no-bundle', ...ENVIRONMENT];

/** Returns what a deploy does, in order, for people to read. */
export function planOf({ worker, queues, buckets }: Omit<Needs, 'script'>): string[] {
  return [
    ...queues.map((name) => `create the queue ${name} unless it exists`),
    ...buckets.map(({ name }) => `create the R2 bucket ${name} unless it exists`),
    ...Object.keys(SECRETS).map((name) => `create the secret ${name} unless ${worker} has it`),
    `deploy ${worker}`,
  ];
}

/**
 * Puts the Worker on Cloudflare. Everything is looked for before it is made, so that a deploy that was broken off is
 * simply run again. A secret is only made once it is known not to be there: a new WORKER_KEY in place of the old one
 * would cost the carriers' secrets.
 * @throws Error in words for the operator
 */
export async function deploy(
  needs: Needs,
  wrangler: Wrangler,
  given: Record<string, string | undefined>,
  print: (line: string) => void,
): Promise<Deployed> {
  await run(
    wrangler,
    ['queues', 'list'],
    'You are not logged in to Cloudflare. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN',
  );
  const missing = await missingSecrets(wrangler, given);
  for (const name of needs.queues) await ensureQueue(name, wrangler, print);
  for (const bucket of needs.buckets) await ensureBucket(bucket, wrangler, print);
  const edge = await upload(needs.script, wrangler, missing);
  return { edge, made: Object.fromEntries(Object.entries(missing).filter(([name]) => !given[name])) };
}

async function ensureQueue(name: string, wrangler: Wrangler, print: (line: string) => void): Promise<void> {
  const { code, output } = await wrangler(['queues', 'info', name]);
  if (code === 0) return print(`Queue ${name}: there`);
  if (!/does not exist/i.test(output)) throw new Error(`The queues could not be listed: ${lastLines(output)}`);
  await run(wrangler, ['queues', 'create', name], `The queue ${name} could not be created`);
  print(`Queue ${name}: made`);
}

async function ensureBucket(
  { name, jurisdiction }: Needs['buckets'][number],
  wrangler: Wrangler,
  print: (line: string) => void,
): Promise<void> {
  const where = jurisdiction ? ['--jurisdiction', jurisdiction] : [];
  const { code, output } = await wrangler(['r2', 'bucket', 'info', name, ...where]);
  if (code === 0) return print(`R2 bucket ${name}: there`);
  if (!/does not exist/i.test(output)) throw new Error(`The R2 buckets could not be listed: ${lastLines(output)}`);
  await run(wrangler, ['r2', 'bucket', 'create', name, ...where], `The R2 bucket ${name} could not be created`);
  print(`R2 bucket ${name}: made`);
}

/** Returns the values of the secrets that the Worker does not have: from the environment, or made up. */
async function missingSecrets(
  wrangler: Wrangler,
  given: Record<string, string | undefined>,
): Promise<Record<string, string>> {
  const { code, output } = await wrangler(['secret', 'list', '--format', 'json', ...ENVIRONMENT]);
  const isNew = code !== 0 && /Worker "[^"]+".* not found/.test(output);
  if (code !== 0 && !isNew) throw new Error(`The Worker's secrets could not be listed: ${lastLines(output)}`);
  const there = new Set(isNew ? [] : (readJson(output) as { name: string }[]).map(({ name }) => name));
  const names = Object.keys(SECRETS).filter((name) => !there.has(name));
  return Object.fromEntries(names.map((name) => [name, given[name] || randomBytes(32).toString('base64url')]));
}

/** Deploys with the secrets in the same step, so that no version runs without them. */
async function upload(script: string, wrangler: Wrangler, secrets: Record<string, string>): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'dialmark-deploy-'));
  try {
    const report = join(folder, 'report.ndjson');
    const args = uploading(script);
    if (Object.keys(secrets).length > 0) {
      const file = join(folder, 'secrets.json');
      await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
      args.push('--secrets-file', file);
    }
    await run(wrangler, args, 'The deployment failed', true, { WRANGLER_OUTPUT_FILE_PATH: report });
    return edgeOf(await readFile(report, 'utf8').catch(() => ''));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the Worker's address in wrangler's report: a custom domain where there is one. */
function edgeOf(report: string): string | null {
  const targets = report
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { type?: string; targets?: string[] })
    .flatMap(({ type, targets }) => (type === 'deploy' ? (targets ?? []) : []));
  const hosts = targets.flatMap(
    (target) => /^(?:https:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:$| )/.exec(target)?.[1] ?? [],
  );
  const host = hosts.find((name) => !name.endsWith('.workers.dev')) ?? hosts[0];
  return host ? `https://${host}` : null;
}

async function run(
  wrangler: Wrangler,
  args: string[],
  otherwise: string,
  show = false,
  env: Record<string, string> = {},
) {
  const result = await wrangler(args, { show, env });
  if (result.code !== 0)
    throw new Error(`${otherwise}. ${show ? 'Wrangler says why above.' : lastLines(result.output)}`);
  return result;
}

/** Returns the JSON in an output that may have a notice around it. */
function readJson(output: string): unknown {
  const start = output.indexOf('[');
  const end = output.lastIndexOf(']');
  try {
    return JSON.parse(output.slice(start, end + 1));
  } catch {
    throw new Error(`Wrangler did not return a list: ${lastLines(output)}`);
  }
}

/** Returns what a command said in the end, without its decoration. */
const lastLines = (output: string) =>
  output
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /[a-z]/i.test(line) && !/telemetry|wrangler \d|Logs were written/.test(line))
    .slice(-4)
    .join(' ');

import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { World } from './world.ts';

/**
 * Addresses that each token may be sent to: the addresses that a person named for it. `dialmark.json` comes with a
 * folder, which may be anybody's, so what it names gets no token that was not given to that address before.
 */
type KnownWorkers = Record<string, string[]>;

/** @returns whether the token was sent to this address by somebody who named it */
export async function isKnownTo(world: World, edge: string, token: string): Promise<boolean> {
  return (await read(world))[fingerprint(token)]?.includes(edge) ?? false;
}

/** Notes that a token belongs to an address. A home that cannot be written costs a question later, not the command. */
export async function noteWorker(world: World, edge: string, token: string): Promise<void> {
  const known = await read(world);
  const edges = known[fingerprint(token)] ?? [];
  if (edges.includes(edge)) return;
  const file = fileOf(world);
  const text = JSON.stringify({ ...known, [fingerprint(token)]: [...edges, edge] }, null, 2);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, `${text}\n`, { mode: 0o600 });
  } catch {}
}

function fileOf({ env }: World): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'dialmark', 'workers.json');
}

async function read(world: World): Promise<KnownWorkers> {
  try {
    const known: unknown = JSON.parse(await readFile(fileOf(world), 'utf8'));
    if (typeof known !== 'object' || known === null) return {};
    return Object.fromEntries(Object.entries(known).filter(([, edges]) => Array.isArray(edges)));
  } catch {
    return {};
  }
}

/** Tells tokens apart without keeping them. */
function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Client, createClient } from '@dialmark/shared/client';
import type { Given, Options } from './command.ts';
import { Failure, usageFailure } from './failure.ts';
import { isKnownTo, noteWorker } from './known-workers.ts';
import { readProject } from './project.ts';
import type { World } from './world.ts';

/** The options of every command that talks to a Worker. */
export const CONNECTION = {
  edge: { type: 'string', value: 'URL', text: 'address of the Worker (default: DIALMARK_EDGE, or dialmark.json)' },
  site: { type: 'string', value: 'ID', text: 'key of the site (default: DIALMARK_SITE, or dialmark.json)' },
  'token-file': { type: 'string', value: 'FILE', text: 'file with the token (default: DIALMARK_TOKEN)' },
  help: { type: 'boolean', short: 'h', text: 'show this' },
} as const satisfies Options;

export interface Connection {
  edge: string;
  client: Client;
}

/**
 * Returns the Worker and a client of its API: from options, else the environment, else `dialmark.json`. The token goes by https
 * only, and where `dialmark.json` alone names the address, only if it was given to that address before or somebody agrees.
 */
export async function connect({ values }: Given<typeof CONNECTION>, world: World): Promise<Connection> {
  const named = values.edge ?? world.env.DIALMARK_EDGE;
  const address = named ?? (await readProject(world.cwd))?.edge;
  if (!address) throw usageFailure('--edge is required: the address of your Worker. Or run: dialmark init');
  const edge = edgeOf(address);
  const token = await tokenOf(values['token-file'], world);
  if (!isLoopback(edge)) {
    if (!edge.startsWith('https:')) {
      throw usageFailure(`The token would be sent to ${edge} unencrypted. Use an https:// address.`);
    }
    if (!named && !(await isKnownTo(world, edge, token))) await agree(edge, world);
    await noteWorker(world, edge, token);
  }
  return { edge, client: createClient({ edge, token, fetch: world.fetch }) };
}

/** @throws Failure where nobody agrees */
async function agree(edge: string, world: World): Promise<void> {
  const question = `dialmark.json names ${edge}, to which this token has never been sent. Send it there? [y/N]: `;
  if (/^y(es)?$/i.test((await world.ask?.(question))?.trim() ?? '')) return;
  throw usageFailure(
    `dialmark.json names ${edge}, to which this token has never been sent. If it is your Worker, confirm it once: --edge ${edge}`,
  );
}

/** Returns whether what listens there is on this machine. */
function isLoopback(edge: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(edge).hostname);
}

export interface SiteConnection extends Connection {
  site: string;
}

export async function connectToSite(given: Given<typeof CONNECTION>, world: World): Promise<SiteConnection> {
  const site = given.values.site ?? world.env.DIALMARK_SITE ?? (await readProject(world.cwd))?.site;
  if (!site) throw usageFailure('--site is required: the key of your site. Or run: dialmark init');
  return { ...(await connect(given, world)), site };
}

/** Returns an address as people write it, as an origin. */
export function edgeOf(address: string): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw usageFailure(`"${address}" is not a URL. Use one such as https://calls.acme.example`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw usageFailure(`"${address}" is not a web address. Use one such as https://calls.acme.example`);
  }
  return url.origin;
}

/** Tokens come from the environment or a file: a command line is seen by everyone on the machine and kept in history. */
async function tokenOf(file: string | undefined, world: World): Promise<string> {
  const token = file === undefined ? world.env.DIALMARK_TOKEN : await readSecretFile(file, world);
  if (!token?.trim()) throw usageFailure('A token is required. Set DIALMARK_TOKEN, or use --token-file FILE.');
  return token.trim();
}

export async function readSecretFile(file: string, world: World): Promise<string> {
  try {
    return await readFile(resolve(world.cwd, file), 'utf8');
  } catch (error) {
    throw new Failure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testWorld } from '../test/test-world.ts';
import { run } from './cli.ts';

const OURS = 'https://calls.acme.example';
const THEIRS = 'https://evil.example';
let home: string;
let asked: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dialmark-known-'));
  asked = [];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Lists numbers in a folder whose `dialmark.json` names `edge`. @returns the exit code and what was said */
async function list(edge: string, { args = '', env = {}, answers }: Given = {}) {
  writeFileSync(join(home, 'dialmark.json'), JSON.stringify({ edge, site: 'acme' }));
  const world = testWorld({
    cwd: home,
    env: { HOME: home, DIALMARK_TOKEN: 'token-1', ...env },
    fetch: async (request) => {
      asked.push(`${new URL(request.url).origin} ${request.headers.get('Authorization')}`);
      return Response.json({ items: [], cursor: null });
    },
    ...(answers ? { answers } : {}),
  });
  const code = await run(['numbers', 'list', ...args.split(' ').filter(Boolean)], world);
  return { code, warned: world.warned.join('\n') };
}
interface Given {
  args?: string;
  env?: Record<string, string>;
  answers?: string[];
}

describe('the token', () => {
  it('goes to an address that dialmark.json names only once a person named it for this token', async () => {
    const refused = await list(OURS);
    expect(refused).toMatchObject({ code: 2, warned: expect.stringContaining(`--edge ${OURS}`) });
    expect(asked).toEqual([]);

    expect((await list(OURS, { args: `--edge ${OURS}` })).code).toBe(0);
    expect((await list(OURS)).code).toBe(0);
    expect(asked).toEqual([`${OURS} Bearer token-1`, `${OURS} Bearer token-1`]);

    expect((await list(THEIRS)).code).toBe(2);
    expect((await list(`${OURS}:8443`)).code).toBe(2);
    expect((await list(OURS, { env: { DIALMARK_TOKEN: 'token-2' } })).code).toBe(2);
    expect(asked).toHaveLength(2);
  });

  it('goes where the environment says, and is not written down', async () => {
    expect((await list(THEIRS, { env: { DIALMARK_EDGE: OURS } })).code).toBe(0);
    expect(asked).toEqual([`${OURS} Bearer token-1`]);
    const file = join(home, '.config/dialmark/workers.json');
    expect(readFileSync(file, 'utf8')).not.toContain('token-1');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('asks where somebody is there, and takes no other word than yes for it', async () => {
    expect((await list(OURS, { answers: [''] })).code).toBe(2);
    expect((await list(OURS, { answers: ['n'] })).code).toBe(2);
    expect((await list(OURS, { answers: ['y'] })).code).toBe(0);
    expect((await list(OURS)).code).toBe(0);
    expect(asked).toHaveLength(2);
  });

  it.each(['http://calls.acme.example', 'http://192.168.1.2:8787', 'http://127.0.0.1.evil.example'])(
    'is never sent unencrypted to %s',
    async (edge) => {
      expect(await list(edge, { args: `--edge ${edge}` })).toMatchObject({
        code: 2,
        warned: expect.stringContaining('unencrypted'),
      });
      expect(asked).toEqual([]);
    },
  );

  it.each(['http://127.0.0.1:8787', 'http://localhost:8787', 'http://[::1]:8787'])(
    'goes to this machine, %s, without more ado',
    async (edge) => expect((await list(edge)).code).toBe(0),
  );

  it('is asked for again where the notes are broken', async () => {
    await list(OURS, { args: `--edge ${OURS}` });
    writeFileSync(join(home, '.config/dialmark/workers.json'), 'null');
    expect((await list(OURS)).code).toBe(2);
  });
});

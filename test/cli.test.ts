import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { api } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, AUTH_TOKEN, serveTwilio, twilioNumber } from '../packages/cli/test/strict-twilio.ts';
import { type Local, startLocal } from '../tools/local.ts';

const root = new URL('..', import.meta.url).pathname;
const TOKEN = 'token-of-the-cli-test';
let folder: string;
let local: Local;
let admin: Client;

interface Ran {
  code: number | null;
  out: string;
  err: string;
}
const everything: string[] = [];

/** The built command, as a person runs it in a folder of theirs. */
function dialmark(
  args: string,
  env: Record<string, string> = {},
  watch?: { remarked(text: string): void; stopWhen: RegExp },
): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, 'packages/cli/bin/dialmark.js'), ...args.split(' ')], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, DIALMARK_TOKEN: TOKEN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ran: Ran = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    ran.out += chunk;
    if (watch?.stopWhen.test(ran.out)) child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk) => {
    ran.err += chunk;
    watch?.remarked(ran.err);
  });
  return new Promise((resolve) =>
    child.once('close', (code) => {
      everything.push(ran.out, ran.err);
      resolve({ ...ran, code });
    }),
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialmark-cli-'));
  // Starting Dialmark on this machine has built the command too.
  local = await startLocal({ port: 0, adminToken: TOKEN, workerKey: 'cli' });
  admin = createClient({ edge: local.edge, token: TOKEN });
});

afterAll(async () => {
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('dialmark', () => {
  it('explains itself, and every command', async () => {
    const { code, out } = await dialmark('--help');
    expect(code).toBe(0);
    const commands = ['init', 'deploy', 'numbers import', 'numbers list', 'call', 'tail', 'token create'];
    for (const command of commands) {
      expect(out).toContain(`  ${command} `);
      const help = await dialmark(`${command} --help`);
      expect(help).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Usage') });
    }
  });

  it.each([
    ['frobnicate', /unknown command "frobnicate"/],
    ['numbers', /numbers needs a subcommand: numbers import, numbers list/],
    ['numbers list --colour', /Unknown option '--colour'/],
    ['numbers list extra', /"extra" was not expected/],
    ['numbers list', /--site is required: the key of your site\. Or run: dialmark init/],
    ['init', /--edge is required/],
    ['token create --scope all --edge 127.0.0.1 --site acme', /--scope is required: admin, read or calls/],
    ['call --to 4155550132', /--to is required/],
  ])('given wrongly (%s) says so in one line and exits 2', async (args, message) => {
    const { code, out, err } = await dialmark(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd()).not.toContain('\n');
  });
});

describe('setting up a site', () => {
  it('deploy outside the repository says where to go', async () => {
    const { code, err } = await dialmark('deploy --dry-run');
    expect(code).toBe(1);
    expect(err).toMatch(/not a clone of the Dialmark repository/);
  });

  it('init makes it, shows the tag and notes it, without the token', async () => {
    const init = `init --edge ${local.edge} --site acme --number +14155550100 --origin https://acme.example`;
    const { code, out, err } = await dialmark(init);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`<script async src="${local.edge}/s/acme.js"></script>`);
    const noted = readFileSync(join(folder, 'dialmark.json'), 'utf8');
    expect(JSON.parse(noted)).toEqual({ edge: local.edge, site: 'acme' });
    expect(await admin.call(api.getSite, { site: 'acme' })).toMatchObject({
      origins: ['https://acme.example'],
      targets: [{ id: 'main', number: '+14155550100' }],
    });
  });

  it('init leaves a site that is there as it is', async () => {
    const { code, out } = await dialmark('init --number +14155550199');
    expect(code).toBe(0);
    expect(out).toContain('was not changed');
    expect((await admin.call(api.getSite, { site: 'acme' })).targets[0]?.number).toBe('+14155550100');
  });

  it('init tells what of a new site is wrong', async () => {
    const { code, err } = await dialmark('init --site other --number 555 --origin nonsense');
    expect(code).toBe(1);
    expect(err).toMatch(/origins\.0 must be an origin.*targets\.0\.number must be an E\.164 number/);
  });

  it('numbers import adds what is good of a file and tells of the rest by line', async () => {
    const rows = [
      'number,target,name,source',
      '+14155550132,main,,',
      '555,main,,',
      '"+1 (415) 555-0177",,"Ads, brand",google',
    ];
    writeFileSync(join(folder, 'numbers.csv'), rows.join('\n'));
    const { code, out, err } = await dialmark('numbers import numbers.csv');
    expect(code).toBe(1);
    expect(out).toBe('2 of 3 numbers added to acme.\n');
    expect(err).toMatch(/^numbers\.csv:3: number must be an E\.164 number.*\ndialmark: 1 row was skipped/);
  });

  it('numbers import tells of each line where none is good', async () => {
    writeFileSync(join(folder, 'bad.csv'), 'number,target\n555,main\n+14155550140,nowhere\n');
    const { code, err } = await dialmark('numbers import bad.csv');
    expect(code).toBe(1);
    expect(err).toMatch(/bad\.csv:2: number.*\nbad\.csv:3: target/);
  });

  it('numbers list shows them with their state', async () => {
    const { code, out } = await dialmark('numbers list');
    expect(code).toBe(0);
    expect(out).toMatch(/^NUMBER +TARGET +KIND +STATE +NAME OR RULE\n/);
    expect(out).toMatch(/\+14155550132 +main +pool +free\n/);
    expect(out).toMatch(/\+14155550177 +main +source +fixed +Ads, brand\n/);
    const { out: json } = await dialmark('numbers list --json');
    expect(
      json
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).number)
        .sort(),
    ).toEqual(['+14155550132', '+14155550177']);
  });

  it('numbers import --from twilio points numbers here, gives the site its secret, and adds them', async () => {
    const numbers = [
      twilioNumber('+14155550133'),
      twilioNumber('+14155550100'),
      twilioNumber('+14155550134', { voice_url: 'https://other.example/voice' }),
      twilioNumber('+14155550135'),
    ];
    const twilio = await serveTwilio(numbers);
    const env = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: AUTH_TOKEN, TWILIO_BASE_URL: twilio.origin };

    const dry = await dialmark('numbers import --from twilio --dry-run', env);
    expect(dry.out).toContain('2 of 4 numbers would be added to acme. Nothing was changed.');
    expect(twilio.log.every(({ method }) => method === 'GET')).toBe(true);

    const { code, out, err } = await dialmark('numbers import --from twilio', env);
    await twilio.close();
    expect(code).toBe(0);
    expect(out).toContain('2 numbers added to acme, target main.');
    expect(err).toMatch(/Skipped \+14155550100: it is the printed number of target main/);
    expect(err).toMatch(
      /Skipped \+14155550134: its calls go to https:\/\/other\.example\/voice \(to take it, use --replace\)/,
    );
    const base = `${local.edge}/v1/sites/acme/carriers/twilio`;
    expect(numbers.map(({ voice_url, status_callback }) => [voice_url, status_callback])).toEqual([
      [`${base}/voice`, `${base}/status`],
      [expect.stringContaining('demo.twilio.com'), undefined],
      ['https://other.example/voice', undefined],
      [`${base}/voice`, `${base}/status`],
    ]);
    expect(await admin.call(api.getSite, { site: 'acme' })).toMatchObject({
      carriers: { twilio: { configured: true } },
    });
  });
});

describe('a simulated call', () => {
  const secret = { TWILIO_AUTH_TOKEN: AUTH_TOKEN };

  it('to a leased number is attributed to the visit', async () => {
    await admin.call(api.lease, {
      site: 'acme',
      body: {
        session: 's_1',
        visitor: 'v_1',
        page: { url: 'https://acme.example/roof?utm_source=bing&utm_medium=cpc&utm_campaign=roofs\u001b[2J' },
        client: { address: '203.0.113.9', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
      },
    });
    const numbers = await admin.call(api.listNumbers, { site: 'acme', query: {} });
    const leased = numbers.items.find(({ state }) => state === 'leased')?.number;
    const { code, out, err } = await dialmark(`call --to ${leased} --from +12125550199 --talk 61`, secret);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Call +CA[0-9a-f]{32}, completed 61 s, test call$/m);
    expect(out).toMatch(/^Attributed +Paid Search: bing \/ cpc \/ roofs.* \(active, (\d+|over 99)% sure\)$/m);
    expect(out).not.toContain('\u001b');
  });

  it('that nobody picks up is missed', async () => {
    const { out } = await dialmark('call --to +14155550177 --missed --json', secret);
    expect(JSON.parse(out)).toMatchObject({ carrier: 'twilio', status: 'missed', to: '+14155550177' });
  });

  it('without a carrier is reported by the API, and needs no secret', async () => {
    const { code, out } = await dialmark('call --to +14155550132 --talk 12 --json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      carrier: 'api',
      to: '+14155550132',
      status: 'completed',
      durationSeconds: 12,
    });
    const { out: missed } = await dialmark('call --to +14155550177 --missed');
    expect(missed).toMatch(/^Call +simulated-\S+, missed/m);
    expect(missed).toMatch(/^Attributed +source number$/m);
  });

  it.each([
    ['without the secret', {}, 2, /Set TWILIO_AUTH_TOKEN, or use --secret-file FILE/],
    ['with another secret', { TWILIO_AUTH_TOKEN: 'other' }, 1, /rejected the signature/],
  ])('%s says so', async (_, env, code, message) => {
    const ran = await dialmark('call --to +14155550132 --carrier twilio', env);
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(message);
  });

  it('by a carrier that the site does not have says so', async () => {
    writeFileSync(join(folder, 'secret'), 'signing key');
    const { code, err } = await dialmark('call --to +14155550132 --carrier signalwire --secret-file secret');
    expect(code).toBe(1);
    expect(err).toMatch(/has no secret for signalwire/);
  });
});

describe('the first steps of docs/cli.md', () => {
  it('work as they are written', async () => {
    const page = readFileSync(join(root, 'docs/cli.md'), 'utf8');
    const steps = /## First steps[\s\S]*?```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(steps).toMatch(/init[\s\S]+numbers import[\s\S]+call --to[\s\S]+tail/);
    const script = steps
      .replace(/^export .*$/m, '')
      .replaceAll('npx dialmark', `"${process.execPath}" "${join(root, 'packages/cli/bin/dialmark.js')}"`)
      .replaceAll('http://127.0.0.1:8787', local.edge)
      .replaceAll('acme', 'first');
    const cwd = mkdtempSync(join(folder, 'first-'));
    const env = { PATH: process.env.PATH, HOME: cwd, DIALMARK_TOKEN: TOKEN };
    const ran = await promisify(execFile)('sh', ['-ec', script], { cwd, env });
    expect(ran.stdout).toMatch(/2 of 2 numbers added to first/);
    expect(ran.stdout).toMatch(/^Call +simulated-\S+, completed 93 s, test call$/m);
    expect(ran.stdout).toMatch(/^Attributed +no visit was shown this number$/m);
    expect(await admin.call(api.getSite, { site: 'first' })).toMatchObject({ targets: [{ number: '+14155550100' }] });
  });
});

describe('watching', () => {
  const liveCall = (id: string) =>
    admin.call(api.reportCall, {
      site: 'acme',
      body: { id, from: '+13105550142', to: '+14155550177', startedAt: new Date().toISOString(), durationSeconds: 5 },
    });

  it('tail shows the latest bindings and calls, callers masked', async () => {
    await liveCall('before');
    const look = async () => (await dialmark('tail --once --lines 5')).out;
    await expect
      .poll(look, { timeout: 15_000 })
      .toMatch(/call {5}\+14155550177 {2}from \+1310•••••42 {2}completed 5 s/);
    expect(await look()).toMatch(/binding {2}\+141555501\d\d {2}pool for main {2}session s_1/);
    expect((await dialmark('tail --once --calls --show-callers')).out).toContain('from +13105550142');
  });

  it('tail shows what happens while it runs, and ends well by Ctrl+C', async () => {
    const { code, out, err } = await new Promise<Ran>((resolve, reject) => {
      const remarked = (text: string) => {
        if (text.includes('Watching')) liveCall('live').catch(reject);
      };
      const watch = { remarked, stopWhen: /"id":"live"/ };
      dialmark('tail --json --calls --interval 1 --lines 0', {}, watch).then(resolve, reject);
    });
    expect({ code, err }).toEqual({ code: 0, err: 'Watching acme. Stop with Ctrl+C.\n' });
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([expect.objectContaining({ kind: 'call', id: 'live', from: '+1310•••••42' })]);
  });
});

describe('tokens and secrets', () => {
  it('token create prints the token alone, and it opens what it may', async () => {
    const { code, out, err } = await dialmark('token create --scope read --name dashboard');
    expect(code).toBe(0);
    expect(out).toMatch(/^\S{20,}\n$/);
    expect(err).toMatch(/for acme, scope read\. Copy it now/);
    everything.splice(-2);
    expect((await dialmark('numbers list', { DIALMARK_TOKEN: out.trim() })).code).toBe(0);
    const refused = await dialmark('token create --scope admin', { DIALMARK_TOKEN: out.trim() });
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/does not allow|rejected/);
  });

  it('a token that is wrong, a Worker that is not there: one line each, with what to do', async () => {
    const wrong = await dialmark('numbers list', { DIALMARK_TOKEN: 'wrong' });
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/^dialmark: The token was rejected: .*DIALMARK_TOKEN.*\n$/);
    const nowhere = await dialmark('numbers list --edge http://127.0.0.1:9');
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toMatch(/^dialmark: http:\/\/127\.0\.0\.1:9 is not responding .*\n$/);
  });

  it('no command has printed a secret', () => {
    const printed = everything.join('\n');
    expect(printed).not.toContain(TOKEN);
    expect(printed).not.toContain(AUTH_TOKEN);
  });
});

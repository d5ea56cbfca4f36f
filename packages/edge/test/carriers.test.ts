import { createExecutionContext, runInDurableObject } from 'cloudflare:test';
import { api, type Call, type SiteConfigInput } from '@dialmark/shared';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { app } from '../src/app.ts';
import { decryptSecrets } from '../src/calls/carrier-secrets.ts';
import { SecretStore } from '../src/pool/store/secret-store.ts';
import {
  type Fields,
  type Forgery,
  secretsOf,
  signedGet,
  signedRequest,
  twilioSha256,
  vonageToken,
} from './carrier-signers.ts';
import { type Later, STORIES } from './carrier-stories.ts';
import { admin, drain, env, mainOf, newSite, ORIGIN, poolNumber, takeLedgerAway, worker } from './edge.ts';

const CALLER = '+12125550199';
const DESTINATION = '+14155550100';
const SECRET = 'the secret of the account';
const AD = `${ORIGIN}/?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=abc`;

let calls = 0;
const newCall = () => `call-${++calls}-${crypto.randomUUID().slice(0, 8)}`;

async function siteWith(carrier: CarrierName, config: Partial<SiteConfigInput> = {}, numbers = 3): Promise<string> {
  return newSite(numbers, { carriers: { [carrier]: await secretsOf(carrier, SECRET) }, ...config });
}

const addressOf = (site: string, carrier: string, endpoint: 'voice' | 'status') =>
  `https://edge.example/v1/sites/${site}/carriers/${carrier}/${endpoint}`;

async function send(carrier: CarrierName, url: string, fields: Fields, forgery?: Forgery): Promise<Response> {
  return worker(await signedRequest(carrier, SECRET, url, fields, forgery));
}

/** Brings a call in, and gives what it was answered with. */
async function ring(carrier: CarrierName, site: string, to: string, call = newCall(), from = CALLER) {
  const dialled = { call, from, to };
  const response = await send(carrier, addressOf(site, carrier, 'voice'), STORIES[carrier].incoming(dialled));
  expect(response.status).toBe(200);
  const answer = await response.text();
  const later = STORIES[carrier].answered(dialled, answer, addressOf(site, carrier, 'status'));
  return { call, answer, later };
}

async function tell(carrier: CarrierName, later: readonly Later[]): Promise<void> {
  for (const [url, fields] of later) {
    const response = await send(carrier, url, fields);
    expect([200, 204]).toContain(response.status);
    await response.body?.cancel();
  }
}

const callOf = (site: string, id: string): Promise<Call> => admin.call(api.getCall, { site, id });
const isKnown = async (site: string, id: string) => (await admin.send(api.getCall, { site, id })).status === 200;

describe.each(CarrierName.options)('a call by %s', (carrier) => {
  it('rings the destination and comes back attributed to the visit that was shown the number', async () => {
    const site = await siteWith(carrier);
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page: { url: AD } });
    await mainOf(site, 's_2', { visitor: 'v_2' });

    const { call, answer, later } = await ring(carrier, site, number as string);
    expect(answer).toContain(DESTINATION.slice(1));
    expect(await callOf(site, call)).toMatchObject({ status: 'ringing', durationSeconds: null });

    await tell(carrier, later);
    expect(await callOf(site, call)).toMatchObject({
      ...{ id: call, carrier, from: CALLER, to: number, target: 'main', firstTime: true, spam: false },
      status: 'completed',
      durationSeconds: 60,
      attribution: {
        match: 'active',
        session: { id: 's_1', source: 'google', campaign: 'spring', clickIds: { gclid: 'abc' } },
        visitor: { id: 'v_1', sessions: 1 },
      },
    });

    await drain(site);
    const { items } = await admin.call(api.listCalls, { site, query: {} });
    expect(items).toEqual([await callOf(site, call)]);
  });

  it('is the same call whatever order its webhooks come in, and however often', async () => {
    const site = await siteWith(carrier);
    const to = (await mainOf(site, 's_1', { visitor: 'v_1' })).number as string;
    const straight = await ring(carrier, site, to);
    await tell(carrier, straight.later);
    const lasting = ({ status, durationSeconds, from, target, attribution: { match, session } }: Call) => ({
      ...{ status, durationSeconds, from, to, target, match, session },
    });
    const expected = lasting(await callOf(site, straight.call));
    expect(expected).toMatchObject({ status: 'completed', durationSeconds: 60, match: 'active' });

    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], { minLength: 12 });
    for (const shuffled of fc.sample(order, { numRuns: 4, seed: 7 })) {
      const dialled = { call: newCall(), from: CALLER, to };
      const answer = straight.answer.replaceAll(straight.call, dialled.call);
      const webhooks: Later[] = [
        [addressOf(site, carrier, 'voice'), STORIES[carrier].incoming(dialled)],
        ...STORIES[carrier].answered(dialled, answer, addressOf(site, carrier, 'status')),
      ];
      await tell(
        carrier,
        shuffled.flatMap((index) => webhooks.slice(index, index + 1)),
      );
      expect([shuffled, lasting(await callOf(site, dialled.call))]).toEqual([shuffled, expected]);
    }
    await drain(site);
    expect((await admin.call(api.listCalls, { site, query: {} })).items).toHaveLength(5);
  });

  it('is refused and leaves no trace where it is forged, tampered with, or for another site', async () => {
    const site = await siteWith(carrier);
    const other = await newSite(1, { carriers: { [carrier]: await secretsOf(carrier, 'another account') } });
    const to = poolNumber(0);
    const fields = (call: string) => STORIES[carrier].incoming({ call, from: CALLER, to });
    const voice = addressOf(site, carrier, 'voice');
    const attempts: [what: string, url: string, Forgery][] = [
      ['signed by another account', voice, { secret: 'another account' }],
      ['for another site', addressOf(other, carrier, 'voice'), {}],
      ...[
        'X-Twilio-Signature',
        'X-SignalWire-Signature',
        'telnyx-signature-ed25519',
        'X-Plivo-Signature-V3',
        'Authorization',
      ].map((name): [string, string, Forgery] => [`without ${name}`, voice, { headers: { [name]: null } }]),
    ];
    if (carrier !== 'bandwidth') attempts.push(['tampered with', voice, { signedFields: fields('other') }]);
    if (carrier === 'twilio' || carrier === 'signalwire' || carrier === 'plivo') {
      attempts.push(['signed for the other address', voice, { signedUrl: addressOf(site, carrier, 'status') }]);
    }
    if (carrier === 'telnyx' || carrier === 'vonage') attempts.push(['replayed', voice, { age: 400 }]);

    let refused = 0;
    for (const [what, url, forgery] of attempts) {
      const call = newCall();
      const response = await send(carrier, url, fields(call), forgery);
      if (what.startsWith('without') && response.status === 200) continue;
      refused++;
      expect([what, response.status]).toEqual([what, 403]);
      expect(response.headers.get('Content-Type')).toContain('application/problem+json');
      expect([what, await isKnown(site, call), await isKnown(other, call)]).toEqual([what, false, false]);
    }
    // A carrier has one header of its own among those left out.
    expect(refused).toBe(attempts.length - 4);
  });

  it('is 404 where the carrier is not configured, 413 where it is too long', async () => {
    const bare = await newSite(1);
    const incoming = STORIES[carrier].incoming({ call: newCall(), from: CALLER, to: poolNumber(0) });
    expect((await send(carrier, addressOf(bare, carrier, 'voice'), incoming)).status).toBe(404);
    expect((await send(carrier, addressOf('nobody', carrier, 'voice'), incoming)).status).toBe(404);

    const site = await siteWith(carrier);
    const call = newCall();
    const long = {
      ...STORIES[carrier].incoming({ call, from: CALLER, to: poolNumber(0) }),
      Filler: 'x'.repeat(17_000),
    };
    expect((await send(carrier, addressOf(site, carrier, 'voice'), long)).status).toBe(413);
    expect(await isKnown(site, call)).toBe(false);
  });

  it('is never answered 5xx, whatever it says, and is listed all the same', async () => {
    const site = await siteWith(carrier);
    const odd = fc.constantFrom('', '-1', '9'.repeat(30), '\u0000', "'; --", '<Dial>', 'constructor', '+14155551000');
    const time = fc.constantFrom('+275760-09-13T00:00:00.000Z', '1970-01-01T00:00:01Z', 'NaN', '2026-02-30T00:00:00Z');
    const value = fc.oneof(odd, time, fc.string());
    const usual = STORIES[carrier].incoming({ call: 'odd', from: CALLER, to: poolNumber(0) });
    const names = ['status', 'timestamp', 'Timestamp', 'SessionStart', 'eventTime', 'startTime', 'DialCallStatus'];
    const fields = fc
      .tuple(fc.subarray(Object.keys(usual)), fc.dictionary(fc.constantFrom(...names, ...Object.keys(usual)), value))
      .map(([kept, changed]) => ({ ...Object.fromEntries(kept.map((name) => [name, usual[name]])), ...changed }));
    const where = fc.constantFrom(
      'voice',
      'status?step=1',
      'status?step=99&number=constructor',
      'status?call=odd&whisper=',
    );
    for (const [path, said] of fc.sample(fc.tuple(where, fields), { numRuns: 25, seed: 11 })) {
      const url = `https://edge.example/v1/sites/${site}/carriers/${carrier}/${path}`;
      const { status } = await send(carrier, url, said);
      expect([path, said, status < 300]).toEqual([path, said, true]);
    }
    await drain(site);
    for (const { id } of (await admin.call(api.listCalls, { site, query: {} })).items) {
      expect((await callOf(site, id)).id).toBe(id);
    }
  });

  it('still rings while the ledger is away', async () => {
    const site = await siteWith(carrier);
    const { number } = await mainOf(site, 's_1');
    const ledger = await takeLedgerAway(site);
    try {
      const { call, answer, later } = await ring(carrier, site, number as string);
      expect(answer).toContain(DESTINATION.slice(1));
      await tell(carrier, later);
      await drain(site);
      expect(await callOf(site, call)).toMatchObject({ status: 'completed', attribution: { match: 'active' } });
    } finally {
      await ledger.bringBack();
    }
  });

  it('still rings, by the configuration last known, while its pool fails; and is recorded once the pool is back', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const site = await siteWith(carrier, {
      targets: [
        { id: 'main', number: '+14155550100' },
        { id: 'sales', number: '+14155550200', destination: '+14155550222', forwarding: { timeoutSeconds: 17 } },
      ],
    });
    const body = { numbers: [{ number: '+14155552222', target: 'sales' }] };
    await admin.call(api.addNumbers, { site, body });
    const incoming = (call: string, to: string) => STORIES[carrier].incoming({ call, from: CALLER, to });
    const voice = addressOf(site, carrier, 'voice');
    const pool = env.POOL.getByName(site);
    const breakPool = (way: 'break' | 'mend') =>
      runInDurableObject(pool, (_, { storage }) => {
        const [from, to] = way === 'break' ? ['call_events', 'away'] : ['away', 'call_events'];
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
      });

    const away = {
      ...env.POOL,
      idFromName: () => {
        throw new Error('away');
      },
    } as never;
    const unheard = await signedRequest(carrier, SECRET, voice, incoming(newCall(), poolNumber(0)));
    expect((await app.fetch(unheard, { ...env, POOL: away }, createExecutionContext())).status).toBe(503);
    await ring(carrier, site, poolNumber(0));

    await breakPool('break');
    const call = newCall();
    const response = await send(carrier, voice, incoming(call, '+14155552222'));
    const answer = await response.text();
    expect(response.status).toBe(200);
    expect(answer).toContain('14155550222');
    expect(answer).toContain('17');
    expect((await send(carrier, voice, incoming(newCall(), poolNumber(0)), { secret: 'forged' })).status).toBe(403);
    await breakPool('mend');
    await expect.poll(() => isKnown(site, call), { timeout: 10_000, interval: 200 }).toBe(true);
    vi.restoreAllMocks();
  }, 20_000);
});

describe('algorithms', () => {
  it('are pinned: no other than the carrier’s own counts, whatever the request says', async () => {
    const to = poolNumber(0);
    const attempts: [CarrierName, (url: string, fields: Fields) => Promise<Record<string, string>>][] = [
      ['twilio', async (url, fields) => ({ 'X-Twilio-Signature': await twilioSha256(SECRET, url, fields) })],
      [
        'twilio',
        async (url, fields) => ({
          'X-Twilio-Signature': await twilioSha256(SECRET, url, fields),
          'X-Twilio-Webhooks-Signature-Settings': 'key=k,algorithm=HMAC_SHA256',
        }),
      ],
      ...['none', 'HS512', 'RS256', 'hs256'].map((alg): (typeof attempts)[number] => [
        'vonage',
        async (_, fields) => ({
          Authorization: `Bearer ${await vonageToken(SECRET, JSON.stringify(fields), Math.floor(Date.now() / 1000), alg)}`,
        }),
      ]),
    ];
    for (const [carrier, headers] of attempts) {
      const site = await siteWith(carrier);
      const url = addressOf(site, carrier, 'voice');
      const fields = STORIES[carrier].incoming({ call: newCall(), from: CALLER, to });
      expect((await send(carrier, url, fields, { headers: await headers(url, fields) })).status).toBe(403);
    }
  });
});

describe.each(CarrierName.options)('an address of %s', (carrier) => {
  it.each([
    ['with a slash at its end', (url: string) => url, '/'],
    ['with a slash that a proxy took away', (url: string) => `${url}/`, ''],
    ['in capitals', (url: string) => url.replace('edge.example', 'EDGE.EXAMPLE'), ''],
    ['with a capital', (url: string) => url.replace('edge.example', 'Edge.example'), ''],
    ['with its port', (url: string) => url.replace('edge.example', 'edge.example:443'), ''],
  ])('%s is the same address', async (_, typed, end) => {
    const site = await siteWith(carrier);
    const url = addressOf(site, carrier, 'voice') + end;
    const fields = STORIES[carrier].incoming({ call: newCall(), from: CALLER, to: poolNumber(0) });
    const answer = await send(carrier, url, fields, { signedUrl: typed(url) });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(DESTINATION.slice(1));
    const forged = await send(carrier, url, fields, { signedUrl: typed(url), secret: 'of another account' });
    expect(forged.status).toBe(403);
  });
});

/** A webhook of an incoming call with what the carrier wrote for the parties. */
const arrival = (carrier: CarrierName, call: string, parties: { from?: unknown; to?: unknown }): Fields => {
  const fields = STORIES[carrier].incoming({ call, from: CALLER, to: poolNumber(0) });
  for (const [name, value] of Object.entries(parties)) {
    const key = 'To' in fields ? `${name[0]?.toUpperCase()}${name.slice(1)}` : name;
    if (value === undefined) delete fields[key];
    else fields[key] = value;
  }
  return fields;
};

describe.each(CarrierName.options)('a call by %s to', (carrier) => {
  it.each([
    (n: string) => `sip:${n}@acme.sip.example;region=us1`,
    (n: string) => `<SIPS:${n.slice(1)}@ACME.EXAMPLE:5061>`,
    (n: string) => `sip:${encodeURIComponent(n)}@acme.sip.example`,
    (n: string) => `tel:${n.slice(0, 2)}-${n.slice(2, 5)}-${n.slice(5)};ext=1`,
    (n: string) => `${n.slice(0, 2)} ${n.slice(2, 5)} ${n.slice(5)}`,
  ])('an address is logged and attributed by the number in it (%#)', async (write) => {
    const site = await siteWith(carrier);
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1' });
    const call = newCall();
    const fields = arrival(carrier, call, { from: write(CALLER), to: write(number as string) });
    const response = await send(carrier, addressOf(site, carrier, 'voice'), fields);
    expect(await response.text()).toContain(DESTINATION.slice(1));
    expect(await callOf(site, call)).toMatchObject({
      ...{ from: CALLER, to: number, target: 'main' },
      attribution: { match: 'active', session: { id: 's_1' } },
    });
  });

  it.each([
    { to: '' },
    { to: undefined },
    { to: 'sip:reception@acme.sip.example' },
    { to: 'client:jenny' },
    { to: 'anonymous', from: '' },
  ] as { from?: string; to?: string }[])(
    'no number ($to) rings the first target and is logged with the reason',
    async (parties) => {
      const site = await siteWith(carrier);
      const call = newCall();
      const response = await send(carrier, addressOf(site, carrier, 'voice'), arrival(carrier, call, parties));
      const answer = await response.text();
      expect(answer).toContain(DESTINATION.slice(1));
      const from = parties.from === '' ? null : CALLER;
      const ringing = { from, to: null, target: null, status: 'ringing', hint: { kind: 'no_number' } };
      expect(await callOf(site, call)).toMatchObject({ ...ringing, attribution: { match: 'none', session: null } });

      const dialled = { call, from: parties.from ?? CALLER, to: poolNumber(0) };
      const later = STORIES[carrier].answered(dialled, answer, addressOf(site, carrier, 'status')).slice(0, -1);
      await tell(
        carrier,
        later.map(([url, fields]) => [
          url,
          'To' in fields ? { ...fields, To: '' } : 'to' in fields ? { ...fields, to: '' } : fields,
        ]),
      );
      expect(await callOf(site, call)).toMatchObject({ from, to: null, hint: { kind: 'no_number' } });
      expect((await callOf(site, call)).status).not.toBe('ringing');

      await drain(site);
      const { items } = await admin.call(api.listCalls, { site, query: { hint: 'no_number' } });
      expect(items).toEqual([await callOf(site, call)]);
      const today = new Date().toISOString().slice(0, 10);
      const report = { site, dimension: 'number', query: { from: today, to: today } } as const;
      const { rows } = await admin.call(api.report, report as never);
      expect(rows).toMatchObject([{ key: '(none)', calls: 1 }]);
      const csv = await worker(
        new Request(`https://edge.example/v1/sites/${site}/calls`, {
          headers: { Accept: 'text/csv', Authorization: `Bearer ${env.ADMIN_TOKEN}` },
        }),
      );
      expect(await csv.text()).toContain(`${call},${carrier},`);
    },
  );
});

describe('a call to a number', () => {
  it('that the site does not know rings the first target and belongs to nobody', async () => {
    const site = await siteWith('twilio');
    const { call, answer } = await ring('twilio', site, '+14155559999');
    expect(answer).toContain(DESTINATION);
    expect(await callOf(site, call)).toMatchObject({
      target: null,
      attribution: { match: 'none', confidence: 0, session: null },
      hint: { kind: 'not_added' },
    });
  });

  it('that nobody was shown is listed with the likely reason', async () => {
    const site = await siteWith('twilio');
    const first = await ring('twilio', site, poolNumber(1));
    const second = await ring('twilio', site, poolNumber(1), newCall(), '+12125550142');
    expect(await callOf(site, first.call)).toMatchObject({ hint: { kind: 'stray' }, attribution: { match: 'none' } });
    expect(await callOf(site, second.call)).toMatchObject({ hint: { kind: 'copied' } });
    await drain(site);
    const { items } = await admin.call(api.listCalls, { site, query: { match: 'none', hint: 'copied' } });
    expect(items.map(({ id }) => id)).toEqual([second.call]);
  });

  it('counts callers who withheld their number as one', async () => {
    const site = await siteWith('twilio');
    const withheld = () => ring('twilio', site, poolNumber(1), newCall(), '+266696687');
    const [first, second] = [await withheld(), await withheld()];
    for (const { call } of [first, second]) expect(await callOf(site, call)).toMatchObject({ hint: { kind: 'stray' } });
    const { call } = await ring('twilio', site, poolNumber(1), newCall(), '+12125550142');
    expect((await callOf(site, call)).hint?.detail).toMatch(/^2 different callers /);
  });

  it('that is its own destination never rings itself: it goes on to what comes next', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const site = await siteWith('twilio');
    const { call, answer } = await ring('twilio', site, DESTINATION);
    expect(answer).not.toContain('<Dial');
    expect(await callOf(site, call)).toMatchObject({ target: 'main', hint: { kind: 'printed' } });

    const forwarding = { overflow: { destination: '+14155550111' } };
    const target = { id: 'main', number: DESTINATION, forwarding };
    const spared = await siteWith('twilio', { targets: [target] });
    const { answer: second } = await ring('twilio', spared, DESTINATION);
    expect(second).toContain('+14155550111</Number>');
    expect(second).not.toContain(`${DESTINATION}</Number>`);
    vi.restoreAllMocks();
  });

  it('of a source is said to who picks up by its name, and of a visit by where that came from', async () => {
    const forwarding = { whisper: 'Call from {source}' };
    const site = await siteWith('twilio', { targets: [{ id: 'main', number: '+14155550100', forwarding }] });
    const source = {
      number: '+14155557777',
      target: 'main',
      kind: 'source',
      name: 'Flyer & poster',
      match: { source: 'flyer' },
    } as const;
    await admin.call(api.addNumbers, { site, body: { numbers: [source] } });
    const { number } = await mainOf(site, 's_1', { page: { url: AD } });
    expect((await ring('twilio', site, number as string)).answer).toContain('whisper=Call+from+Google+Ads');
    expect((await ring('twilio', site, source.number)).answer).toContain('whisper=Call+from+Flyer+%26+poster');
  });
});

describe('a call that nobody answers', () => {
  const targets = [
    {
      id: 'main',
      number: '+14155550100',
      forwarding: {
        overflow: { destination: '+14155550111' },
        voicemail: { greeting: 'Speak now.' },
      },
    },
  ];

  it('goes on to the overflow destination, then to voicemail, which is not overwritten by the caller’s leg', async () => {
    const site = await siteWith('twilio', { targets });
    const status = addressOf(site, 'twilio', 'status');
    const { call, answer } = await ring('twilio', site, poolNumber(0));
    const parent = { CallSid: call, From: CALLER, To: poolNumber(0) };
    const after = async (said: string, fields: Fields) => {
      const action = (/action="([^"]+)"/.exec(said)?.[1] ?? '').replaceAll('&amp;', '&');
      const response = await send('twilio', action, { ...parent, CallStatus: 'in-progress', ...fields });
      return response.text();
    };
    const second = await after(answer, { DialCallStatus: 'no-answer', DialCallSid: 'b' });
    expect(second).toContain('+14155550111');
    const third = await after(second, { DialCallStatus: 'busy', DialCallSid: 'c' });
    expect(third).toContain('Speak now.');
    expect(await callOf(site, call)).toMatchObject({ status: 'ringing' });
    await after(third, { RecordingSid: 'RE1', RecordingUrl: 'https://r.example/RE1', RecordingDuration: '9' });
    await tell('twilio', [[status, { ...parent, CallStatus: 'completed', CallDuration: '80' }]]);
    expect(await callOf(site, call)).toMatchObject({
      status: 'voicemail',
      durationSeconds: 0,
      recordingUrl: 'https://r.example/RE1',
    });
  });

  it('outside opening hours goes to voicemail at once, and is missed where no message is left', async () => {
    const forwarding = {
      voicemail: {},
      hours: { open: [{ days: ['mon'], from: '00:00', to: '00:01' }], closedOn: [], whenClosed: { kind: 'voicemail' } },
    } as const;
    const never = {
      ...forwarding,
      hours: {
        ...forwarding.hours,
        open: [{ days: ['mon'] as 'mon'[], from: '00:00', to: '00:01' }],
        closedOn: [new Date().toISOString().slice(0, 10)],
      },
    };
    const site = await siteWith('twilio', { targets: [{ id: 'main', number: '+14155550100', forwarding: never }] });
    const { call, answer } = await ring('twilio', site, poolNumber(0));
    expect(answer).toContain('<Record');
    expect(answer).not.toContain('<Dial');
    const parent = { CallSid: call, From: CALLER, To: poolNumber(0), CallStatus: 'completed', CallDuration: '12' };
    await tell('twilio', [[addressOf(site, 'twilio', 'status'), parent]]);
    expect(await callOf(site, call)).toMatchObject({ status: 'missed', durationSeconds: 0 });
  });
});

describe.each(['twilio', 'plivo'] as const)('a GET of %s', (carrier) => {
  it.each([
    ['as it is', (url: string) => url],
    ['with credentials', (url: string) => url.replace('://', '://acme:s3cret@')],
    ['with a query of its own, bare', (url: string) => `${url}?uri=sip:front@acme.example`],
    ['with a query of its own, escaped', (url: string) => `${url}?uri=sip%3Afront%40acme.example&note=a%20b`],
    ['with a host in capitals', (url: string) => url.replace('edge.example', 'EDGE.example')],
  ])('to the address %s rings, is logged, and is refused where another account signed it', async (_, typed) => {
    const site = await siteWith(carrier);
    const call = newCall();
    const fields = STORIES[carrier].incoming({ call, from: CALLER, to: poolNumber(0) });
    const url = typed(addressOf(site, carrier, 'voice'));
    const forged = await worker(await signedGet(carrier, 'of another account', url, fields));
    expect(forged.status).toBe(403);
    expect(await isKnown(site, call)).toBe(false);
    const response = await worker(await signedGet(carrier, SECRET, url, fields));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(DESTINATION);
    expect(await callOf(site, call)).toMatchObject({ from: CALLER, to: poolNumber(0), status: 'ringing' });
  });
});

describe('a site that is spread over shards', () => {
  it.each(['vonage', 'plivo', 'twilio'] as const)('has each call of %s where its number is', async (carrier) => {
    const site = await siteWith(carrier, {}, 0);
    const got = await admin.call(api.getSite, { site });
    await admin.call(api.putSite, { site, body: { ...got, shards: 3 } as unknown as SiteConfigInput });
    const body = { numbers: Array.from({ length: 6 }, (_, i) => ({ number: poolNumber(i), target: 'main' })) };
    await admin.call(api.addNumbers, { site, body });
    for (let i = 0; i < 6; i++) {
      const { call, later } = await ring(carrier, site, poolNumber(i));
      await tell(carrier, later.toReversed());
      expect(await callOf(site, call)).toMatchObject({ to: poolNumber(i), status: 'completed', durationSeconds: 60 });
      const patched = await admin.call(api.patchCall, { site, id: call, body: { value: i } });
      expect(patched.value).toBe(i);
    }
  });
});

describe('a call known from a carrier and from the API', () => {
  it('is one call: the carrier knows how it went, the API what it was worth', async () => {
    const site = await siteWith('twilio');
    const { number } = await mainOf(site, 's_1');
    const { call, later } = await ring('twilio', site, number as string);
    const report = { id: call, to: number as string, startedAt: new Date().toISOString() };
    await admin.call(api.reportCall, { site, body: { ...report, status: 'missed', value: 120 } });
    await tell('twilio', later);
    await admin.call(api.reportCall, { site, body: { ...report, status: 'in-progress' } });
    expect(await callOf(site, call)).toMatchObject({
      carrier: 'twilio',
      status: 'completed',
      durationSeconds: 60,
      value: 120,
      from: CALLER,
    });
  });

  it('stays missed when all that the carrier adds is the end of the caller’s leg', async () => {
    const site = await siteWith('twilio');
    const call = newCall();
    const body = { id: call, to: poolNumber(0), startedAt: new Date().toISOString(), status: 'missed' } as const;
    await admin.call(api.reportCall, { site, body });
    const fields = { CallSid: call, From: CALLER, To: poolNumber(0), CallStatus: 'completed', CallDuration: '40' };
    await tell('twilio', [[addressOf(site, 'twilio', 'status'), fields]]);
    expect((await callOf(site, call)).status).toBe('missed');
    await admin.call(api.reportCall, { site, body: { ...body, status: 'completed', durationSeconds: 40 } });
    expect((await callOf(site, call)).status).toBe('missed');
  });
});

describe('a call whose facts are no longer kept', () => {
  it('stays what it was when it is corrected', async () => {
    const site = await siteWith('twilio');
    const { call, later } = await ring('twilio', site, poolNumber(0));
    await tell('twilio', later);
    await runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
      storage.sql.exec('DELETE FROM call_events');
    });
    const patched = await admin.call(api.patchCall, { site, id: call, body: { value: 9 } });
    expect(patched).toMatchObject({ status: 'completed', durationSeconds: 60, from: CALLER, value: 9 });
  });
});

describe('spam', () => {
  it('is flagged with its evidence, kept, and corrected by hand', async () => {
    const site = await siteWith('twilio', {}, 6);
    const robot = '+12125550166';
    const rung: string[] = [];
    for (let i = 0; i < 6; i++) rung.push((await ring('twilio', site, poolNumber(i), newCall(), robot)).call);
    const last = rung.at(-1) as string;
    expect(await callOf(site, last)).toMatchObject({ spam: true, spamEvidence: [{ kind: 'many_numbers' }] });
    expect(await callOf(site, rung[0] as string)).toMatchObject({ spam: false, spamScore: 0 });

    const corrected = await admin.call(api.patchCall, {
      site,
      id: last,
      body: { spam: false, value: 55, tags: { crm: 'lead 7', gone: null } },
    });
    expect(corrected).toMatchObject({ spam: false, value: 55, tags: { crm: 'lead 7' }, spamScore: 0.8 });
    const later = [
      addressOf(site, 'twilio', 'status'),
      { CallSid: last, From: robot, To: poolNumber(5), CallStatus: 'completed' },
    ] as Later;
    await tell('twilio', [later]);
    expect(await callOf(site, last)).toMatchObject({ spam: false, value: 55, tags: { crm: 'lead 7' } });
    await drain(site);
    const listed = await admin.call(api.listCalls, { site, query: { spam: 'true' } });
    expect(listed.items.map(({ id }) => id)).toEqual([rung[4]]);
    const undone = await admin.call(api.patchCall, { site, id: last, body: { spam: null, value: null, tags: null } });
    expect(undone).toMatchObject({ spam: true, value: null, tags: null });
    expect((await admin.send(api.patchCall, { site, id: 'nobody', body: {} })).status).toBe(404);
  });
});

describe('callers', () => {
  it('that are kept hashed are nowhere to be read, and known when they call again', async () => {
    const site = await siteWith('twilio', { callers: 'hashed' });
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1' });
    const first = await ring('twilio', site, number as string);
    expect(first.answer).toContain(DESTINATION);
    await tell('twilio', first.later);
    const again = await ring('twilio', site, number as string);
    const report = { id: newCall(), from: CALLER, to: number as string, startedAt: new Date().toISOString() };
    const reported = await admin.call(api.reportCall, { site, body: report });

    const [a, b] = await Promise.all([callOf(site, first.call), callOf(site, again.call)]);
    expect(a.from).toMatch(/^h_[\w-]{22}$/);
    expect([b.from, reported.from]).toEqual([a.from, a.from]);
    expect([a.firstTime, b.firstTime]).toEqual([true, false]);

    await drain(site);
    const { items } = await admin.call(api.listCalls, { site, query: { caller: CALLER } });
    expect(items).toHaveLength(3);
    const stored = await runInDurableObject(env.POOL.getByName(site), (_, { storage }) =>
      ['calls', 'call_events', 'outbox'].map((table) =>
        JSON.stringify(storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
      ),
    );
    expect(stored.join() + JSON.stringify(items)).not.toContain(CALLER.slice(2));
  });

  it('that withhold their number are nobody in particular', async () => {
    const site = await siteWith('twilio');
    const [a, b] = [
      await ring('twilio', site, poolNumber(0), newCall(), 'anonymous'),
      await ring('twilio', site, poolNumber(0), newCall(), '+266696687'),
    ];
    for (const { call } of [a, b]) expect(await callOf(site, call)).toMatchObject({ from: null, firstTime: false });
  });

  it.each(['full', 'hashed'] as const)(
    'that withhold it are nobody where the API reports them (%s)',
    async (callers) => {
      const site = await siteWith('twilio', { callers });
      const startedAt = new Date().toISOString();
      for (const from of [
        '+266696687',
        '+7378742833',
        'anonymous',
        'Restricted',
        '',
        'sip:anonymous@anonymous.invalid',
      ]) {
        const { number } = await mainOf(site, `s_${from.length}`, { visitor: `v_${from.length}` });
        for (let i = 0; i < 2; i++) {
          const body = { id: newCall(), from, to: number as string, startedAt };
          const call = await admin.call(api.reportCall, { site, body });
          expect(call).toMatchObject({ from: null, firstTime: false });
          expect(call.attribution.match).not.toBe('caller');
        }
      }
      await drain(site);
      const { items } = await admin.call(api.listCalls, { site, query: { caller: '+266696687' } });
      expect(items).toEqual([]);
      await admin.call(api.eraseCaller, { site, number: '+266696687' });
      expect((await admin.call(api.listCalls, { site, query: {} })).items).toHaveLength(12);
    },
  );

  it('whose numbers are close to a placeholder are people', async () => {
    const site = await siteWith('twilio');
    for (const from of ['+266696688', '+2666966870', '+12666966877']) {
      const body = { id: newCall(), from, to: poolNumber(0), startedAt: new Date().toISOString() };
      expect(await admin.call(api.reportCall, { site, body })).toMatchObject({ from, firstTime: true });
    }
    const body = { id: newCall(), from: 'jenny', to: poolNumber(0), startedAt: new Date().toISOString() };
    expect((await admin.send(api.reportCall, { site, body })).status).toBe(400);
  });
});

describe('secrets', () => {
  it('are never shown, are kept by what GET shows and by silence, and removed by null', async () => {
    const site = await siteWith('twilio');
    const got = await admin.call(api.getSite, { site });
    expect(got.carriers).toEqual({ twilio: { configured: true } });
    const { carriers, ...rest } = got;

    const rings = async () => {
      const fields = STORIES.twilio.incoming({ call: newCall(), from: CALLER, to: poolNumber(0) });
      return (await send('twilio', addressOf(site, 'twilio', 'voice'), fields)).status;
    };
    const again = await admin.send(api.putSite, { site, body: got as unknown as SiteConfigInput });
    const shown = await again.text();
    expect(JSON.parse(shown)).toEqual(got);
    expect(await rings()).toBe(200);
    await admin.call(api.putSite, { site, body: rest as SiteConfigInput });
    expect(await rings()).toBe(200);
    await admin.call(api.putSite, {
      site,
      body: { ...rest, carriers: { plivo: { authToken: 'p' } } } as SiteConfigInput,
    });
    expect((await admin.call(api.getSite, { site })).carriers).toEqual({
      twilio: carriers.twilio,
      plivo: { configured: true },
    });
    expect(await rings()).toBe(200);
    await admin.call(api.putSite, { site, body: { ...rest, carriers: { twilio: null } } as SiteConfigInput });
    expect((await admin.call(api.getSite, { site })).carriers).toEqual({ plivo: { configured: true } });
    expect(await rings()).toBe(404);

    const list = await admin.call(api.listSites, { query: { limit: '1000' } } as never);
    const stored = await runInDurableObject(env.POOL.getByName(site), (_, { storage }) =>
      ['site', 'carrier_secrets'].map((table) => JSON.stringify(storage.sql.exec(`SELECT * FROM ${table}`).toArray())),
    );
    expect(shown + JSON.stringify(list) + stored.join()).not.toContain(SECRET);
  });

  it('count as a pair while one replaces the other', async () => {
    const site = await newSite(1, { carriers: { twilio: { authToken: ['the new one', SECRET] } } });
    await ring('twilio', site, poolNumber(0));
    const incoming = STORIES.twilio.incoming({ call: newCall(), from: CALLER, to: poolNumber(0) });
    const url = addressOf(site, 'twilio', 'voice');
    expect((await send('twilio', url, incoming, { secret: 'the new one' })).status).toBe(200);
    expect((await send('twilio', url, incoming, { secret: 'the one before' })).status).toBe(403);
  });

  it('are of no use from the moment they are replaced', async () => {
    const site = await siteWith('twilio');
    await ring('twilio', site, poolNumber(0));
    const body = { ...(await admin.call(api.getSite, { site })), carriers: { twilio: { authToken: 'the next one' } } };
    await admin.call(api.putSite, { site, body: body as SiteConfigInput });
    const incoming = STORIES.twilio.incoming({ call: newCall(), from: CALLER, to: poolNumber(0) });
    const url = addressOf(site, 'twilio', 'voice');
    expect((await send('twilio', url, incoming)).status).toBe(403);
    expect((await send('twilio', url, incoming, { secret: 'the next one' })).status).toBe(200);
  });

  it('are read by the Worker’s previous key, and encrypted again under its current one', async () => {
    const site = await siteWith('twilio');
    const before = { current: 'test-worker-key' };
    const after = { current: 'the next key of the Worker' };
    const incoming = STORIES.twilio.incoming({ call: newCall(), from: CALLER, to: poolNumber(0) });
    const rotated = { ...env, WORKER_KEY: after.current, WORKER_KEY_PREVIOUS: before.current };
    const request = await signedRequest('twilio', SECRET, addressOf(site, 'twilio', 'voice'), incoming);
    const context = createExecutionContext();
    expect((await app.fetch(request, rotated, context)).status).toBe(200);
    const stored = await runInDurableObject(
      env.POOL.getByName(site),
      (_, { storage }) => new SecretStore(storage.sql).encrypted().twilio ?? '',
    );
    const secrets = { twilio: { authToken: SECRET } };
    expect(await decryptSecrets(after, site, stored)).toEqual({ secrets, stale: false });
    expect(await decryptSecrets(before, site, stored)).toBeNull();
  });
});

describe('a Worker without a key', () => {
  it('says so where it is to keep secrets or hash callers, and takes everything else', async () => {
    const keyless = { ...env, WORKER_KEY: undefined } as never;
    const put = async (body: object) => {
      const headers = { Authorization: 'Bearer test-admin-token' };
      const text = JSON.stringify({ targets: [{ id: 'main', number: '+14155550100' }], ...body });
      const init = { method: 'PUT', headers, body: text };
      const response = await app.fetch(new Request('https://edge.example/v1/sites/keyless', init), keyless);
      const { errors } = (await response.json()) as { errors?: { path: string }[] };
      return [response.status, errors?.[0]?.path];
    };
    expect(await put({ carriers: { twilio: { authToken: SECRET } } })).toEqual([400, 'carriers']);
    expect(await put({ callers: 'hashed' })).toEqual([400, 'callers']);
    expect(await put({ carriers: { twilio: null } })).toEqual([201, undefined]);
  });
});

describe('Telnyx Call Control', () => {
  it('is answered with 200 and commanded to answer and to transfer to the destination', async () => {
    const commands: { url: string; body: Record<string, unknown>; authorization: string | null }[] = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const request = new Request(input as RequestInfo, init);
      commands.push({
        url: request.url,
        body: (await request.json()) as Record<string, unknown>,
        authorization: request.headers.get('Authorization'),
      });
      return new Response('{}');
    });
    const telnyx = { ...(await secretsOf('telnyx', SECRET)), apiKey: 'KEY1' };
    const site = await newSite(1, { carriers: { telnyx } as never });
    const { number } = await mainOf(site, 's_1');
    const call = newCall();
    const event = (event_type: string, payload: Fields) => ({
      data: {
        ...{ id: crypto.randomUUID(), event_type, occurred_at: new Date().toISOString() },
        payload: {
          call_session_id: call,
          call_control_id: 'v3:a',
          from: CALLER,
          to: number,
          direction: 'incoming',
          ...payload,
        },
      },
    });
    const url = addressOf(site, 'telnyx', 'voice');
    await tell('telnyx', [
      [url, event('call.initiated', { state: 'parked' })],
      [url, event('call.answered', {})],
    ]);
    await vi.waitFor(() => expect(commands).toHaveLength(2));
    expect(commands).toMatchObject([
      { url: 'https://api.telnyx.com/v2/calls/v3:a/actions/answer', authorization: 'Bearer KEY1' },
      { url: 'https://api.telnyx.com/v2/calls/v3:a/actions/transfer', body: { to: DESTINATION } },
    ]);
    expect(await callOf(site, call)).toMatchObject({ carrier: 'telnyx', attribution: { match: 'active' } });
    vi.restoreAllMocks();
  });
});

describe('when a carrier was last heard of', () => {
  const stateOf = async (site: string, carrier: CarrierName) =>
    (await admin.call(api.listCarriers, { site })).items.find((each) => each.carrier === carrier);

  it('is told for each, with why it was turned away last', async () => {
    const site = await siteWith('twilio');
    const never = { lastWebhookAt: null, lastRefusedAt: null, lastRefusal: null };
    expect(await stateOf(site, 'twilio')).toEqual({ carrier: 'twilio', configured: true, ...never });
    expect(await stateOf(site, 'plivo')).toEqual({ carrier: 'plivo', configured: false, ...never });

    const before = Date.now();
    await ring('twilio', site, poolNumber(0));
    const heard = await stateOf(site, 'twilio');
    expect(Date.parse(heard?.lastWebhookAt as string)).toBeGreaterThanOrEqual(before);
    expect(heard).toMatchObject({ lastRefusedAt: null });

    const fields = STORIES.twilio.incoming({ call: newCall(), from: CALLER, to: poolNumber(0) });
    const forged = await worker(
      await signedRequest('twilio', 'another secret', addressOf(site, 'twilio', 'voice'), fields),
    );
    expect(forged.status).toBe(403);
    expect(await stateOf(site, 'twilio')).toMatchObject({
      lastWebhookAt: heard?.lastWebhookAt,
      lastRefusedAt: expect.any(String),
      lastRefusal: 'signature',
    });

    const unknown = STORIES.plivo.incoming({ call: newCall(), from: CALLER, to: poolNumber(0) });
    expect((await send('plivo', addressOf(site, 'plivo', 'voice'), unknown)).status).toBe(404);
    expect(await stateOf(site, 'plivo')).toMatchObject({ lastWebhookAt: null, lastRefusal: 'not_configured' });
  });

  it('writes no more than once a minute, however often strangers knock', async () => {
    const site = await siteWith('twilio');
    const address = addressOf(site, 'twilio', 'voice');
    const knock = () => worker(new Request(address, { method: 'POST', body: 'CallSid=CA1' }));
    const written = () =>
      runInDurableObject(env.POOL.getByName(site), (_, { storage }) =>
        storage.sql.exec('SELECT refused_at AS at FROM carrier_sightings').toArray(),
      );
    expect((await knock()).status).toBe(403);
    const [first] = await written();
    for (let i = 0; i < 5; i++) expect((await knock()).status).toBe(403);
    expect(await written()).toEqual([first]);
  });
});

import { api, type Operation } from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admin, BROWSER, leaseOf, mainOf, newSite, ORIGIN, pageHeaders, poolNumber, worker } from './edge.ts';

const edge = 'https://edge.example';
const request = (path: string, init?: RequestInit) => worker(new Request(edge + path, init));

async function problemOf(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get('Content-Type')).toContain('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown> & {
    errors?: { path: string; code: string; message: string }[];
  };
  expect(problem).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status,
    code: expect.stringMatching(/^[a-z_]+$/),
    detail: expect.any(String),
  });
  return problem;
}

describe('a bad request', () => {
  it('names each field at fault', async () => {
    const response = await request('/v1/sites/acme', {
      method: 'PUT',
      headers: { Authorization: 'Bearer test-admin-token' },
      body: JSON.stringify({
        origins: ['acme.example'],
        targets: [{ id: 'main', number: '415' }],
        timeZone: 'Mars/Base',
      }),
    });
    const { errors } = await problemOf(response, 400);
    expect(errors?.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      'origins.0 invalid_format',
      'targets.0.number not_e164',
      'timeZone unknown_time_zone',
    ]);
  });

  it('is 400 when the body is no JSON, empty, or JSON of another kind', async () => {
    const site = await newSite();
    for (const body of ['{', '', 'null', '[]', '"x"', '{"session":5}']) {
      await problemOf(await request(`/v1/sites/${site}/lease`, { method: 'POST', headers: pageHeaders, body }), 400);
    }
  });

  it('is 401 without a token or with one that is not known', async () => {
    await problemOf(await request('/v1/sites'), 401);
    const response = await request('/v1/sites', { headers: { Authorization: 'Bearer nobody' } });
    await problemOf(response, 401);
    expect(response.headers.get('WWW-Authenticate')).toContain('Bearer');
  });

  it('is 403 from a page that the site does not list, or that names no origin', async () => {
    const site = await newSite();
    const body = JSON.stringify({ session: 's_1', page: { url: 'https://evil.example/' } });
    const from = (headers: Record<string, string>) =>
      request(`/v1/sites/${site}/lease`, { method: 'POST', headers: { 'User-Agent': BROWSER, ...headers }, body });
    await problemOf(await from({ Origin: 'https://evil.example' }), 403);
    await problemOf(await from({ Origin: 'https://acme.example.evil.example' }), 403);
    await problemOf(await from({}), 403);
    expect((await from({ Authorization: 'Bearer test-admin-token' })).status).toBe(200);
  });

  it('is 404 for a site or path that is not there, and leaves no trace of it', async () => {
    const body = JSON.stringify({ session: 's_1', page: { url: `${ORIGIN}/` } });
    await problemOf(await request('/v1/sites/nobody/lease', { method: 'POST', headers: pageHeaders, body }), 404);
    await problemOf(await request('/v1/sites/nobody', { headers: { Authorization: 'Bearer test-admin-token' } }), 404);
    await problemOf(await request('/nothing/here'), 404);
  });

  it('is 413 for a public body over 16 kB, whatever its length claims', async () => {
    const site = await newSite();
    const body = JSON.stringify({ session: 's_1', page: { url: `${ORIGIN}/` }, filler: 'x'.repeat(17_000) });
    const post = (init: RequestInit) =>
      request(`/v1/sites/${site}/lease`, { method: 'POST', headers: pageHeaders, ...init });
    await problemOf(await post({ body }), 413);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    void writer
      .write(new TextEncoder().encode(body))
      .then(() => writer.close())
      .catch(() => {});
    await problemOf(await post({ body: readable }), 413);
  });

  it('takes text/plain, so that a page needs no preflight, and answers one all the same', async () => {
    const site = await newSite();
    const body = JSON.stringify({ session: 's_1', page: { url: `${ORIGIN}/` } });
    const headers = { ...pageHeaders, 'Content-Type': 'text/plain;charset=UTF-8' };
    const response = await request(`/v1/sites/${site}/lease`, { method: 'POST', headers, body });
    expect(response.status).toBe(200);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
    const preflight = await request(`/v1/sites/${site}/lease`, { method: 'OPTIONS', headers: { Origin: ORIGIN } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('Content-Type');
  });

  it('adds the good numbers of a list and says what is wrong with the others', async () => {
    const site = await newSite(0);
    const numbers = [
      { number: poolNumber(1), target: 'main' },
      { number: '0123', target: 'main' },
      { number: poolNumber(1), target: 'main' },
      { number: poolNumber(2), target: 'nowhere' },
      { number: '+14155550100', target: 'main' },
      { number: poolNumber(3), target: 'main', kind: 'source' },
      'nonsense',
    ];
    const answer = await admin.call(api.addNumbers, { site, body: { numbers } });
    expect(answer.added).toBe(1);
    expect(answer.errors.map(({ index, path }) => `${index} ${path}`)).toEqual([
      '1 number',
      '2 number',
      '3 target',
      '4 number',
      '5 match',
      '6 ',
    ]);
  });

  it('is 400 for a day or time that no calendar needs, wherever one is taken', async () => {
    const site = await newSite();
    const asked = async (path: string) =>
      request(`/v1/sites/${site}/${path}`, { headers: { Authorization: 'Bearer test-admin-token' } });
    const [before, after] = ['1969-12-31', '9999-12-31'];
    for (const day of [before, after]) {
      for (const path of [
        `reports/channel?from=${day}&to=${day}`,
        `reports/landing_page?channel=Direct&to=${day}`,
        `compare?a=/a&b=/b&from=${day}&to=${day}`,
        `calls?from=${day}`,
        `calls?to=${day}`,
        `calls?to=${day}T00:00:00Z`,
        `bindings?from=${day}T00:00:00Z`,
        `deliveries?to=${day}T00:00:00Z`,
        `pool/history?from=${day}T00:00:00Z`,
        `attribution?number=%2B14155551000&at=${day}T00:00:00Z`,
      ]) {
        const { errors } = await problemOf(await asked(path), 400);
        expect(errors?.[0]?.message, path).toContain('years 1970 to 2999');
      }
    }
    const far = { id: 'CA1', to: '+14155551000', startedAt: '9999-12-31T23:59:59Z' };
    await problemOf(await admin.send(api.reportCall, { site, body: far as never }), 400);
    const costs = { rows: [{ date: '9999-12-31', cost: 1 }] };
    await problemOf(await admin.send(api.addCosts, { site, body: costs }), 400);
    // The farthest period there is has an answer, with a filter too.
    for (const filter of ['', '&channel=Direct', '&device=mobile']) {
      const period = 'from=1970-01-01&to=2999-12-31&compare=previous';
      expect((await asked(`reports/landing_page?${period}${filter}`)).status).toBe(200);
    }
    expect((await asked('calls?from=1970-01-01&to=2999-12-31')).status).toBe(200);
  });

  it('is 400 for an amount that no business counts in', async () => {
    const site = await newSite();
    const [number] = ['+14155551000'];
    const call = { id: 'CA1', to: number, startedAt: '2026-11-24T10:00:00Z' };
    await admin.call(api.reportCall, { site, body: { ...call, value: 1e12 } as never });
    for (const value of [1e308, 1.1e12, -1e308]) {
      const { errors } = await problemOf(
        await admin.send(api.reportCall, { site, body: { ...call, value } as never }),
        400,
      );
      expect(errors).toMatchObject([{ path: 'value', code: 'out_of_range' }]);
      await problemOf(await admin.send(api.patchCall, { site, id: 'CA1', body: { value } }), 400);
    }
    const rows = [{ date: '2026-11-24', source: 'google', cost: 1e308 }];
    await problemOf(await admin.send(api.addCosts, { site, body: { rows } }), 400);
    const csv = await request(`/v1/sites/${site}/costs`, {
      method: 'POST',
      headers: { Authorization: 'Bearer test-admin-token', 'Content-Type': 'text/csv' },
      body: `date,source,cost\n2026-11-24,google,${'9'.repeat(300)}\n2026-11-24,bing,5\n`,
    });
    expect(await csv.json()).toMatchObject({ added: 1, errors: [{ line: 2, path: 'cost' }] });
    const worth = { targets: [{ id: 'main', number: '+14155550100' }], values: { qualifiedCall: 1e308 } };
    await problemOf(await admin.send(api.putSite, { site, body: worth as never }), 400);
  });

  it('is 400 for a call that is worth less than nothing, and not for one worth nothing', async () => {
    const site = await newSite();
    const call = { id: 'CA1', to: '+14155551000', startedAt: '2026-11-24T10:00:00Z' };
    await problemOf(await admin.send(api.reportCall, { site, body: { ...call, value: -0.01 } as never }), 400);
    await admin.call(api.reportCall, { site, body: { ...call, value: 0 } as never });
    await problemOf(await admin.send(api.patchCall, { site, id: 'CA1', body: { value: -5 } }), 400);
    expect(await admin.call(api.patchCall, { site, id: 'CA1', body: { value: null } })).toMatchObject({ value: null });
    await problemOf(await admin.send(api.reportCall, { site, body: { ...call, durationSeconds: -1 } as never }), 400);
  });

  it('is 400 for a list where an object is meant', async () => {
    const site = await newSite();
    await admin.call(api.reportCall, {
      site,
      body: { id: 'CA1', to: '+14155551000' as never, startedAt: '2026-11-24T10:00:00Z' },
    });
    const tags = await problemOf(
      await admin.send(api.patchCall, { site, id: 'CA1', body: { tags: [1] as never } }),
      400,
    );
    expect(tags.errors).toMatchObject([{ path: 'tags', code: 'wrong_type' }]);
    await leaseOf(site, 's_1');
    const body = JSON.stringify({ type: 'tag', session: 's_1', data: [1] });
    await problemOf(await request(`/v1/sites/${site}/events`, { method: 'POST', headers: pageHeaders, body }), 400);
  });

  it.each(['+05:30', '-0800', 'Mars/Base', '', '05:30'])('is 400 for the time zone %j', async (timeZone) => {
    const config = { targets: [{ id: 'main', number: '+14155550100' }], timeZone };
    const response = await admin.send(api.putSite, { site: 'zoned', body: config as never });
    const { errors } = await problemOf(response, 400);
    const code = timeZone === '' ? 'required' : 'unknown_time_zone';
    expect(errors?.[0]).toMatchObject({ path: 'timeZone', code });
  });

  it('is not what a site in UTC or India sends', async () => {
    for (const timeZone of ['UTC', 'Asia/Kolkata', 'Etc/GMT+5']) await newSite(0, { timeZone });
  });

  it('never gives a robot, or a browser without a name, a number', async () => {
    const site = await newSite();
    for (const userAgent of ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', '']) {
      const main = await mainOf(site, `s_${userAgent.length}`, {}, { 'User-Agent': userAgent });
      expect(main).toMatchObject({ kind: 'none', reason: 'bot', number: null, binding: null, expiresAt: null });
    }
  });

  it('never answers 5xx, whatever is sent', { timeout: 60_000 }, async () => {
    const site = await newSite(1);
    const operations = Object.entries(api as Record<string, Operation>).filter(([, { method }]) => method !== 'DELETE');
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('-1', '9'.repeat(30), '\u0000', '%00', '../..', '+14155551000', 'NaN', "'; --"),
    );
    const shaped = fc.record(
      {
        session: fc.anything(),
        visitor: fc.anything(),
        type: fc.oneof(fc.constantFrom('pageview', 'tag', 'consent', 'leave'), fc.anything()),
        targets: fc.anything(),
        page: fc.oneof(fc.record({ url: fc.oneof(fc.webUrl(), fc.string()), referrer: fc.string() }), fc.anything()),
        data: fc.anything(),
        numbers: fc.array(fc.anything(), { maxLength: 3 }),
        id: fc.anything(),
        from: fc.anything(),
        to: fc.anything(),
        startedAt: fc.oneof(
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          fc.anything(),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations.map(([key]) => key as keyof typeof api)),
        text,
        fc.oneof(shaped, fc.anything()),
        fc.dictionary(
          fc.constantFrom('limit', 'cursor', 'from', 'to', 'number', 'at', 'spam', 'minDuration', 'blocking'),
          text,
        ),
        async (key, name, body, query) => {
          const operation: Operation = api[key];
          const path = operation.path.replace('{site}', site).replace(/\{\w+\}/g, () => encodeURIComponent(name));
          const init: RequestInit = {
            method: operation.method,
            headers: operation.access === 'public' ? pageHeaders : { Authorization: 'Bearer test-admin-token' },
          };
          if (operation.body) init.body = JSON.stringify(body) ?? '';
          const response = await request(`${path}?${new URLSearchParams(query)}`, init);
          await response.text();
          expect(response.status, `${operation.method} ${path}`).toBeLessThan(500);
        },
      ),
      { numRuns: 400 },
    );
    expect((await leaseOf(site, 's_after')).numbers).toBeDefined();
  });
});

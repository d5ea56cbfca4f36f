import { api, type NumbersAdded, type Problem } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { admin, newSite, worker } from './edge.ts';

async function send(site: string, body: BodyInit, { query = '', type = 'text/csv', key = '' } = {}) {
  const response = await worker(
    new Request(`https://edge.example/v1/sites/${site}/numbers${query}`, {
      method: 'POST',
      headers: {
        Authorization: 'Bearer test-admin-token',
        'Content-Type': type,
        ...(key && { 'Idempotency-Key': key }),
      },
      body,
    }),
  );
  return { status: response.status, body: (await response.json()) as NumbersAdded & Problem };
}

const numbersOf = async (site: string) => (await admin.call(api.listNumbers, { site })).items;

const TARGETS = [
  { id: 'sales', number: '+14155550100' },
  { id: 'main', number: '+14155550101' },
];

describe('numbers as a file', () => {
  it('are added with their rules, and rows at fault come back with their line', async () => {
    const site = await newSite(0, { targets: TARGETS });
    const file =
      '\ufeffname,number,target,source\r\nFlyer,+14155550132,sales,flyer\r\n,"(415) 555-0133",,\r\n\r\n,call us,,\r\n,1.41556E+10,,\r\n,+14155550134,nowhere,\r\n';
    const { status, body } = await send(site, file, { type: 'text/csv; charset=utf-8' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      added: 2,
      ignored: [],
      errors: [
        { index: 2, line: 5, path: 'number', code: 'not_e164' },
        { index: 3, line: 6, path: 'number', code: 'rounded' },
        { index: 4, line: 7, path: 'target', code: 'unknown_target' },
      ],
    });
    expect(body.errors).toHaveLength(3);
    expect(await numbersOf(site)).toMatchObject([
      { number: '+14155550132', target: 'sales', kind: 'source', name: 'Flyer', match: { source: 'flyer' } },
      { number: '+14155550133', target: 'main', kind: 'pool', name: null },
    ]);
  });

  it.each([
    ['a carrier’s export', 'Phone Number,Friendly Name,sid\n+14155550132,Van 3,PN1\n', ['sid']],
    ['semicolons', 'number;name\n+14155550132;Van 3\n', []],
    ['tabs in UTF-16', utf16('number\tname\n+14155550132\tVan 3\n'), []],
  ])('are read from %s', async (_, file, ignored) => {
    const site = await newSite(0);
    const { body } = await send(site, file);
    expect(body).toEqual({ added: 1, errors: [], ignored });
    expect(await numbersOf(site)).toMatchObject([{ number: '+14155550132', target: 'main', name: 'Van 3' }]);
  });

  it('are for the target and from the country that the request and the site name', async () => {
    const site = await newSite(0, { targets: TARGETS, country: 'DE' });
    expect((await send(site, '030 901820\n', { query: '?target=sales' })).body.added).toBe(1);
    expect(await numbersOf(site)).toMatchObject([{ number: '+4930901820', target: 'sales' }]);
    expect((await send(site, 'number\n+14155550132\n', { query: '?target=' })).status).toBe(400);
  });

  it('are added once under one Idempotency-Key', async () => {
    const site = await newSite(0);
    const file = 'number\n+14155550132\n';
    expect((await send(site, file, { key: 'k1' })).body.added).toBe(1);
    expect((await send(site, file, { key: 'k1' })).body).toEqual({ added: 1, errors: [], ignored: [] });
    expect((await send(site, file)).body.errors).toMatchObject([{ path: 'rows.2.number', code: 'already_exists' }]);
  });

  it.each([
    ['without a number', 'name\nVan 3\n', 'heading_not_found', ''],
    ['of headings alone', 'number,name\n', 'invalid_request', 'rows'],
    ['that is empty', '', 'heading_not_found', ''],
    ['with a quotation mark left open', 'number,name\n+14155550132,"Van\n', 'quote_not_closed', 'rows.2'],
    ['that is a workbook', 'PK\u0003\u0004', 'not_a_table', ''],
    ['of bad rows alone', 'number\ncall us\n', 'invalid_request', 'rows.2.number'],
  ])('are refused as a file %s', async (_, file, code, path) => {
    const site = await newSite(0);
    const { status, body } = await send(site, file);
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, code, path]);
    expect(await numbersOf(site)).toEqual([]);
  });

  it('are refused beyond ten thousand rows, and beyond the size of a body', async () => {
    const site = await newSite(0);
    const rows = Array.from({ length: 10_001 }, (_, i) => `+1415${5_560_000 + i}\n`).join('');
    const { status, body } = await send(site, `number\n${rows}`);
    expect([status, body.code, body.errors?.[0]?.code]).toEqual([413, 'payload_too_large', 'too_many_rows']);
    expect((await send(site, 'number\n'.padEnd(9 * 1024 * 1024, '\n'))).status).toBe(413);
    expect(await numbersOf(site)).toEqual([]);
  });

  it('are not added without a token, nor to a site that is not there', async () => {
    const request = new Request(`https://edge.example/v1/sites/${await newSite(0)}/numbers`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/csv' },
      body: 'number\n+14155550132\n',
    });
    expect((await worker(request)).status).toBe(401);
    expect((await send('no-such-site', 'number\n+14155550132\n')).status).toBe(404);
  });
});

function utf16(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint16Array([0xfeff, ...[...text].map((char) => char.charCodeAt(0))]).buffer);
}

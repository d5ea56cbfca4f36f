import { generateKeyPairSync, verify } from 'node:crypto';
import type { CallChange } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import {
  changeOf,
  contextOf,
  integrationOf,
  keptBackBy,
  messageOf,
  NOW,
  type Seen,
} from '../../../test/conversions/fixtures.ts';
import { googleDataManager } from './google-data-manager.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const config = {
  kind: 'google_data_manager' as const,
  customerId: '123-456-7890',
  loginCustomerId: '999-888-7777',
  conversionActionId: '42',
};
const integration = integrationOf(config);

let accounts = 0;
/** A service account that no test before has a token of. */
const serviceAccount = () => ({
  serviceAccount: { client_email: `dialmark-${++accounts}@acme.iam.gserviceaccount.com`, private_key },
});

/** Google, as strict as its documentation: any field it does not know or cannot read fails the request. */
function google(status: object = { requestStatus: 'SUCCESS' }) {
  const taken: Record<string, unknown>[] = [];
  const requests: number[] = [];
  const bad = (message: string) =>
    Response.json({ error: { code: 400, status: 'INVALID_ARGUMENT', message } }, { status: 400 });
  const answer = ({ url, method, headers, text }: Seen): Response => {
    if (url.href === 'https://oauth2.googleapis.com/token') {
      const form = new URLSearchParams(text);
      if (form.get('grant_type') === 'refresh_token') {
        return form.get('refresh_token') === 'good'
          ? Response.json({ access_token: 'ya29.good', expires_in: 3599, token_type: 'Bearer' })
          : Response.json({ error: 'invalid_grant' }, { status: 400 });
      }
      const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
      const signed = verify(
        'RSA-SHA256',
        Buffer.from(`${head}.${claims}`),
        publicKey,
        Buffer.from(signature, 'base64url'),
      );
      const { aud, scope, exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString());
      const good =
        form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
        signed &&
        aud === 'https://oauth2.googleapis.com/token' &&
        scope === 'https://www.googleapis.com/auth/datamanager' &&
        exp - iat <= 3600 &&
        iat * 1000 <= NOW;
      return good
        ? Response.json({ access_token: 'ya29.good', expires_in: 3599, token_type: 'Bearer' })
        : Response.json({ error: 'invalid_grant' }, { status: 400 });
    }
    if (headers.get('Authorization') !== 'Bearer ya29.good') return new Response('{}', { status: 401 });
    if (url.origin !== 'https://datamanager.googleapis.com') return new Response(null, { status: 404 });
    if (url.pathname === '/v1/requestStatus:retrieve' && method === 'GET') {
      return Response.json({ requestStatusPerDestination: [{ destination: {}, ...status }] });
    }
    if (url.pathname !== '/v1/events:ingest' || method !== 'POST') return new Response(null, { status: 404 });
    const body = JSON.parse(text);
    requests.push(body.events.length);
    const rejection = ingestError(text);
    if (rejection) return bad(rejection);
    if (body.validateOnly) return Response.json({});
    taken.push(...body.events);
    return Response.json({ requestId: `r_${requests.length}` });
  };
  return { answer, taken, requests };
}

const only = (value: object, allowed: string[]) => Object.keys(value).find((key) => !allowed.includes(key));

function ingestError(text: string): string | null {
  const body = JSON.parse(text);
  const unknown = only(body, ['destinations', 'events', 'consent', 'encoding', 'validateOnly', 'encryptionInfo']);
  if (unknown) return `unknown field ${unknown}`;
  const { destinations, events, encoding } = body;
  if (events.length < 1 || events.length > 2000) return 'events must be 1 to 2,000';
  if (!(destinations?.length > 0)) return 'a destination is required';
  for (const { operatingAccount, loginAccount, productDestinationId, ...rest } of destinations) {
    if (only(rest, [])) return 'unknown field in destination';
    if (!operatingAccount) return 'operatingAccount is required';
    for (const account of [operatingAccount, loginAccount]) {
      if (account && (account.accountType !== 'GOOGLE_ADS' || !/^\d+$/.test(account.accountId ?? '')))
        return 'bad account';
    }
    if (!/^\d+$/.test(productDestinationId ?? '')) return 'bad productDestinationId';
  }
  for (const event of events) {
    const allowed = [
      'transactionId',
      'eventTimestamp',
      'eventSource',
      'adIdentifiers',
      'conversionValue',
      'currency',
      'userData',
      'consent',
    ];
    if (only(event, allowed)) return `unknown field ${only(event, allowed)}`;
    const { eventTimestamp, eventSource, adIdentifiers, conversionValue, currency, userData, consent, transactionId } =
      event;
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(eventTimestamp ?? '')) return 'bad eventTimestamp';
    if (!['WEB', 'APP', 'IN_STORE', 'PHONE', 'OTHER'].includes(eventSource)) return 'bad eventSource';
    if (!transactionId || String(transactionId).length > 64) return 'bad transactionId';
    if (!adIdentifiers && !userData) return 'an identifier is required';
    if (
      adIdentifiers &&
      (only(adIdentifiers, ['gclid', 'gbraid', 'wbraid']) || Object.keys(adIdentifiers).length !== 1)
    )
      return 'bad adIdentifiers';
    if (Object.values(adIdentifiers ?? {}).some((id) => id === 'BAD')) return 'invalid gclid';
    if ((conversionValue !== undefined) !== (currency !== undefined)) return 'value and currency go together';
    if (conversionValue !== undefined && !(conversionValue >= 0 && /^[A-Z]{3}$/.test(currency))) return 'bad value';
    if (consent && only(consent, ['adUserData', 'adPersonalization'])) return 'bad consent';
    const granted = ['CONSENT_GRANTED', 'CONSENT_DENIED', 'CONSENT_STATUS_UNSPECIFIED'];
    if (Object.values(consent ?? {}).some((status) => !granted.includes(status as string))) return 'bad consent';
    if (userData) {
      if (encoding !== 'HEX' && encoding !== 'BASE64') return 'encoding is required';
      for (const { phoneNumber } of userData.userIdentifiers) {
        if (!/^[0-9a-f]{64}$/.test(phoneNumber)) return 'bad phoneNumber';
      }
    }
  }
  return null;
}

async function send(
  changes: CallChange[],
  stand = google(),
  secrets: never = serviceAccount() as never,
  to = integration,
) {
  const context = contextOf(stand.answer);
  const outcomes = await googleDataManager.send(
    to,
    secrets,
    changes.map((each) => messageOf(each)),
    context,
  );
  return { outcomes, ...stand, seen: context.seen };
}

describe('Google Data Manager', () => {
  it('takes a call with the token of a service account', async () => {
    const { outcomes, taken } = await send([changeOf({ value: 12.5 })]);
    expect(outcomes.get('d_CA1')).toMatchObject({ became: 'accepted', receipt: 'r_1' });
    expect(taken).toEqual([
      {
        transactionId: 'CA1',
        eventTimestamp: '2026-11-24T21:08:38.000Z',
        eventSource: 'PHONE',
        adIdentifiers: { gclid: 'Cj0KCQ-abc_1' },
        conversionValue: 12.5,
        currency: 'USD',
        consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
      },
    ]);
  });

  it('takes a call with a refresh token, and asks for one token only', async () => {
    const secrets = { clientId: 'c', clientSecret: 's', refreshToken: 'good' } as never;
    const first = await send([changeOf()], google(), secrets);
    expect(first.outcomes.get('d_CA1')).toMatchObject({ became: 'accepted' });
    const second = await send([changeOf()], google(), secrets);
    expect(second.seen.map(({ url }) => url.pathname)).toEqual(['/v1/events:ingest']);
  });

  it('waits where the credentials are rejected: people can mend them', async () => {
    const secrets = { clientId: 'c', clientSecret: 's', refreshToken: 'revoked' } as never;
    const { outcomes } = await send([changeOf()], google(), secrets);
    expect(outcomes.get('d_CA1')).toMatchObject({
      became: 'postponed',
      error: expect.stringContaining('invalid_grant'),
    });
  });

  it('gets every good call through though one of them fails the request', async () => {
    const changes = Array.from({ length: 20 }, (_, n) => changeOf({}, {}, `CA${n}`));
    (changes[7] as CallChange).clicks = [{ name: 'gclid', value: 'BAD', at: '2026-11-24T20:00:00.000Z' }];
    const { outcomes, taken } = await send(changes);
    expect(outcomes.get('d_CA7')).toMatchObject({
      became: 'rejected',
      error: 'answered 400: INVALID_ARGUMENT: invalid gclid',
    });
    expect(taken).toHaveLength(19);
  });

  it('sends no more than 2,000 events in a request', async () => {
    const { requests } = await send(Array.from({ length: 2001 }, (_, n) => changeOf({}, {}, `CA${n}`)));
    expect(requests).toEqual([2000, 1]);
  });

  it('uses the latest of a visitor’s clicks, whichever of Google’s ids it has', async () => {
    const clicks = [
      { name: 'gclid', value: 'old', at: '2026-11-20T20:00:00.000Z' },
      { name: 'wbraid', value: 'new', at: '2026-11-23T20:00:00.000Z' },
      { name: 'msclkid', value: 'other', at: '2026-11-24T20:00:00.000Z' },
    ];
    const { taken } = await send([changeOf({}, { clicks })]);
    expect(taken[0]).toMatchObject({ adIdentifiers: { wbraid: 'new' } });
  });

  it('hashes the caller with the plus, and only where it is told to', async () => {
    const to = integrationOf({ ...config, hashedCaller: true, consent: 'implied' });
    const { taken } = await send([changeOf({}, { clicks: [] })], google(), serviceAccount() as never, to);
    expect(taken[0]).toEqual({
      transactionId: 'CA1',
      eventTimestamp: '2026-11-24T21:08:38.000Z',
      eventSource: 'PHONE',
      // printf %s +12125550199 | sha256sum
      userData: {
        userIdentifiers: [{ phoneNumber: '1c7f8f8ad3a6fc219020c4474a4b924f7edc69197f42ae2816d9a0a9e0cfe68f' }],
      },
    });
  });

  it('does not plan calls it could not place', () => {
    const rejection = (change: CallChange, to = integration) => keptBackBy(to, change);
    expect(rejection(changeOf())).toBeNull();
    expect(rejection(changeOf({}, { clicks: [] }))).not.toBeNull();
    expect(
      rejection(changeOf({}, { clicks: [{ name: 'gclid', value: '<script>', at: '2026-11-24T20:00:00Z' }] })),
    ).not.toBeNull();
    expect(
      rejection(changeOf({}, { clicks: [{ name: 'gclid', value: 'x', at: '2026-08-01T20:00:00Z' }] })),
    ).not.toBeNull();
    expect(rejection(changeOf({ startedAt: '2026-08-01T00:00:00Z' }))).not.toBeNull();
    const hashing = integrationOf({ ...config, hashedCaller: true });
    expect(rejection(changeOf({}, { clicks: [] }), hashing)).toBeNull();
    expect(rejection(changeOf({ from: 'h_0123abcd' }, { clicks: [] }), hashing)).not.toBeNull();
  });

  it.each([
    [{ requestStatus: 'SUCCESS' }, { became: 'delivered' }],
    [{ requestStatus: 'PROCESSING' }, { became: 'postponed', error: 'still processing' }],
    [
      {
        requestStatus: 'FAILED',
        errorInfo: { errorCounts: [{ reason: 'PROCESSING_ERROR_REASON_INVALID_GCLID', recordCount: '1' }] },
      },
      { became: 'rejected', error: '1 PROCESSING_ERROR_REASON_INVALID_GCLID' },
    ],
    [
      { requestStatus: 'PARTIAL_SUCCESS', errorInfo: { errorCounts: [{ reason: 'X', recordCount: '2' }] } },
      { became: 'delivered', note: expect.stringContaining('2 X') },
    ],
  ])('asks later what became of a request: %o', async (status, outcome) => {
    const context = contextOf(google(status).answer);
    const messages = [messageOf(changeOf(), 'r_9'), messageOf(changeOf({}, {}, 'CA2'), 'r_9')];
    const outcomes = await googleDataManager.send(integration, serviceAccount() as never, messages, context);
    expect(outcomes.get('d_CA2')).toMatchObject(outcome);
    expect(context.seen.filter(({ url }) => url.pathname === '/v1/requestStatus:retrieve')).toHaveLength(1);
  });

  it('is tried out by validateOnly, with the words of Google', async () => {
    const stand = google();
    const context = contextOf(stand.answer);
    const site = { id: 'acme', name: 'Acme', currency: 'USD', timeZone: 'UTC' } as const;
    const test = (to: typeof integration, secrets: object) =>
      googleDataManager.test(to, secrets as never, site as never, context);
    expect(await test(integration, serviceAccount())).toMatchObject({ delivered: true, status: 200 });
    const asked = context.seen.filter(({ url }) => url.pathname === '/v1/events:ingest');
    expect(asked.map(({ text }) => JSON.parse(text).validateOnly)).toEqual([true]);
    expect(stand.taken).toEqual([]);
    const bad = { ...integration, conversionActionId: 'x' };
    expect(await test(bad, serviceAccount())).toEqual({
      delivered: false,
      status: 400,
      detail: 'INVALID_ARGUMENT: bad productDestinationId',
    });
    const revoked = { clientId: 'c', clientSecret: 's', refreshToken: 'revoked' };
    expect(await test(integration, revoked)).toEqual({ delivered: false, status: 400, detail: 'invalid_grant' });
  });

  it('sends calls from ads by who called and when, and by nothing else', async () => {
    const to = integrationOf({ ...config, calls: 'from_ads' });
    const fromAd = changeOf({}, { preset: 'google_call_asset' });
    const { taken } = await send([fromAd], google(), serviceAccount() as never, to);
    expect(taken).toEqual([
      {
        transactionId: 'CA1',
        eventTimestamp: '2026-11-24T21:08:38.000Z',
        eventSource: 'PHONE',
        userData: {
          userIdentifiers: [{ phoneNumber: '1c7f8f8ad3a6fc219020c4474a4b924f7edc69197f42ae2816d9a0a9e0cfe68f' }],
        },
      },
    ]);
    const nobody = { ...fromAd.call.attribution, session: null, visitor: null };
    expect(keptBackBy(to, changeOf({ attribution: nobody }, { preset: 'google_call_asset', clicks: [] }))).toBeNull();
    expect(keptBackBy(to, changeOf())).toBe('not_from_ads');
    expect(keptBackBy(to, changeOf({}, { preset: 'radio' }))).toBe('not_from_ads');
    expect(keptBackBy(to, changeOf({ from: null }, { preset: 'google_call_asset' }))).toBe('no_caller');
  });
});

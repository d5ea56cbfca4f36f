import type { CallNews } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { integrationOf, NOW, newsOf, parcelOf, type Seen, surroundingsOf } from './fixtures.ts';
import { microsoftAds } from './microsoft-ads.ts';

const MSCLKID = 'f894f652ea334e739002f7167ab8f8e3';
const clicks = [{ name: 'msclkid', value: MSCLKID, at: '2026-11-24T20:00:00.000Z' }];
const integration = integrationOf({ kind: 'microsoft_ads', customerId: '11', accountId: '22', goalName: 'Phone call' });

/** Microsoft takes what is right and names what is wrong by its place. */
function answer({ url, method, headers, text }: Seen): Response {
  if (url.href === 'https://login.microsoftonline.com/common/oauth2/v2.0/token') {
    const form = new URLSearchParams(text);
    const good =
      form.get('grant_type') === 'refresh_token' &&
      form.get('scope') === 'https://ads.microsoft.com/msads.manage offline_access' &&
      form.get('refresh_token') === 'good';
    return good
      ? Response.json({ access_token: 'ms.good', expires_in: 3600 })
      : Response.json({ error: 'invalid_grant' }, { status: 400 });
  }
  const path = 'https://campaign.api.bingads.microsoft.com/CampaignManagement/v13/OfflineConversions/Apply';
  if (url.href !== path || method !== 'POST') return new Response(null, { status: 404 });
  const known = ['DeveloperToken', 'CustomerId', 'CustomerAccountId'].map((name) => headers.get(name)).join();
  if (headers.get('Authorization') !== 'Bearer ms.good' || known !== 'dev,11,22')
    return new Response('{}', { status: 401 });
  const { OfflineConversions, ...rest } = JSON.parse(text);
  if (Object.keys(rest).length > 0 || OfflineConversions.length > 1000) return new Response('{}', { status: 400 });
  const PartialErrors = OfflineConversions.flatMap((each: Record<string, string | number>, Index: number) => {
    const { ConversionName, ConversionTime, MicrosoftClickId, ConversionValue, ConversionCurrencyCode, ...more } = each;
    const wrong =
      Object.keys(more)[0] ??
      (ConversionName !== 'Phone call' && 'InvalidConversionName') ??
      (!String(ConversionTime).endsWith('Z') && 'InvalidConversionTime');
    const bad = wrong || (!/^[0-9a-f]{32}$/.test(String(MicrosoftClickId)) && 'InvalidMicrosoftClickId');
    const halfMoney = (ConversionValue === undefined) !== (ConversionCurrencyCode === undefined) && 'InvalidCurrency';
    return bad || halfMoney ? [{ Index, ErrorCode: bad || halfMoney, Message: 'is not valid' }] : [];
  });
  return Response.json({ PartialErrors, TrackingId: 't' });
}

async function send(news: CallNews[], refreshToken = 'good') {
  const surroundings = surroundingsOf(answer);
  const secrets = { developerToken: 'dev', clientId: 'c', refreshToken };
  const outcomes = await microsoftAds.send(
    integration,
    secrets,
    news.map((each) => parcelOf(each)),
    surroundings,
  );
  return { outcomes, seen: surroundings.seen };
}

describe('Microsoft Advertising', () => {
  it('takes a call by its click, in UTC', async () => {
    const { outcomes, seen } = await send([newsOf({ value: 40 }, { clicks })]);
    expect(outcomes.get('d_CA1')).toEqual({ became: 'delivered', status: 200 });
    expect(JSON.parse(seen.at(-1)?.text ?? '')).toEqual({
      OfflineConversions: [
        {
          ConversionName: 'Phone call',
          ConversionTime: '2026-11-24T21:08:38.000Z',
          MicrosoftClickId: MSCLKID,
          ConversionValue: 40,
          ConversionCurrencyCode: 'USD',
        },
      ],
    });
  });

  it('refuses the one that is wrong and no other', async () => {
    const wrong = [{ name: 'msclkid', value: 'nonsense', at: '2026-11-24T20:00:00.000Z' }];
    const { outcomes } = await send([newsOf({}, { clicks }), newsOf({}, { clicks: wrong }, 'CA2')]);
    expect(outcomes.get('d_CA1')).toMatchObject({ became: 'delivered' });
    expect(outcomes.get('d_CA2')).toMatchObject({ became: 'refused', error: 'InvalidMicrosoftClickId: is not valid' });
  });

  it('sends no more than 1,000 conversions in a request', async () => {
    const { seen } = await send(Array.from({ length: 1001 }, (_, n) => newsOf({}, { clicks }, `CA${n}`)));
    const sizes = seen
      .filter(({ url }) => url.hostname.startsWith('campaign'))
      .map(({ text }) => JSON.parse(text).OfflineConversions.length);
    expect(sizes).toEqual([1000, 1]);
  });

  it('waits where the token is refused', async () => {
    const { outcomes } = await send([newsOf({}, { clicks })], 'revoked');
    expect(outcomes.get('d_CA1')).toMatchObject({
      became: 'postponed',
      error: expect.stringContaining('invalid_grant'),
    });
  });

  it('has nothing to say of a call without a click of Microsoft’s', () => {
    expect(microsoftAds.fault(integration, newsOf({}, { clicks }), NOW)).toBeNull();
    expect(microsoftAds.fault(integration, newsOf(), NOW)).not.toBeNull();
  });
});

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
    const errors = {
      UnknownField: Object.keys(more).length > 0,
      InvalidConversionName: ConversionName !== 'Phone call',
      InvalidConversionTime: !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(String(ConversionTime)),
      FutureConversionTime: Date.parse(String(ConversionTime)) > NOW,
      InvalidMicrosoftClickId: !/^[0-9a-f]{32}$/.test(String(MicrosoftClickId)),
      InvalidCurrency: (ConversionValue === undefined) !== (ConversionCurrencyCode === undefined),
    };
    const ErrorCode = Object.entries(errors).find(([, isWrong]) => isWrong)?.[0];
    return ErrorCode ? [{ Index, ErrorCode, Message: 'is not valid' }] : [];
  });
  return Response.json({ PartialErrors, TrackingId: 't' });
}

async function send(changes: CallChange[], refreshToken = 'good') {
  const context = contextOf(answer);
  const secrets = { developerToken: 'dev', clientId: 'c', refreshToken };
  const outcomes = await microsoftAds.send(
    integration,
    secrets,
    changes.map((each) => messageOf(each)),
    context,
  );
  return { outcomes, seen: context.seen };
}

describe('Microsoft Advertising', () => {
  it('takes a call by its click, in UTC', async () => {
    const { outcomes, seen } = await send([changeOf({ value: 40 }, { clicks })]);
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

  it('rejects the one that is wrong and no other', async () => {
    const wrong = [{ name: 'msclkid', value: 'nonsense', at: '2026-11-24T20:00:00.000Z' }];
    const { outcomes } = await send([changeOf({}, { clicks }), changeOf({}, { clicks: wrong }, 'CA2')]);
    expect(outcomes.get('d_CA1')).toMatchObject({ became: 'delivered' });
    expect(outcomes.get('d_CA2')).toMatchObject({ became: 'rejected', error: 'InvalidMicrosoftClickId: is not valid' });
  });

  it.each([
    ['a time that is not in UTC', { ConversionTime: '2026-11-24T21:08:38+01:00' }, 'InvalidConversionTime'],
    ['a time that is none', { ConversionTime: 'NaNZ' }, 'InvalidConversionTime'],
    ['a time still to come', { ConversionTime: '2099-11-24T21:08:38Z' }, 'FutureConversionTime'],
    ['another goal', { ConversionName: 'Other' }, 'InvalidConversionName'],
    ['a field of ours', { CallId: 'CA1' }, 'UnknownField'],
    ['a value without its currency', { ConversionValue: 40 }, 'InvalidCurrency'],
  ])('would be rejected %s', async (_, wrong, ErrorCode) => {
    const { seen } = await send([changeOf({}, { clicks })]);
    const sent = seen.at(-1) as Seen;
    const [conversion] = JSON.parse(sent.text).OfflineConversions;
    const text = JSON.stringify({ OfflineConversions: [{ ...conversion, ...wrong }] });
    expect(await answer({ ...sent, text }).json()).toMatchObject({ PartialErrors: [{ Index: 0, ErrorCode }] });
  });

  it('sends no more than 1,000 conversions in a request', async () => {
    const { seen } = await send(Array.from({ length: 1001 }, (_, n) => changeOf({}, { clicks }, `CA${n}`)));
    const sizes = seen
      .filter(({ url }) => url.hostname.startsWith('campaign'))
      .map(({ text }) => JSON.parse(text).OfflineConversions.length);
    expect(sizes).toEqual([1000, 1]);
  });

  it('waits where the token is rejected', async () => {
    const { outcomes } = await send([changeOf({}, { clicks })], 'revoked');
    expect(outcomes.get('d_CA1')).toMatchObject({
      became: 'postponed',
      error: expect.stringContaining('invalid_grant'),
    });
  });

  it('has nothing to say of a call without a click of Microsoft’s', () => {
    expect(keptBackBy(integration, changeOf({}, { clicks }))).toBeNull();
    expect(keptBackBy(integration, changeOf())).toBe('no_click_id');
  });
});

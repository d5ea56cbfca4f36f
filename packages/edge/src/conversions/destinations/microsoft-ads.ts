import { CLICK_LIFE, type IntegrationOf, rfc3339 } from '@dialmark/shared';
import { amountOf } from '../amount.ts';
import { clickOf } from '../click.ts';
import { type Answer, ask, json, unsuccessful, untried } from './answer.ts';
import { batchesOf } from './bisect.ts';
import type { DestinationOf, Outcome, OutgoingMessage, SendContext } from './destination.ts';
import { byRefreshToken, forgetToken } from './oauth.ts';

/**
 * Microsoft Advertising, `ApplyOfflineConversions` in its REST form
 * (https://learn.microsoft.com/advertising/campaign-management-service/applyofflineconversions): what is wrong comes
 * back for each conversion, the others are taken. The same click id and time counts once there.
 */

/** As in Microsoft's own REST library: https://github.com/BingAds/BingAds-PHP-REST-SDK, `CampaignManagementServiceApi`. */
const APPLY = 'https://campaign.api.bingads.microsoft.com/CampaignManagement/v13/OfflineConversions/Apply';
const TOKENS = 'https://login.microsoftonline.com/common/oauth2/v2.0/token';
const SCOPE = 'https://ads.microsoft.com/msads.manage offline_access';
const CONVERSIONS_MAX = 1000;

type Integration = IntegrationOf<'microsoft_ads'>;

export const microsoftAds: DestinationOf<'microsoft_ads'> = {
  rules: {
    outside_window(_, change, __, now) {
      const click = clickOf(change, ['msclkid']);
      return click && now - click.at > CLICK_LIFE ? 'The ad click is older than 90 days.' : null;
    },
    no_click_id: (_, change) =>
      clickOf(change, ['msclkid']) ? null : 'No ad click of Microsoft Advertising (msclkid) is known.',
  },

  async send(integration, secrets, messages, context) {
    const { developerToken, ...credentials } = secrets;
    const access = await byRefreshToken({ tokenUrl: TOKENS, scope: SCOPE, ...credentials }, context);
    const outcomes = new Map<string, Outcome>();
    for (const batch of batchesOf(messages, CONVERSIONS_MAX)) {
      const answer =
        'failure' in access ? access.failure : await apply(integration, developerToken, access.token, batch, context);
      if ('token' in access && answer.status === 401) forgetToken(access.token);
      const errors = answer.status === 200 && 'token' in access ? partialErrors(answer) : null;
      for (const [index, { id }] of batch.entries()) {
        if (errors === null) outcomes.set(id, postponed(answer));
        else {
          const error = errors.get(index);
          outcomes.set(
            id,
            error === undefined ? { became: 'delivered', status: 200 } : { became: 'rejected', status: 200, error },
          );
        }
      }
    }
    return outcomes;
  },

  test: async () =>
    untried(
      'Microsoft Advertising cannot check a conversion without counting it. The delivery log shows the first one.',
    ),
};

function apply(
  integration: Integration,
  developerToken: string,
  token: string,
  messages: readonly OutgoingMessage[],
  context: SendContext,
): Promise<Answer> {
  return ask(context, APPLY, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      DeveloperToken: developerToken,
      CustomerId: integration.customerId,
      CustomerAccountId: integration.accountId,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(applyBody(integration, messages)),
  });
}

/** The body of `OfflineConversions/Apply`. Times are UTC. */
function applyBody(integration: Integration, messages: readonly OutgoingMessage[]): Record<string, unknown> {
  return {
    OfflineConversions: messages.map(({ change, occasion }) => {
      const value = amountOf(occasion, integration);
      return {
        ConversionName: integration.goalName,
        ConversionTime: rfc3339(occasion.at),
        MicrosoftClickId: clickOf(change, ['msclkid'])?.value,
        ...(value === null ? {} : { ConversionValue: value, ConversionCurrencyCode: change.site.currency }),
      };
    }),
  };
}

/** Returns the errors by the conversion's index in the request. */
function partialErrors(answer: Answer): Map<number, string> {
  const errors = (json(answer)?.PartialErrors ?? []) as { Index?: number; ErrorCode?: string; Message?: string }[];
  return new Map(
    errors.flatMap((error) =>
      typeof error?.Index === 'number'
        ? [[error.Index, [error.ErrorCode, error.Message].filter(Boolean).join(': ').slice(0, 500)]]
        : [],
    ),
  );
}

/** A request rejected as a whole is about credentials or accounts, which people can mend. */
function postponed(answer: Answer): Outcome {
  const outcome = unsuccessful(
    answer,
    answer.status === null ? undefined : `answered ${answer.status}: ${answer.body.slice(0, 300)}`,
  );
  return outcome.became === 'rejected' ? { ...outcome, became: 'postponed' } : outcome;
}

import { Failure, usageFailure } from '../failure.ts';
import type { World } from '../world.ts';
import type { AccountNumber, CarrierAccount, Webhooks } from './account.ts';
import { ask, type Rest } from './rest.ts';

/** The part read of https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource */
interface IncomingPhoneNumber {
  sid: string;
  phone_number: string;
  voice_url?: string | null;
  voice_application_sid?: string | null;
  trunk_sid?: string | null;
  capabilities?: { voice?: boolean };
}
interface NumbersPage {
  incoming_phone_numbers?: IncomingPhoneNumber[];
  next_page_uri?: string | null;
}

/** The voice URL of a number that nobody has configured yet: Twilio's own greeting. */
const DEMO = /^https?:\/\/demo\.twilio\.com\//;

/**
 * Returns an account at Twilio, by the credentials in the environment: TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with
 * TWILIO_API_KEY and TWILIO_API_SECRET. TWILIO_BASE_URL asks another address than https://api.twilio.com.
 */
export function twilioAccount(world: World): CarrierAccount {
  const { TWILIO_ACCOUNT_SID: account, TWILIO_AUTH_TOKEN: token, TWILIO_BASE_URL: base } = world.env;
  const { TWILIO_API_KEY: key, TWILIO_API_SECRET: keySecret } = world.env;
  const [user, password] = key && keySecret ? [key, keySecret] : [account, token];
  if (!account || !user || !password) {
    throw usageFailure(
      'Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN in the environment (Twilio Console, Account Info).',
    );
  }
  const origin = base ?? 'https://api.twilio.com';
  const root = `/2010-04-01/Accounts/${encodeURIComponent(account)}/IncomingPhoneNumbers`;
  const rest: Rest = {
    carrier: 'Twilio',
    credentials: key ? 'TWILIO_API_KEY and TWILIO_API_SECRET' : 'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN',
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    world,
  };

  return {
    carrier: 'twilio',
    secret: token ? { authToken: token } : null,
    secretHint: 'TWILIO_AUTH_TOKEN (Twilio signs webhooks with it, not with an API key)',

    async *numbers(webhooks) {
      let next: URL | null = new URL(`${root}.json?PageSize=1000`, origin);
      while (next) {
        const page = (await ask(rest, 'GET', next)) as NumbersPage;
        for (const number of page.incoming_phone_numbers ?? []) yield read(number, webhooks);
        next = page.next_page_uri ? new URL(page.next_page_uri, origin) : null;
        if (next && next.origin !== new URL(origin).origin)
          throw new Failure('Twilio redirected to another host. Stopped to protect the credentials.');
      }
    },
    async prepare() {},
    async point({ id }, { voice, status }) {
      await ask(
        rest,
        'POST',
        new URL(`${root}/${encodeURIComponent(id)}.json`, origin),
        new URLSearchParams({
          VoiceUrl: voice,
          VoiceMethod: 'POST',
          StatusCallback: status,
          StatusCallbackMethod: 'POST',
        }),
      );
    },
  };
}

function read(number: IncomingPhoneNumber, webhooks: Webhooks): AccountNumber {
  const {
    sid,
    phone_number,
    voice_url: url,
    voice_application_sid: application,
    trunk_sid: trunk,
    capabilities,
  } = number;
  return {
    number: phone_number,
    id: sid,
    usedBy: !url || DEMO.test(url) || url === webhooks.voice ? null : url,
    // Twilio ignores the voice address of such a number, so setting it would look right and change nothing.
    unfit:
      capabilities?.voice === false
        ? 'does not take calls'
        : trunk
          ? `belongs to the trunk ${trunk}; remove it there first`
          : application
            ? `belongs to the application ${application}; remove it there first`
            : null,
  };
}

import { Failure, usageFailure } from '../failure.ts';
import type { World } from '../world.ts';
import type { CarrierAccount, Webhooks } from './account.ts';
import { ask, type Rest } from './rest.ts';

/** The part read of https://developers.telnyx.com/api-reference/phone-number-configurations */
interface PhoneNumber {
  id: string;
  phone_number: string;
  status?: string;
  connection_id?: string | null;
  connection_name?: string | null;
}
/** The part read of https://developers.telnyx.com/api-reference/texml-applications */
interface TexmlApplication {
  id: string;
  friendly_name: string;
  voice_url?: string | null;
  outbound?: { outbound_voice_profile_id?: string | null };
}
interface ListPage<T> {
  data?: T[];
  meta?: { page_number?: number; total_pages?: number };
}

const PAGE_SIZE = '100';

/**
 * Returns an account at Telnyx, by TELNYX_API_KEY. Telnyx keeps webhooks with an application, so numbers are given to a TeXML
 * application, found by our address in it or else made. TELNYX_BASE_URL asks another address than
 * https://api.telnyx.com/v2.
 */
export function telnyxAccount(world: World): CarrierAccount {
  const { TELNYX_API_KEY: key, TELNYX_PUBLIC_KEY: publicKey, TELNYX_BASE_URL: base } = world.env;
  if (!key) throw usageFailure('Set TELNYX_API_KEY in the environment (Telnyx Mission Control, API Keys).');
  const root = (base ?? 'https://api.telnyx.com/v2').replace(/\/$/, '');
  const rest: Rest = { carrier: 'Telnyx', credentials: 'TELNYX_API_KEY', authorization: `Bearer ${key}`, world };
  /** Ours, once looked for. */
  let application: TexmlApplication | null | undefined;

  async function* list<T>(path: string): AsyncIterable<T> {
    for (let number = 1, total = 1; number <= total; number++) {
      const url = new URL(root + path);
      url.searchParams.set('page[number]', String(number));
      url.searchParams.set('page[size]', PAGE_SIZE);
      const page = (await ask(rest, 'GET', url)) as ListPage<T>;
      yield* page.data ?? [];
      total = page.meta?.total_pages ?? 1;
    }
  }

  async function findApplication({ voice }: Webhooks): Promise<TexmlApplication | null> {
    if (application !== undefined) return application;
    application = null;
    for await (const candidate of list<TexmlApplication>('/texml_applications')) {
      if (candidate.voice_url === voice) {
        application = candidate;
        break;
      }
    }
    return application;
  }

  return {
    carrier: 'telnyx',
    secret: publicKey ? { publicKey } : null,
    secretHint: 'TELNYX_PUBLIC_KEY (Mission Control, Keys & Credentials, Public Key)',

    async *numbers(webhooks) {
      const ours = await findApplication(webhooks);
      for await (const { id, phone_number, status, connection_id, connection_name } of list<PhoneNumber>(
        '/phone_numbers',
      )) {
        const isOther = connection_id && connection_id !== ours?.id;
        yield {
          id,
          number: phone_number,
          usedBy: isOther ? `the connection ${connection_name || connection_id}` : null,
          unfit: status === undefined || status === 'active' ? null : `is not active (${status})`,
        };
      }
    },
    async prepare(webhooks) {
      const known = await findApplication(webhooks);
      const settings = {
        friendly_name: known?.friendly_name ?? nameFor(webhooks),
        voice_url: webhooks.voice,
        voice_method: 'post',
        status_callback: webhooks.status,
        status_callback_method: 'post',
      };
      const answered = known
        ? await ask(rest, 'PATCH', new URL(`${root}/texml_applications/${encodeURIComponent(known.id)}`), settings)
        : await ask(rest, 'POST', new URL(`${root}/texml_applications`), settings);
      const { data } = answered as { data?: TexmlApplication };
      if (!data?.id) throw new Failure('Telnyx did not return the TeXML application that it created.');
      application = data;
      if (!data.outbound?.outbound_voice_profile_id) {
        world.err(
          `Telnyx forwards no calls until the TeXML application "${data.friendly_name}" has an outbound voice profile. Set one in Mission Control.`,
        );
      }
    },
    async point({ id }) {
      if (!application) throw new Failure('There is no Telnyx application to assign the number to.');
      await ask(rest, 'PATCH', new URL(`${root}/phone_numbers/${encodeURIComponent(id)}`), {
        connection_id: application.id,
      });
    },
  };
}

/** `Dialmark acme (calls.acme.example)`. */
function nameFor({ voice }: Webhooks): string {
  const { host, pathname } = new URL(voice);
  return `Dialmark ${pathname.split('/')[3]} (${host})`;
}

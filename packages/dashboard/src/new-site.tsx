import { api, type FieldError, fieldErrors, SiteId } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { useState } from 'preact/hooks';
import * as v from 'valibot';
import { PageHead } from './components/card.tsx';
import { Problem } from './components/feedback.tsx';
import { Select, TextField } from './components/field.tsx';
import { useFieldErrors } from './components/field-errors.ts';
import { COUNTRIES, CURRENCIES, TIME_ZONES, withPresent } from './components/places.ts';
import { client, forget } from './model/api.ts';
import { e164 } from './model/format.ts';
import { hrefOf } from './model/route.ts';
import { mayAdmin, type SessionGrant } from './model/session.ts';

/** `Acme Roofing` → `acme-roofing`. */
const slug = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 63);

/** Only what a site cannot do without; the rest has defaults and stands under Settings. */
export function NewSitePage({ first, grant }: { first: boolean; grant: SessionGrant }) {
  const here = Intl.DateTimeFormat().resolvedOptions();
  const [name, setName] = useState('');
  const [ownId, setOwnId] = useState<string | null>(null);
  const [origin, setOrigin] = useState('');
  const [number, setNumber] = useState('');
  const [country, setCountry] = useState(new Intl.Locale(navigator.language).region ?? 'US');
  const [timeZone, setTimeZone] = useState(here.timeZone);
  const [currency, setCurrency] = useState('USD');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const id = ownId ?? slug(name);
  const formErrors = useFieldErrors(error);
  if (!mayAdmin(grant)) {
    return (
      <main class="form">
        <PageHead title="No sites yet" />
        <p>Log in with an admin token to create one.</p>
      </main>
    );
  }
  const make = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const taken = await client.send(api.getSite, { site: id });
      if (taken.ok) throw problemAt({ path: 'id', code: 'already_exists', message: `“${id}” is already taken` });
      const checked = v.safeParse(SiteId, id);
      if (!checked.success) throw problemAt(...fieldErrors(checked.issues).map((error) => ({ ...error, path: 'id' })));
      await client.call(api.putSite, {
        site: id,
        body: {
          name,
          origins: [/^https?:\/\//.test(origin) ? origin : `https://${origin}`],
          country,
          timeZone,
          currency,
          targets: [{ id: 'main', number: e164(number, country) ?? number }],
        },
      });
      await forget(api.listSites);
      location.hash = hrefOf(id);
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <main class="form">
      <PageHead title={first ? 'Welcome. Create your first site' : 'Create site'}>
        {!first && <a href="#/">Back</a>}
      </PageHead>
      <form class="card stack" onSubmit={make}>
        <TextField label="Business name" required value={name} onChange={setName} error={formErrors.at('name')} />
        <TextField
          label="Id"
          required
          value={id}
          onChange={setOwnId}
          error={formErrors.at('id')}
          hint={`Used in the tag: ${location.origin}/s/${id || '…'}.js`}
        />
        <TextField
          label="Website address"
          required
          placeholder="https://acme.example"
          value={origin}
          onChange={setOrigin}
          error={formErrors.at('origins.0')}
        />
        <TextField
          label="Business phone number"
          type="tel"
          required
          placeholder="(415) 555-0100"
          value={number}
          onChange={setNumber}
          error={formErrors.at('targets.0.number')}
          hint="The number on your website. Calls ring here unless you choose another destination later."
        />
        <div class="fields">
          <Select
            label="Country"
            value={country}
            options={withPresent(COUNTRIES, country)}
            onChange={setCountry}
            error={formErrors.at('country')}
          />
          <Select
            label="Time zone"
            value={timeZone}
            options={withPresent(TIME_ZONES, timeZone)}
            onChange={setTimeZone}
            error={formErrors.at('timeZone')}
          />
          <Select
            label="Currency"
            value={currency}
            options={withPresent(CURRENCIES, currency)}
            onChange={setCurrency}
            error={formErrors.at('currency')}
          />
        </div>
        {error !== null && <Problem error={error} fieldErrors={formErrors} />}
        <button type="submit" class="first" disabled={busy}>
          {busy ? 'Creating…' : 'Create site'}
        </button>
      </form>
    </main>
  );
}

function problemAt(...errors: FieldError[]): DialmarkError {
  return new DialmarkError({
    ...{ type: 'about:blank', title: 'Bad request', status: 400, code: 'invalid_request', detail: 'Not yet.' },
    errors,
  });
}

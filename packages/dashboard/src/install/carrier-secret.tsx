import { api, type SiteConfigInput } from '@dialmark/shared';
import { useState } from 'preact/hooks';
import { Problem } from '../components/feedback.tsx';
import { TextField } from '../components/field.tsx';
import { useFieldErrors } from '../components/field-errors.ts';
import { client, forget } from '../model/api.ts';
import { useSite } from '../model/site.ts';
import { useSubmission } from '../model/use-submission.ts';
import { CARRIER_SECRETS, CARRIERS, type Carrier } from './carrier-names.ts';

/** The secret that a carrier signs its webhooks with. It is never shown again; leaving the field empty keeps it. */
export function CarrierSecret({ carrier, configured }: { carrier: Carrier; configured: boolean }) {
  const { site } = useSite();
  const [open, setOpen] = useState(false);
  const [values, setValues] = useState<Record<string, string>>({});
  const [removalError, setRemovalError] = useState<unknown>(null);
  const put = async (secrets: Record<string, string> | null) => {
    // Read again, because the settings may have changed since this page was opened.
    const { id: _, ...config } = await client.call(api.getSite, { site: site.id });
    const carriers = { [carrier]: secrets } as SiteConfigInput['carriers'];
    await client.call(api.putSite, { site: site.id, body: { ...config, carriers } });
    await forget(api.listCarriers, api.listSites, api.getSite);
  };
  const { error, busy, submit } = useSubmission(async () => {
    const filled = Object.entries(values).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : []));
    await put(Object.fromEntries(filled));
    setValues({});
    setOpen(false);
  });
  const fieldErrors = useFieldErrors(error);
  const remove = async () => {
    if (!confirm(`Remove the secret? Webhooks from ${CARRIERS[carrier]} will be rejected.`)) return;
    try {
      await put(null);
      setRemovalError(null);
    } catch (refused) {
      setRemovalError(refused);
    }
  };
  if (configured && !open) {
    return (
      <div class="stack">
        <div class="actions">
          <button type="button" onClick={() => setOpen(true)}>
            Replace secret
          </button>
          <button type="button" class="danger" onClick={remove}>
            Remove secret
          </button>
        </div>
        {removalError !== null && <Problem error={removalError} />}
      </div>
    );
  }
  const whole = fieldErrors.at(`carriers.${carrier}`);
  return (
    <form class="stack" onSubmit={submit} noValidate>
      <div class="fields">
        {CARRIER_SECRETS[carrier].map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            type="password"
            autocomplete="off"
            value={values[name] ?? ''}
            error={fieldErrors.at(`carriers.${carrier}.${name}`) ?? whole}
            onChange={(text) => setValues({ ...values, [name]: text })}
          />
        ))}
      </div>
      {error !== null && <Problem error={error} fieldErrors={fieldErrors} />}
      <div class="actions">
        <button type="submit" disabled={busy || Object.values(values).every((text) => text.trim() === '')}>
          {busy ? 'Saving…' : 'Save secret'}
        </button>
        {configured && (
          <button type="button" onClick={() => setOpen(false)}>
            Cancel
          </button>
        )}
        <span class="soft">Stored encrypted. You won’t see it again.</span>
      </div>
    </form>
  );
}

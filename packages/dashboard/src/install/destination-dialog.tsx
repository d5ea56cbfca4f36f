import { api, type Integration, type IntegrationKind, type NewIntegrationInput } from '@dialmark/shared';
import { useState } from 'preact/hooks';
import { Copyable } from '../components/copyable.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Problem } from '../components/feedback.tsx';
import { Select, TextArea, TextField } from '../components/field.tsx';
import { useFieldErrors } from '../components/field-errors.ts';
import { client, forget } from '../model/api.ts';
import { useSite } from '../model/site.ts';
import { useSubmission } from '../model/use-submission.ts';
import { at, withAt } from '../settings/draft.ts';
import { KINDS, type KindField } from './kinds.ts';
import { RulesFields } from './rules-fields.tsx';

/** A new destination, or one to be changed: where calls go, which of them, and what they are worth there. */
export function DestinationDialog({ known, onClose }: { known: Integration | null; onClose: () => void }) {
  const { site } = useSite();
  const [kind, setKind] = useState<IntegrationKind>(known?.kind ?? 'webhook');
  const [config, setConfig] = useState<object>(known ?? {});
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const {
    result: secret,
    error,
    busy,
    submit,
  } = useSubmission(async () => {
    const { integration, signingSecret } = await client.call(api.putIntegration, {
      site: site.id,
      body: { ...config, kind, ...(known || hasAny(secrets) ? { secrets: written(kind, secrets) } : {}) } as never,
    });
    await forget(api.listIntegrations);
    if (signingSecret === null) onClose();
    return signingSecret && { of: integration.name ?? integration.id, signingSecret };
  });
  const fieldErrors = useFieldErrors(error);
  const set = (path: string, value: unknown) => setConfig((before) => withAt(before, path, value));
  if (secret) {
    return (
      <Dialog title="Copy the signing secret" onClose={onClose}>
        <p>Webhooks to {secret.of} are signed with this secret. Copy it now. You won’t see it again.</p>
        <Copyable label="the signing secret" text={secret.signingSecret} />
        <div class="actions">
          <button type="button" class="first" onClick={onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  const field = ({ name, label, hint, secret: isSecret, optional, json }: KindField) => {
    const kept = isSecret && known !== null;
    const value = isSecret ? (secrets[name] ?? '') : String(at(config, name) ?? '');
    const missing = isSecret && !optional && value === '' ? fieldErrors.at('secrets') : undefined;
    const props = {
      label,
      hint: kept ? 'Leave empty to keep the current one.' : hint,
      value,
      error: fieldErrors.at(isSecret ? `secrets.${name}` : name) ?? missing,
      onChange: (text: string) => (isSecret ? setSecrets({ ...secrets, [name]: text }) : set(name, text)),
    };
    return json ? (
      <TextArea key={name} {...props} />
    ) : (
      <TextField key={name} {...props} type={isSecret ? 'password' : 'text'} autocomplete="off" />
    );
  };
  return (
    <Dialog title={known ? `Edit ${known.name ?? known.id}` : 'Add integration'} onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        {!known && (
          <Select
            label="To"
            value={kind}
            options={Object.entries(KINDS).map(([key, { title }]) => [key as IntegrationKind, title] as const)}
            onChange={setKind}
          />
        )}
        <TextField
          label="Name"
          value={String(at(config, 'name') ?? '')}
          error={fieldErrors.at('name')}
          onChange={(name) => set('name', name || null)}
        />
        {KINDS[kind].fields.map(field)}
        <RulesFields kind={kind} config={config} set={set} errorAt={fieldErrors.at} />
        {error !== null && <Problem error={error} fieldErrors={fieldErrors} />}
        <div class="actions">
          <button type="submit" class="first" disabled={busy}>
            {busy ? 'Saving…' : known ? 'Save' : 'Add'}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const hasAny = (secrets: Record<string, string>) => Object.values(secrets).some((text) => text.trim() !== '');

/** Returns the secrets that were entered, or the marker that keeps the stored ones. */
function written(kind: IntegrationKind, secrets: Record<string, string>): NewIntegrationInput['secrets'] {
  if (!hasAny(secrets)) return { configured: true };
  const given = KINDS[kind].fields.flatMap(({ name, secret, json }) => {
    const text = secrets[name]?.trim();
    return secret && text ? [[name, json ? parsed(text) : text]] : [];
  });
  return Object.fromEntries(given) as NewIntegrationInput['secrets'];
}

/** Returns a document as it was pasted; what is no JSON goes on as text, for the API to say so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

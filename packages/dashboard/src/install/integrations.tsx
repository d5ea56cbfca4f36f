import { api, type Integration, type IntegrationKind, type NewIntegrationInput } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { ask, client, forget } from '../api.ts';
import { dateTime } from '../format.ts';
import { Card } from '../parts/card.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Answer, Empty, Problem } from '../parts/feedback.tsx';
import { Select, TextArea, TextField } from '../parts/field.tsx';
import { useSite } from '../site.ts';
import { KINDS } from './kinds.ts';

export function Integrations() {
  const { site } = useSite();
  const [adding, setAdding] = useState(false);
  const asked = useQuery(ask(api.listIntegrations, { site: site.id }));
  return (
    <Card
      title="Where calls are sent"
      aside={
        <button type="button" onClick={() => setAdding(true)}>
          Add a destination
        </button>
      }
    >
      <Answer of={asked} what="the destinations">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nowhere yet">
              Send calls as conversions to the ad platforms that brought them, or to your CRM by webhook.
            </Empty>
          ) : (
            <ul class="steps">
              {items.map((each) => (
                <One key={each.id} integration={each} />
              ))}
            </ul>
          )
        }
      </Answer>
      {adding && <Add onClose={() => setAdding(false)} />}
    </Card>
  );
}

function One({ integration }: { integration: Integration }) {
  const { site } = useSite();
  const [error, setError] = useState<unknown>(null);
  const remove = async () => {
    if (!confirm(`Send nothing to ${integration.name ?? integration.id} any more?`)) return;
    try {
      await client.call(api.deleteIntegration, { site: site.id, id: integration.id });
      await forget(api.listIntegrations);
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <li class="two">
      <span>
        <strong>{integration.name ?? integration.id}</strong> <span class="badge">{KINDS[integration.kind].title}</span>
        <br />
        <span class="soft">
          {integration.kind === 'webhook' ? `${integration.url}, on ${integration.events.join(', ')}` : integration.id}
        </span>
        {integration.disabled && (
          <p class="note warn">
            <span>
              Nothing is sent there since {dateTime(integration.disabled.at, site.timeZone ?? 'UTC')}:{' '}
              {integration.disabled.because}. Remove it, or add it anew once it is mended.
            </span>
          </p>
        )}
        {error !== null && <Problem error={error} />}
      </span>
      <button type="button" class="danger" onClick={remove}>
        Remove
      </button>
    </li>
  );
}

function Add({ onClose }: { onClose: () => void }) {
  const { site } = useSite();
  const [kind, setKind] = useState<IntegrationKind>('webhook');
  const [name, setName] = useState('');
  const [values, setValues] = useState<Record<string, string>>({});
  const [secret, setSecret] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const errors = new Map(
    error instanceof DialmarkError ? error.problem.errors?.map(({ path, message }) => [path, message]) : [],
  );
  const add = async (event: Event) => {
    event.preventDefault();
    try {
      const body: Record<string, unknown> = { kind, name: name || null };
      const secrets: Record<string, unknown> = {};
      for (const field of KINDS[kind].fields) {
        const value = values[field.name]?.trim();
        if (!value) continue;
        (field.secret ? secrets : body)[field.name] = field.json ? parsed(value) : value;
      }
      if (Object.keys(secrets).length > 0) body.secrets = secrets;
      const saved = await client.call(api.putIntegration, {
        site: site.id,
        body: body as unknown as NewIntegrationInput,
      });
      await forget(api.listIntegrations);
      if (saved.signingSecret) setSecret(saved.signingSecret);
      else onClose();
    } catch (refused) {
      setError(refused);
    }
  };
  if (secret) {
    return (
      <Dialog title="Keep this secret" onClose={onClose}>
        <p>Webhooks are signed with it. It is shown this once.</p>
        <Copyable label="the signing secret" text={secret} />
      </Dialog>
    );
  }
  return (
    <Dialog title="Add a destination" onClose={onClose}>
      <form class="stack" onSubmit={add}>
        <Select
          label="To"
          value={kind}
          options={Object.entries(KINDS).map(([key, { title }]) => [key as IntegrationKind, title] as const)}
          onChange={(chosen) => {
            setKind(chosen);
            setError(null);
          }}
        />
        <TextField label="Name" value={name} onChange={setName} error={errors.get('name')} />
        {KINDS[kind].fields.map((field) => {
          const props = {
            label: field.label,
            hint: field.hint,
            value: values[field.name] ?? '',
            error: errors.get(field.secret ? `secrets.${field.name}` : field.name),
            onChange: (value: string) => setValues({ ...values, [field.name]: value }),
          };
          return field.json ? (
            <TextArea key={field.name} {...props} />
          ) : (
            <TextField
              key={field.name}
              {...props}
              required={!field.optional}
              type={field.secret ? 'password' : 'text'}
              autocomplete="off"
            />
          );
        })}
        {error !== null && <Problem error={error} />}
        <div class="actions">
          <button type="submit" class="first">
            Add it
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A document as it was pasted; what is no JSON goes on as text, for the API to say so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

import { type AlertTested, api } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { Copyable } from '../components/copyable.tsx';
import { Problem } from '../components/feedback.tsx';
import { Check, DurationField, NumberField, SecretField, TextField } from '../components/field.tsx';
import { ask, client } from '../model/api.ts';
import { dateTime } from '../model/format.ts';
import { mayAdmin } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import type { Draft } from './draft.ts';

/** The receiver of alerts. */
export function Alerting({ draft }: { draft: Draft }) {
  const { grant } = useSite();
  const on = draft.get('alerts') != null;
  const at = (name: string) => ({
    value: (draft.get(`alerts.${name}`) as number | null | undefined) ?? null,
    error: draft.error(`alerts.${name}`),
    onChange: (value: number | null) => draft.set(`alerts.${name}`, value ?? undefined),
  });
  return (
    <Card title="Alerts">
      <Check
        label="Send alerts to a webhook"
        checked={on}
        onChange={(checked) => draft.set('alerts', checked ? { url: '' } : null)}
      />
      {on && (
        <div class="fields">
          <TextField
            label="Webhook URL"
            type="url"
            placeholder="https://hooks.acme.example/dialmark"
            hint="One signed message when a problem starts, and one when it is resolved."
            value={String(draft.get('alerts.url') ?? '')}
            error={draft.error('alerts.url')}
            onChange={(url) => draft.set('alerts.url', url)}
          />
          <NumberField label="Visits without a number" hint="Per hour. Default: 5." {...at('exhaustedPerHour')} />
          <DurationField
            label="Carrier silent for"
            hint="While visitors are tapping numbers. Default: 4 hours."
            preset={4 * 3600}
            {...at('silentSeconds')}
          />
          <DurationField label="Reporting delay" hint="Default: 5 minutes." {...at('behindSeconds')} />
          <NumberField label="Database size, in GB" hint="Default: 7." {...at('databaseGigabytes')} />
          <SecretField
            label="Signing secret"
            hint="Starts with whsec_. It’s never shown: leave empty to keep the current one."
            value={draft.get('alerts.signingSecret')}
            error={draft.error('alerts.signingSecret')}
            onChange={(secret) => draft.set('alerts.signingSecret', secret)}
          />
        </div>
      )}
      {mayAdmin(grant) && <Delivered />}
    </Card>
  );
}

/** The latest alerts and a test message. Both use the saved settings, not unsaved changes. */
function Delivered() {
  const { site } = useSite();
  const [tested, setTested] = useState<AlertTested | null>(null);
  const [error, setError] = useState<unknown>(null);
  const asked = useQuery(ask(api.alerts, { site: site.id }));
  const test = async () => {
    try {
      setTested(await client.call(api.testAlert, { site: site.id }));
      setError(null);
    } catch (refused) {
      setError(refused);
    }
  };
  const zone = site.timeZone ?? 'UTC';
  return (
    <>
      {(asked.data?.items.length ?? 0) > 0 && (
        <ul class="steps">
          {asked.data?.items.map(({ id, summary, startedAt, resolvedAt }) => (
            <li key={id} class="two">
              <span>
                {summary}
                <br />
                <span class="soft">
                  {dateTime(startedAt, zone)}
                  {resolvedAt && ` to ${dateTime(resolvedAt, zone)}`}
                </span>
              </span>
              <span class={`badge ${resolvedAt ? '' : 'bad'}`}>{resolvedAt ? 'Resolved' : 'Open'}</span>
            </li>
          ))}
        </ul>
      )}
      {site.alerts && (
        <div class="stack">
          {asked.data?.signingSecret && (
            <details>
              <summary>Show signing secret</summary>
              <Copyable label="the signing secret" text={asked.data.signingSecret} />
            </details>
          )}
          <div class="actions">
            <button type="button" onClick={test}>
              Send a test
            </button>
            <span role="status">
              {tested &&
                (tested.delivered ? (
                  <span class="badge good">Delivered</span>
                ) : (
                  <span class="badge bad">{tested.error ?? `Failed with status ${tested.status}`}</span>
                ))}
            </span>
          </div>
        </div>
      )}
      {error !== null && <Problem error={error} />}
    </>
  );
}

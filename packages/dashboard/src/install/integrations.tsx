import { api, type Integration, type IntegrationTested, type NewIntegrationInput } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { Answer, Empty, Problem } from '../components/feedback.tsx';
import { ask, client, forget } from '../model/api.ts';
import { dateTime } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { DestinationDialog } from './destination-dialog.tsx';
import { KINDS } from './kinds.ts';
import { whichCalls } from './which-calls.ts';

export function Integrations() {
  const { site } = useSite();
  const [open, setOpen] = useState<Integration | 'new' | null>(null);
  const asked = useQuery(ask(api.listIntegrations, { site: site.id }));
  return (
    <Card
      title="Integrations"
      aside={
        <button type="button" onClick={() => setOpen('new')}>
          Add integration
        </button>
      }
    >
      <Answer of={asked} what="the integrations">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No integrations yet">
              Send calls to ad platforms as conversions, or to your CRM by webhook.
            </Empty>
          ) : (
            <ul class="steps">
              {items.map((each) => (
                <One key={each.id} integration={each} onEdit={() => setOpen(each)} />
              ))}
            </ul>
          )
        }
      </Answer>
      {open && <DestinationDialog known={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function One({ integration, onEdit }: { integration: Integration; onEdit: () => void }) {
  const { site } = useSite();
  const [error, setError] = useState<unknown>(null);
  const [tested, setTested] = useState<IntegrationTested | null>(null);
  const { id, kind, disabled, paused } = integration;
  const name = integration.name ?? id;
  const trying = async (step: () => Promise<unknown>) => {
    try {
      await step();
      setError(null);
    } catch (refused) {
      setError(refused);
    }
  };
  const remove = () =>
    trying(async () => {
      if (!confirm(`Remove ${name}? Nothing more will be sent to it.`)) return;
      await client.call(api.deleteIntegration, { site: site.id, id });
      await forget(api.listIntegrations);
    });
  // Saved as it is shown, its secrets stay; and one that was given up is tried again.
  const pause = (on: boolean) =>
    trying(async () => {
      const body = { ...integration, paused: on } as NewIntegrationInput;
      await client.call(api.putIntegration, { site: site.id, body });
      await forget(api.listIntegrations);
    });
  const test = () => trying(async () => setTested(await client.call(api.testIntegration, { site: site.id, id })));
  return (
    <li class="two destination">
      <div class="stack tight">
        <span>
          <strong>{name}</strong> <span class="badge">{KINDS[kind].title}</span>{' '}
          {(paused || disabled) && <span class="badge warn">{paused ? 'Paused' : 'Disabled'}</span>}
        </span>
        {kind === 'webhook' && <span class="soft">{integration.url}</span>}
        <span>{whichCalls(integration, site.currency ?? 'USD')}</span>
        {disabled && (
          <p class="note warn">
            <span>
              Nothing has been sent since {dateTime(disabled.at, site.timeZone ?? 'UTC')}: {disabled.because}. Fix that,
              then turn it on again.
            </span>
          </p>
        )}
        <span role="status">
          {tested &&
            (tested.delivered ? (
              <span class="badge good">Test delivered</span>
            ) : (
              <span class="badge bad">{tested.detail ?? `Test failed with status ${tested.status}`}</span>
            ))}
        </span>
        {error !== null && <Problem error={error} />}
      </div>
      <span class="actions">
        <button type="button" onClick={test}>
          Test<span class="hidden"> {name}</span>
        </button>
        <button type="button" onClick={onEdit}>
          Edit<span class="hidden"> {name}</span>
        </button>
        <button type="button" onClick={() => pause(!(paused || disabled))}>
          {paused || disabled ? 'Turn on' : 'Pause'}
          <span class="hidden"> {name}</span>
        </button>
        <button type="button" class="danger" onClick={remove}>
          Remove<span class="hidden"> {name}</span>
        </button>
      </span>
    </li>
  );
}

import { api } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { ask } from '../api.ts';
import { dateTime } from '../format.ts';
import { Card } from '../parts/card.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { Select } from '../parts/field.tsx';
import { hrefOf } from '../route.ts';
import { useSite } from '../site.ts';

export const CARRIERS = {
  twilio: 'Twilio',
  telnyx: 'Telnyx',
  plivo: 'Plivo',
  vonage: 'Vonage',
  signalwire: 'SignalWire',
  bandwidth: 'Bandwidth',
} as const;
export type Carrier = keyof typeof CARRIERS;

export function Carriers() {
  const { site } = useSite();
  const first = (Object.keys(site.carriers)[0] as Carrier | undefined) ?? 'twilio';
  const [carrier, setCarrier] = useState<Carrier>(first);
  const calls = useQuery({ ...ask(api.listCalls, { site: site.id, query: { limit: '200' } }), refetchInterval: 5000 });
  const last = calls.data?.items.find((call) => call.carrier === carrier);
  const configured = carrier in site.carriers;
  const base = `${location.origin}/v1/sites/${encodeURIComponent(site.id)}/carriers/${carrier}`;
  return (
    <Card
      title="The carrier"
      aside={
        <span class={`badge ${configured ? 'good' : 'warn'}`}>{configured ? 'secret is set' : 'no secret yet'}</span>
      }
    >
      <div class="fields">
        <Select
          label="Carrier"
          value={carrier}
          options={Object.entries(CARRIERS) as [Carrier, string][]}
          onChange={setCarrier}
        />
      </div>
      <p role="status">
        {last ? (
          <>
            Last call brought by {CARRIERS[carrier]}: {dateTime(last.startedAt, site.timeZone ?? 'UTC')}.
          </>
        ) : (
          <>No call has come from {CARRIERS[carrier]} lately.</>
        )}{' '}
        {!configured && (
          <>
            Webhooks are refused until its secret stands under <a href={hrefOf(site.id, 'settings')}>Settings</a>.
          </>
        )}
      </p>
      <div class="columns">
        <div class="stack">
          <h3>When a call comes in</h3>
          <Copyable label="the voice webhook" text={`${base}/voice`} />
        </div>
        <div class="stack">
          <h3>When its status changes</h3>
          <Copyable label="the status webhook" text={`${base}/status`} />
        </div>
      </div>
      <p class="soft">
        Where to put them, step by step: <a href={`/docs/carriers/${carrier}`}>{CARRIERS[carrier]} in the docs</a>.
      </p>
    </Card>
  );
}

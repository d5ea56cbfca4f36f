import { api, type CarrierState } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card, Facts } from '../components/card.tsx';
import { Copyable } from '../components/copyable.tsx';
import { Answer } from '../components/feedback.tsx';
import { Select } from '../components/field.tsx';
import { ask } from '../model/api.ts';
import { dateTime } from '../model/format.ts';
import { mayAdmin } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { CARRIERS, type Carrier } from './carrier-names.ts';
import { CarrierSecret } from './carrier-secret.tsx';

export function Carriers() {
  const { site, grant } = useSite();
  const [chosen, setChosen] = useState<Carrier | null>(null);
  const asked = useQuery({ ...ask(api.listCarriers, { site: site.id }), refetchInterval: 3000 });
  const items = asked.data?.items ?? [];
  const latest = [...items].sort((a, b) => lastSeenAt(b) - lastSeenAt(a))[0];
  const first = latest && lastSeenAt(latest) > 0 ? latest.carrier : items.find((each) => each.configured)?.carrier;
  const carrier = chosen ?? first ?? 'twilio';
  const state = items.find((each) => each.carrier === carrier);
  const base = `${location.origin}/v1/sites/${encodeURIComponent(site.id)}/carriers/${carrier}`;
  return (
    <Card title="Carrier">
      <div class="fields">
        <Select
          label="Carrier"
          value={carrier}
          options={Object.entries(CARRIERS) as [Carrier, string][]}
          onChange={setChosen}
        />
      </div>
      <Answer of={{ ...asked, data: state }} what="the latest webhook">
        {(known) => <LastWebhook state={known} />}
      </Answer>
      {state && mayAdmin(grant) && <CarrierSecret key={carrier} carrier={carrier} configured={state.configured} />}
      <div class="columns">
        <div class="stack">
          <h3>When a call comes in</h3>
          <Copyable label="voice webhook URL" text={`${base}/voice`} />
        </div>
        <div class="stack">
          <h3>When its status changes</h3>
          <Copyable label="status webhook URL" text={`${base}/status`} />
        </div>
      </div>
      <p class="soft">
        Step-by-step instructions: <a href={`/docs/carriers/${carrier}`}>Connect {CARRIERS[carrier]}</a>.
      </p>
    </Card>
  );
}

const lastSeenAt = ({ lastWebhookAt, lastRefusedAt }: CarrierState) =>
  Math.max(Date.parse(lastWebhookAt ?? '') || 0, Date.parse(lastRefusedAt ?? '') || 0);

/** Shows if the carrier's webhooks arrive; changes by itself while the carrier is being set up. */
function LastWebhook({ state }: { state: CarrierState }) {
  const { site } = useSite();
  const { lastWebhookAt, lastRefusedAt, lastRefusal } = state;
  const zone = site.timeZone ?? 'UTC';
  const name = CARRIERS[state.carrier];
  // A rejected webhook that an accepted one followed: the problem is fixed.
  const refused = lastRefusedAt !== null && (lastWebhookAt === null || lastRefusedAt > lastWebhookAt);
  return (
    <div role="status" class="stack">
      <Facts
        of={[
          ['Secret', state.configured ? <span class="badge good">Set</span> : <span class="badge warn">Not set</span>],
          ['Last webhook', lastWebhookAt ? dateTime(lastWebhookAt, zone) : 'None yet'],
          ['Last rejected', lastRefusedAt && dateTime(lastRefusedAt, zone)],
        ]}
      />
      {refused && (
        <p class="note warn">
          <span>
            {lastRefusal === 'signature'
              ? `${name} sent a webhook, but its signature doesn’t match the secret. Copy the secret again, and check that ${name} calls the URL below.`
              : `${name} sent a webhook that was rejected because its secret isn’t set. Enter it below.`}
          </span>
        </p>
      )}
      {!refused && lastWebhookAt === null && (
        <p class="note">
          <span>
            {state.configured ? 'Enter' : 'Save its secret below. Then enter'} the two URLs at {name} and call one of
            your numbers. This message changes when the webhook arrives.
          </span>
        </p>
      )}
    </div>
  );
}

import { api, type Delivery, DeliveryState } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { Answer, Empty, Problem } from '../components/feedback.tsx';
import { Select } from '../components/field.tsx';
import { ScrollRegion } from '../components/scroll-region.tsx';
import { ask, client, forget } from '../model/api.ts';
import { dateTime } from '../model/format.ts';
import { hrefOf } from '../model/route.ts';
import { mayAdmin } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { KINDS } from './kinds.ts';

const STATES: Record<Delivery['state'], { text: string; tone: string }> = {
  pending: { text: 'Waiting', tone: 'info' },
  delivered: { text: 'Delivered', tone: 'good' },
  failed: { text: 'Refused', tone: 'bad' },
  dead: { text: 'Failed', tone: 'bad' },
};

export function Deliveries() {
  const { site, grant } = useSite();
  const [state, setState] = useState<Delivery['state'] | ''>('');
  const [error, setError] = useState<unknown>(null);
  const asked = useQuery({
    ...ask(api.listDeliveries, { site: site.id, query: { limit: '50', ...(state ? { state } : {}) } }),
    refetchInterval: 5000,
    placeholderData: (before) => before,
  });
  const replay = async (id: string) => {
    try {
      await client.call(api.replayDelivery, { site: site.id, id });
      await forget(api.listDeliveries);
      setError(null);
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Card
      title="Deliveries"
      aside={
        <Select
          label="State"
          value={state}
          options={[['', 'All'], ...DeliveryState.options.map((key) => [key, STATES[key].text] as const)]}
          onChange={setState}
        />
      }
    >
      {error !== null && <Problem error={error} />}
      <Answer of={asked} what="the deliveries">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No deliveries yet">
              Everything sent to an integration is logged here and can be sent again.
            </Empty>
          ) : (
            <ScrollRegion label="Deliveries, latest first">
              <table>
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">To</th>
                    <th scope="col">Event</th>
                    <th scope="col">Status</th>
                    <th scope="col" class="wide">
                      Answer
                    </th>
                    <th scope="col">
                      <span class="hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((each) => (
                    <tr key={each.id}>
                      <td>{dateTime(each.createdAt, site.timeZone ?? 'UTC')}</td>
                      <td>{each.integrationName ?? (each.kind ? KINDS[each.kind].title : 'Removed integration')}</td>
                      <td>
                        {each.call === null ? (
                          each.event
                        ) : (
                          <a href={hrefOf(site.id, 'calls', each.call)}>{each.event}</a>
                        )}
                      </td>
                      <td>
                        <span class={`badge ${STATES[each.state].tone}`}>{STATES[each.state].text}</span>
                        {each.attempts > 1 && <span class="sub"> after {each.attempts} attempts</span>}
                      </td>
                      <td class="wide">
                        {each.responseStatus ?? ''} {each.lastError}
                      </td>
                      <td>
                        {mayAdmin(grant) && each.state !== 'pending' && (
                          <button type="button" onClick={() => void replay(each.id)}>
                            Send again
                          </button>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollRegion>
          )
        }
      </Answer>
    </Card>
  );
}

import { api, type TrackingNumber } from '@dialmark/shared';
import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card, PageHead } from '../components/card.tsx';
import { Answer, Empty } from '../components/feedback.tsx';
import { VirtualTable } from '../components/virtual-table.tsx';
import { client } from '../model/api.ts';
import { phone } from '../model/format.ts';
import { mayAdmin } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { AddNumbers } from './add-numbers.tsx';
import { History } from './history.tsx';
import { countsText, ruleText, STATES, stateOf } from './number-state.ts';
import { OneNumber } from './one-number.tsx';
import { PoolTiles } from './pool-tiles.tsx';
import { Sizing } from './sizing.tsx';
import { Tester } from './tester.tsx';

const lookOf = ({ state, status }: TrackingNumber) => (status === 'active' ? state : status);

export function NumbersPage() {
  const { site, grant } = useSite();
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const pages = useInfiniteQuery({
    queryKey: [api.listNumbers.path, 'all', site.id],
    queryFn: ({ pageParam }) =>
      client.call(api.listNumbers, {
        site: site.id,
        query: { limit: '1000', ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.cursor,
    refetchInterval: 5000,
  });
  const numbers = pages.data?.pages.flatMap(({ items }) => items);
  const open = numbers?.find(({ number }) => number === shown);
  return (
    <>
      <PageHead title="Numbers">
        {mayAdmin(grant) && (
          <button type="button" class="first" onClick={() => setAdding(true)}>
            Add numbers
          </button>
        )}
      </PageHead>
      <Answer of={{ ...pages, data: numbers }} what="the numbers">
        {(all) =>
          all.length === 0 ? (
            <Card title="No numbers yet">
              <Empty title="Add numbers from your carrier">
                Pool numbers go to one visit at a time. Source numbers belong to one source: a listing, an ad or a
                flyer.
              </Empty>
            </Card>
          ) : (
            <>
              <PoolTiles />
              <Card title="Number status" aside={<Legend />}>
                <ul class="map">
                  {all.map((number) => (
                    <li key={number.number}>
                      <button
                        type="button"
                        class={lookOf(number)}
                        title={`${phone(number.number, site.country)}: ${stateOf(number)}`}
                        onClick={() => setShown(number.number)}
                      >
                        {number.number.slice(-3)}
                        <span class="hidden">
                          , {phone(number.number, site.country)}: {stateOf(number)}
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
                <p class="soft">Each box is a number, shown by its last digits. Select one for details.</p>
              </Card>
              <History />
              <div class="columns">
                <Sizing numbers={all} />
                <Tester numbers={all} />
              </div>
              <VirtualTable
                caption="All tracking numbers"
                rows={all}
                keyOf={({ number }) => number}
                rowHeight={56}
                more={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
                columns={[
                  {
                    title: 'Number',
                    width: '11.5rem',
                    cell: ({ number, name }) => (
                      <>
                        <button type="button" class="link" onClick={() => setShown(number)}>
                          {phone(number, site.country)}
                        </button>
                        {name && <div class="sub">{name}</div>}
                      </>
                    ),
                  },
                  { title: 'Target', kind: 'wide', width: '8rem', cell: ({ target }) => <div>{target}</div> },
                  {
                    title: 'State',
                    cell: (number) => (
                      <span
                        class={`badge ${number.state === 'leased' ? 'good' : number.state === 'cooling' ? 'warn' : number.state === 'fixed' ? 'info' : ''}`}
                      >
                        {number.status === 'draining' ? 'Draining' : STATES[number.state]}
                      </span>
                    ),
                  },
                  {
                    title: 'Calls count as',
                    kind: 'mid',
                    cell: ({ countsAs }) =>
                      countsAs ? (
                        <>
                          <div>{countsAs.channel}</div>
                          <div class="sub" title={countsText(countsAs)}>
                            {countsText(countsAs)}
                          </div>
                        </>
                      ) : (
                        <div>The visit that called</div>
                      ),
                  },
                  {
                    title: 'Shown to',
                    kind: 'wide',
                    cell: (number) => (
                      <div>
                        {number.status !== 'active'
                          ? 'No new visits'
                          : number.kind === 'source'
                            ? ruleText(number) || 'Not shown on the site'
                            : number.state === 'leased'
                              ? 'One visit'
                              : 'Next visit'}
                      </div>
                    ),
                  },
                ]}
              />
            </>
          )
        }
      </Answer>
      {adding && <AddNumbers onClose={() => setAdding(false)} />}
      {open && <OneNumber number={open} onClose={() => setShown(null)} />}
    </>
  );
}

function Legend() {
  return (
    <div class="legend">
      <span>free</span>
      <span class="leased">in use</span>
      <span class="cooling">cooling down</span>
      <span class="fixed">source</span>
      <span class="draining">draining, retired</span>
    </div>
  );
}

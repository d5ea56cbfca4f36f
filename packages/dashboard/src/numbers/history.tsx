import { api, DAY, type PoolHistory } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useMemo, useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { Chart } from '../components/chart.tsx';
import { Answer } from '../components/feedback.tsx';
import { Select } from '../components/field.tsx';
import { ScrollRegion } from '../components/scroll-region.tsx';
import { ask, client } from '../model/api.ts';
import { clock, count, dateTime, plural, shortDate } from '../model/format.ts';
import { useSite } from '../model/site.ts';

type Span = '1' | '7' | '30';

/** Charts the numbers held hour by hour, and marks the hours in which the pool was too small. */
export function History() {
  const { site } = useSite();
  const [days, setDays] = useState<Span>('7');
  const [target, setTarget] = useState('');
  const asked = useQuery({
    // Asked for again with each refresh, so that the last hour stays the present one.
    queryKey: [api.poolHistory.path, site.id, days, target],
    queryFn: () => {
      const from = new Date(Date.now() - Number(days) * DAY).toISOString();
      return client.call(api.poolHistory, { site: site.id, query: { from, ...(target ? { target } : {}) } });
    },
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  });
  const pool = useQuery(ask(api.pool, { site: site.id }));
  const draining = (target ? pool.data?.targets[target] : pool.data)?.draining ?? 0;
  return (
    <Card
      title="Pool usage"
      aside={
        <div class="controls">
          {site.targets.length > 1 && (
            <Select
              label="Target"
              value={target}
              options={[['', 'All'], ...site.targets.map(({ id }) => [id, id] as const)]}
              onChange={setTarget}
            />
          )}
          <Select
            label="Over"
            value={days}
            options={[
              ['1', '24 hours'],
              ['7', '7 days'],
              ['30', '30 days'],
            ]}
            onChange={setDays}
          />
        </div>
      }
    >
      <Answer of={asked} what="the history">
        {(history) => <Hours numbers={history.numbers - draining} hours={history.hours} />}
      </Answer>
    </Card>
  );
}

function Hours({ numbers, hours }: PoolHistory) {
  const { site } = useSite();
  const zone = site.timeZone ?? 'UTC';
  const x = useMemo(() => hours.map(({ at }) => Date.parse(at) / 1000), [hours]);
  const held = useMemo(
    () => [
      { label: 'Numbers in the pool now', values: hours.map(() => numbers), color: '--before', dashed: true },
      { label: 'Numbers in use', values: hours.map((hour) => hour.held), color: '--accent', fill: true },
    ],
    [hours, numbers],
  );
  const signs = useMemo(
    () => [
      { label: 'Visits without a number', values: hours.map(({ exhausted }) => exhausted), color: '--red', fill: true },
      { label: 'Reused too soon', values: hours.map(({ earlyReissues }) => earlyReissues), color: '--amber' },
    ],
    [hours],
  );
  const formatX = useMemo(() => (at: number) => dateTime(new Date(at * 1000).toISOString(), zone), [zone]);
  const formatTick = useMemo(() => {
    const isLong = hours.length > 48;
    return (at: number) => {
      const text = new Date(at * 1000).toISOString();
      const time = clock(text, zone);
      // A day is named once, at its beginning.
      return isLong && /^12:00\sAM$/.test(time) ? shortDate(text, zone) : time;
    };
  }, [hours.length, zone]);
  const most = Math.max(0, ...hours.map((hour) => hour.held));
  const exhausted = hours.reduce((sum, hour) => sum + hour.exhausted, 0);
  const early = hours.reduce((sum, hour) => sum + hour.earlyReissues, 0);
  const busyHours = hours.filter((hour) => hour.held + hour.exhausted + hour.earlyReissues > 0).reverse();
  return (
    <>
      <Chart
        x={x}
        series={held}
        time
        zone={zone}
        xLabel="Hour"
        formatX={formatX}
        formatTick={formatTick}
        formatY={count}
        summary={`Up to ${count(most)} numbers were in use at once, of ${count(numbers)} now in the pool.`}
      />
      {exhausted + early > 0 ? (
        <Chart
          x={x}
          series={signs}
          time
          zone={zone}
          height={150}
          xLabel="Hour"
          formatX={formatX}
          formatTick={formatTick}
          formatY={count}
          summary={`${plural(exhausted, 'visit')} without a number; ${plural(early, 'number')} reused too soon.`}
        />
      ) : most > 0 ? (
        <p class="soft">Every visit got a number, and no number was reused too soon.</p>
      ) : (
        <p class="soft">No visit used a number in this period.</p>
      )}
      <details>
        <summary>As a table</summary>
        <ScrollRegion label="The pool by hour, latest first">
          <table>
            <thead>
              <tr>
                <th scope="col">Hour</th>
                <th scope="col" class="number">
                  Numbers in use
                </th>
                <th scope="col" class="number">
                  Visits without a number
                </th>
                <th scope="col" class="number">
                  Reused too soon
                </th>
              </tr>
            </thead>
            <tbody>
              {busyHours.map((hour) => (
                <tr key={hour.at}>
                  <td>{dateTime(hour.at, zone)}</td>
                  <td class="number">{count(hour.held)}</td>
                  <td class="number">{count(hour.exhausted)}</td>
                  <td class="number">{count(hour.earlyReissues)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </>
  );
}

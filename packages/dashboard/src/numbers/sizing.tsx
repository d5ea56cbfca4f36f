import { api, blocking, numbersNeeded, type PoolSizing } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useMemo } from 'preact/hooks';
import { Card, Facts } from '../components/card.tsx';
import { Chart } from '../components/chart.tsx';
import { Answer } from '../components/feedback.tsx';
import { ask } from '../model/api.ts';
import { count, duration, percent, plural } from '../model/format.ts';
import { useSite } from '../model/site.ts';

export function Sizing() {
  const { site } = useSite();
  const asked = useQuery(ask(api.poolSizing, { site: site.id }));
  return (
    <Card title="Recommended pool size">
      <Answer of={asked} what="the sizing">
        {(sizing) => (
          <>
            <p>{sizing.advice}</p>
            {sizing.offeredErlangs > 0 && (
              <>
                <Curve sizing={sizing} />
                <Facts
                  of={[
                    ['Busiest hour', `${count(sizing.arrivalsPerHour)} visits that needed a number`],
                    ['Average use', duration(sizing.meanHoldSeconds)],
                    ['In use at once', `${count(sizing.offeredErlangs)} on average in that hour`],
                    ['To cover 95% of visits', plural(sizing.numbersFor5Percent, 'number')],
                    ['To cover 99%', plural(sizing.numbersFor1Percent, 'number')],
                  ]}
                />
              </>
            )}
          </>
        )}
      </Answer>
    </Card>
  );
}

const share = (value: number) => percent(value);
const numbers = (value: number) => (Number.isInteger(value) ? count(value) : '');

/** The share of visits without a number, by pool size (Erlang B). */
function Curve({ sizing: { offeredErlangs, numbers: now } }: { sizing: PoolSizing }) {
  const x = useMemo(() => {
    const enough = numbersNeeded(offeredErlangs, 0.005);
    // A pool far too large would leave no room for the curve.
    const most = Math.max(4, Math.ceil(1.15 * Math.max(enough, Math.min(now, 4 * enough))));
    const step = Math.max(1, Math.floor(most / 200));
    return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  }, [offeredErlangs, now]);
  const series = useMemo(
    () => [
      {
        label: 'Visits without a number',
        values: x.map((n) => blocking(offeredErlangs, n)),
        color: '--accent',
        fill: true,
      },
    ],
    [x, offeredErlangs],
  );
  const mark = useMemo(() => (now <= (x.at(-1) ?? 0) ? { x: now, label: `${now} now` } : undefined), [now, x]);
  return (
    <Chart
      x={x}
      series={series}
      xLabel="Numbers"
      formatX={numbers}
      formatY={share}
      height={220}
      mark={mark}
      summary={`With ${now} numbers, ${percent(blocking(offeredErlangs, now), 1)} of visits would get none.`}
    />
  );
}

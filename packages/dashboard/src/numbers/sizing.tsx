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
    <Card title="How many numbers it takes">
      <Answer of={asked} what="the sizing">
        {(sizing) => (
          <>
            <p>{sizing.advice}</p>
            {sizing.offeredErlangs > 0 && (
              <>
                <Curve sizing={sizing} />
                <Facts
                  of={[
                    ['Busiest hour', `${count(sizing.arrivalsPerHour)} visits that asked for a number`],
                    ['Held for', `${duration(sizing.meanHoldSeconds)} on average`],
                    ['Held at once', `${count(sizing.offeredErlangs)} on average in that hour`],
                    ['For 19 of 20 visits', `${plural(sizing.numbersFor5Percent, 'number')} would do`],
                    ['For 99 of 100', `${plural(sizing.numbersFor1Percent, 'number')} would do`],
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

/** What share of visits finds no number, by how many numbers there are (Erlang B). */
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
      { label: 'Find no number', values: x.map((n) => blocking(offeredErlangs, n)), color: '--accent', fill: true },
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
      summary={`With ${now} numbers, ${percent(blocking(offeredErlangs, now), 1)} of visits would find none.`}
    />
  );
}

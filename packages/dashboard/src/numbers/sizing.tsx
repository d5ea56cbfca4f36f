import { api, blocking, numbersNeeded, type PoolSizing, type TrackingNumber } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useMemo } from 'preact/hooks';
import { Card, Facts } from '../components/card.tsx';
import { Chart } from '../components/chart.tsx';
import { Answer } from '../components/feedback.tsx';
import { sourceNumbersIn } from '../install/page-findings.ts';
import { ask } from '../model/api.ts';
import { count, duration, host, percent, phone, plural } from '../model/format.ts';
import { useSite } from '../model/site.ts';

export function Sizing({ numbers: tracking }: { numbers: readonly TrackingNumber[] }) {
  const { site } = useSite();
  const asked = useQuery(ask(api.poolSizing, { site: site.id }));
  return (
    <Card title="Recommended pool size">
      <Answer of={asked} what="the sizing">
        {(sizing) => (
          <>
            <p>{sizing.advice}</p>
            <PrintedSources numbers={tracking} />
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

/** Warns of source numbers that the site's first page prints: people who call them there need no number of the pool. */
function PrintedSources({ numbers }: { numbers: readonly TrackingNumber[] }) {
  const { site } = useSite();
  const sources = numbers.filter(({ kind, status }) => kind === 'source' && status !== 'retired');
  const url = site.origins.find((origin) => !origin.includes('*'));
  const page = useQuery({
    ...ask(api.readPage, { site: site.id, query: { url: url ?? '' } }),
    enabled: url !== undefined && sources.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const html = page.data?.error === null ? page.data.html : null;
  const printed = useMemo(() => (html ? sourceNumbersIn(html, sources) : []), [html, sources]);
  return printed.map(({ number, name }) => (
    <p key={number} class="note warn">
      <span>
        <strong>
          {phone(number, site.country)}
          {name && ` (${name})`}
        </strong>{' '}
        is a source number, but {host(url ?? null)} prints it. Calls from there count for that source, not for a visit.
      </span>
    </p>
  ));
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

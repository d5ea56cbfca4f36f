import { api, type Dimension, type Model, type Report, type ReportMetrics } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useMemo, useState } from 'preact/hooks';
import { ask } from '../api.ts';
import { count, day, money, percent } from '../format.ts';
import { Card, PageHead } from '../parts/card.tsx';
import { Chart } from '../parts/chart.tsx';
import { Answer, Empty } from '../parts/feedback.tsx';
import { ModelPicker, useModel } from '../parts/model-picker.tsx';
import { PeriodPicker } from '../parts/period-picker.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { addDays, daysOf, type Period, periodOf } from '../period.ts';
import { hrefOf, useRoute } from '../route.ts';
import { useSite } from '../site.ts';
import { FirstSteps } from './first-steps.tsx';

type Figure = 'calls' | 'answered' | 'missed' | 'firstTimeCalls' | 'costPerCall' | 'visits';
const FIGURES: [Figure, string][] = [
  ['calls', 'Calls'],
  ['answered', 'Answered'],
  ['missed', 'Missed'],
  ['firstTimeCalls', 'First-time callers'],
  ['costPerCall', 'Cost per call'],
  ['visits', 'Visits'],
];
/** Where less is better, a fall is good news. */
const LESS_IS_BETTER: ReadonlySet<Figure> = new Set(['missed', 'costPerCall']);

const TOPS: [Dimension, string][] = [
  ['channel', 'Channels'],
  ['campaign', 'Campaigns'],
  ['term', 'Keywords'],
  ['landing_page', 'Landing pages'],
];

export function OverviewPage() {
  const { site } = useSite();
  const { params } = useRoute();
  const period = periodOf(params, site.timeZone);
  const model = useModel(params);
  const byDay = useQuery({
    ...ask(api.report, {
      site: site.id,
      dimension: 'day',
      query: { ...period, model, compare: 'previous', intervals: 'false' },
    }),
    refetchInterval: 15_000,
  });
  return (
    <>
      <PageHead title="Overview">
        <PeriodPicker period={period} />
        <ModelPicker model={model} />
      </PageHead>
      <FirstSteps />
      <Answer of={byDay} what="the figures">
        {(report) => (isEmpty(report.totals) ? null : <Figures report={report} period={period} />)}
      </Answer>
      <div class="columns" hidden={!byDay.data || isEmpty(byDay.data.totals)}>
        {TOPS.map(([dimension, title]) => (
          <Top key={dimension} dimension={dimension} title={title} period={period} model={model} />
        ))}
      </div>
    </>
  );
}

function Figures({ report, period }: { report: Report; period: Period }) {
  const { site } = useSite();
  const [figure, setFigure] = useState<Figure>('calls');
  // Where nothing was spent, a call did not cost nothing: it is not known.
  const totals = spentOnly(report.totals);
  const show = (name: Figure, value: number | null) =>
    name === 'costPerCall' ? money(value, site.currency ?? 'USD') : value === null ? '–' : count(value);
  return (
    <>
      <fieldset class="tiles" style={{ border: 0, padding: 0 }}>
        <legend class="hidden">Figures; the chosen one is drawn by day</legend>
        {FIGURES.map(([name, title]) => (
          <button key={name} type="button" class="tile" aria-pressed={name === figure} onClick={() => setFigure(name)}>
            <span class="name">{title}</span>
            <span class="figure">{show(name, totals[name])}</span>
            <Delta name={name} now={totals} before={totals.previous} />
          </button>
        ))}
      </fieldset>
      <ByDay report={report} period={period} figure={figure} show={show} />
    </>
  );
}

/** Neither visits nor calls, now or in the period before: the first steps say what is missing. */
function isEmpty({ visits, calls, previous }: Report['totals']): boolean {
  return visits + calls + (previous?.visits ?? 0) + (previous?.calls ?? 0) === 0;
}

function spentOnly(totals: Report['totals']): Report['totals'] {
  return totals.cost ? totals : { ...totals, costPerCall: null };
}

function Delta({ name, now, before }: { name: Figure; now: ReportMetrics; before: ReportMetrics | undefined }) {
  const [current, previous] = [now[name], before?.[name] ?? null];
  if (current === null || !previous) return <span class="delta">nothing before to compare</span>;
  const change = (current - previous) / previous;
  if (Math.abs(change) < 0.005) return <span class="delta">as in the period before</span>;
  const good = change > 0 !== LESS_IS_BETTER.has(name);
  const size = Math.abs(change) >= 9.995 ? `${count(Math.abs(change) + 1)} times` : percent(Math.abs(change));
  return (
    <span class="delta">
      <span class={name === 'visits' ? '' : good ? 'good-text' : 'bad-text'}>
        {change > 0 ? '▲' : '▼'} {size}
      </span>{' '}
      {change > 0 ? 'more' : 'less'} than before
    </span>
  );
}

function ByDay({
  report,
  period,
  figure,
  show,
}: {
  report: Report;
  period: Period;
  figure: Figure;
  show: (name: Figure, value: number | null) => string;
}) {
  const title = FIGURES.find(([name]) => name === figure)?.[1] ?? '';
  const { days, x, now, before } = useMemo(() => {
    const all = daysOf(period);
    const rows = new Map(report.rows.map((row) => [row.key, row]));
    const none = figure === 'costPerCall' ? null : 0;
    return {
      days: all,
      x: all.map((each) => Date.parse(each) / 1000),
      now: all.map((each) => rows.get(each)?.[figure] ?? none),
      // A report by day gives the days before as rows of their own.
      before: all.map((each) => rows.get(addDays(each, -all.length))?.previous?.[figure] ?? none),
    };
  }, [report, figure, period.from, period.to]);
  const series = useMemo(
    () => [
      { label: 'Period before', values: before, color: '--before', dashed: true },
      { label: title, values: now, color: '--accent', fill: true },
    ],
    [before, now, title],
  );
  const formatX = useMemo(() => (at: number) => day(new Date(at * 1000).toISOString()), []);
  const formatY = useMemo(() => (value: number) => show(figure, value), [figure]);
  return (
    <Card title={`${title} by day`}>
      <Chart
        x={x}
        series={series}
        time
        xLabel="Day"
        formatX={formatX}
        formatY={formatY}
        summary={`${title} by day from ${day(period.from)} to ${day(period.to)}: ${show(figure, report.totals[figure])} in all, ${show(figure, report.totals.previous?.[figure] ?? null)} in the period before.`}
      />
      <details>
        <summary>As a table</summary>
        <ScrollRegion label={`${title} by day`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col" class="number">
                  {title}
                </th>
                <th scope="col" class="number">
                  Before
                </th>
              </tr>
            </thead>
            <tbody>
              {days.map((each, i) => (
                <tr key={each}>
                  <td>{day(each)}</td>
                  <td class="number">{show(figure, now[i] ?? null)}</td>
                  <td class="number">{show(figure, before[i] ?? null)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </Card>
  );
}

const SHOWN = 6;

function Top({
  dimension,
  title,
  period,
  model,
}: {
  dimension: Dimension;
  title: string;
  period: Period;
  model: Model;
}) {
  const { site } = useSite();
  const asked = useQuery(
    ask(api.report, { site: site.id, dimension, query: { ...period, model, intervals: 'false' } }),
  );
  return (
    <Card
      title={`Top ${title.toLowerCase()}`}
      aside={
        <a href={hrefOf(site.id, 'reports', undefined, { dimension, ...period, model })}>
          All<span class="hidden"> {title.toLowerCase()}</span>
        </a>
      }
    >
      <Answer of={asked} what={title.toLowerCase()}>
        {({ rows }) => {
          const best = rows.filter(({ calls }) => calls > 0).slice(0, SHOWN);
          if (best.length === 0) return <Empty title="No calls in this period" />;
          const most = Math.max(...best.map(({ calls }) => calls));
          return (
            <ol class="ranked">
              <li aria-hidden="true">
                <span />
                <span>Calls</span>
                <span>Per call</span>
              </li>
              {best.map(({ key, calls, costPerCall }) => (
                <li key={key}>
                  <KeyName dimension={dimension} name={key} period={period} />
                  <span>
                    {count(calls)}
                    <span class="hidden"> calls</span>
                  </span>
                  <span class="soft">{money(costPerCall || null, site.currency ?? 'USD')}</span>
                  <span class="bar" aria-hidden="true">
                    <i style={{ width: `${(100 * calls) / most}%` }} />
                  </span>
                </li>
              ))}
            </ol>
          );
        }}
      </Answer>
    </Card>
  );
}

/** A key of a report; where the list of calls can be narrowed by it, as the way there. */
function KeyName({ dimension, name, period }: { dimension: Dimension; name: string; period: Period }) {
  const { site } = useSite();
  if (!['channel', 'source', 'medium', 'campaign'].includes(dimension) || name.startsWith('('))
    return <span>{name}</span>;
  return (
    <a href={hrefOf(site.id, 'calls', undefined, { [dimension]: name, from: period.from, to: period.to })}>{name}</a>
  );
}

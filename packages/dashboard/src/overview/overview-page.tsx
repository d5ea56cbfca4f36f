import { addDays, api, type Dimension, dayOf, type EpochMs, type Model, type Report } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useMemo, useState } from 'preact/hooks';
import { Card, PageHead } from '../components/card.tsx';
import { Chart } from '../components/chart.tsx';
import { Answer, Empty } from '../components/feedback.tsx';
import { ModelPicker, useModel } from '../components/model-picker.tsx';
import { PeriodPicker } from '../components/period-picker.tsx';
import { ScrollRegion } from '../components/scroll-region.tsx';
import { ask } from '../model/api.ts';
import { count, day, money, percent } from '../model/format.ts';
import { daysOf, type Period, periodOf } from '../model/period.ts';
import { hrefOf, useRoute } from '../model/route.ts';
import { useSite } from '../model/site.ts';
import { isRest } from '../reports/key.tsx';
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
/** Metrics where less is better: a fall is good. */
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
      query: { ...period, model, compare: 'previous', limit: '10000', intervals: 'false' },
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
      <div class="tops" hidden={!byDay.data || isEmpty(byDay.data.totals)}>
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
  const today = dayOf(Date.now() as EpochMs, site.timeZone);
  const { now, before, whole } = useMemo(
    () => compared(report, period, today),
    [report, period.from, period.to, today],
  );
  // Without costs, the cost per call is unknown, not zero.
  const totals = report.totals.cost ? report.totals : { ...report.totals, costPerCall: null };
  const show = (name: Figure, value: number | null) =>
    name === 'costPerCall' ? money(value, site.currency ?? 'USD') : value === null ? '–' : count(value);
  return (
    <>
      <fieldset class="tiles" style={{ border: 0, padding: 0 }}>
        <legend class="hidden">Metrics; the selected one is charted by day</legend>
        {FIGURES.map(([name, title]) => (
          <button key={name} type="button" class="tile" aria-pressed={name === figure} onClick={() => setFigure(name)}>
            <span class="name">{title}</span>
            <span class="figure">{show(name, totals[name])}</span>
            {name === 'costPerCall' && <span class="delta">total cost ÷ all calls</span>}
            <Delta name={name} now={now} before={before} />
          </button>
        ))}
      </fieldset>
      {whole && whole.to < period.to && (
        <p class="soft">Compared with {span(beforeThat(whole, period))}. Today isn’t included yet.</p>
      )}
      <ByDay report={report} period={period} today={today} figure={figure} show={show} />
    </>
  );
}

type Sums = Record<Figure, number | null>;

/** Returns the whole days of a period and as many before it, added up: what is still going on is not held against whole days. */
function compared(report: Report, period: Period, today: string): { now?: Sums; before?: Sums; whole?: Period } {
  const days = daysOf(period);
  const whole = days.filter((each) => each < today);
  const [from, to] = [whole[0], whole.at(-1)];
  if (from === undefined || to === undefined) return {};
  const rows = new Map(report.rows.map((row) => [row.key, row]));
  return {
    now: added(whole.map((each) => rows.get(each))),
    // A report by day gives the days before as rows of their own.
    before: added(whole.map((each) => rows.get(addDays(each, -days.length))?.previous)),
    whole: { from, to },
  };
}

function added(days: (Omit<Report['rows'][number], 'key'> | undefined)[]): Sums {
  const sum = (name: 'calls' | 'answered' | 'missed' | 'firstTimeCalls' | 'visits' | 'cost') =>
    days.reduce((all, each) => all + (each?.[name] ?? 0), 0);
  const [calls, cost] = [sum('calls'), sum('cost')];
  return {
    calls,
    answered: sum('answered'),
    missed: sum('missed'),
    firstTimeCalls: sum('firstTimeCalls'),
    costPerCall: cost > 0 && calls > 0 ? cost / calls : null,
    visits: sum('visits'),
  };
}

function beforeThat(whole: Period, period: Period): Period {
  const back = -daysOf(period).length;
  return { from: addDays(whole.from, back), to: addDays(whole.to, back) };
}

const span = ({ from, to }: Period) => (from === to ? day(from) : `${day(from)} – ${day(to)}`);

/** Neither visits nor calls, now or in the period before: the first steps say what is missing. */
function isEmpty({ visits, calls, previous }: Report['totals']): boolean {
  return visits + calls + (previous?.visits ?? 0) + (previous?.calls ?? 0) === 0;
}

function Delta({ name, now, before }: { name: Figure; now: Sums | undefined; before: Sums | undefined }) {
  if (!now) return <span class="delta">Today isn’t over yet</span>;
  const [current, previous] = [now[name], before?.[name] ?? null];
  if (current === null || !previous) return <span class="delta">No earlier data</span>;
  const change = (current - previous) / previous;
  if (Math.abs(change) < 0.005) return <span class="delta">Same as the previous period</span>;
  const good = change > 0 !== LESS_IS_BETTER.has(name);
  const size = Math.abs(change) >= 9.995 ? `${count(Math.abs(change) + 1)} times` : percent(Math.abs(change));
  return (
    <span class="delta">
      <span class={name === 'visits' ? '' : good ? 'good-text' : 'bad-text'}>
        {change > 0 ? '▲' : '▼'} {size}
      </span>{' '}
      vs. previous period
    </span>
  );
}

function ByDay({
  report,
  period,
  today,
  figure,
  show,
}: {
  report: Report;
  period: Period;
  today: string;
  figure: Figure;
  show: (name: Figure, value: number | null) => string;
}) {
  const title = FIGURES.find(([name]) => name === figure)?.[1] ?? '';
  const { days, x, all, whole, part, before } = useMemo(() => {
    const days = daysOf(period);
    const rows = new Map(report.rows.map((row) => [row.key, row]));
    const none = figure === 'costPerCall' ? null : 0;
    const all = days.map((each) => (each > today ? null : (rows.get(each)?.[figure] ?? none)));
    return {
      days,
      x: days.map((each) => Date.parse(each) / 1000),
      all,
      whole: all.map((value, i) => ((days[i] ?? '') < today ? value : null)),
      part: all.map((value, i) => (days[i] === today ? value : null)),
      // A report by day gives the days before as rows of their own.
      before: days.map((each) => rows.get(addDays(each, -days.length))?.previous?.[figure] ?? none),
    };
  }, [report, figure, today, period.from, period.to]);
  const series = useMemo(
    () => [
      { label: 'Previous period', values: before, color: '--before', dashed: true },
      { label: title, values: whole, color: '--accent', fill: true },
      ...(days.includes(today) ? [{ label: 'Today so far', values: part, color: '--accent', points: true }] : []),
    ],
    [before, whole, part, days, today, title],
  );
  const formatX = useMemo(() => (at: number) => day(new Date(at * 1000).toISOString()), []);
  const formatY = useMemo(() => (value: number) => show(figure, value), [figure]);
  return (
    <Card title={`${title} by day`}>
      {figure === 'costPerCall' && (
        <p class="soft">
          Total cost divided by all calls, including calls that no ad brought. For the cost per call of a channel or
          campaign, see below or open Reports.
        </p>
      )}
      <Chart
        x={x}
        series={series}
        time
        xLabel="Day"
        formatX={formatX}
        formatY={formatY}
        summary={`${title} by day from ${day(period.from)} to ${day(period.to)}: ${show(figure, report.totals[figure])} in total, ${show(figure, report.totals.previous?.[figure] ?? null)} in the previous period.`}
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
                  Previous period
                </th>
              </tr>
            </thead>
            <tbody>
              {days.map((each, i) => (
                <tr key={each}>
                  <td>
                    {day(each)}
                    {each === today && ' (so far)'}
                  </td>
                  <td class="number">{show(figure, all[i] ?? null)}</td>
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
    ask(api.report, { site: site.id, dimension, query: { ...period, model, limit: '10000', intervals: 'false' } }),
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
          const called = rows.filter(({ calls }) => calls > 0);
          const best = called.filter(({ key }) => !isRest(key)).slice(0, SHOWN);
          const rest = called.filter(({ key }) => isRest(key));
          if (called.length === 0) return <Empty title="No calls in this period" />;
          const most = Math.max(...best.map(({ calls }) => calls));
          return (
            <ol class="ranked">
              <li aria-hidden="true">
                <span />
                <span>Calls</span>
                <span>Cost per call</span>
              </li>
              {[...best, ...rest].map(({ key, calls, costPerCall }) => (
                <li key={key} class={isRest(key) ? 'rest' : ''}>
                  <a
                    href={hrefOf(site.id, 'calls', undefined, {
                      [dimension]: key,
                      model,
                      from: period.from,
                      to: period.to,
                    })}
                  >
                    {key}
                  </a>
                  <span>
                    {count(calls)}
                    <span class="hidden"> calls</span>
                  </span>
                  <span class="soft">{money(costPerCall || null, site.currency ?? 'USD')}</span>
                  {!isRest(key) && (
                    <span class="bar" aria-hidden="true">
                      <i style={{ width: `${(100 * calls) / most}%` }} />
                    </span>
                  )}
                </li>
              ))}
            </ol>
          );
        }}
      </Answer>
    </Card>
  );
}

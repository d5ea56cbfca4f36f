import { api, Dimension, type ReportMetrics, type ReportRow } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card, PageHead } from '../components/card.tsx';
import { CsvDownload } from '../components/download.tsx';
import { Answer, Empty } from '../components/feedback.tsx';
import { Select } from '../components/field.tsx';
import { MODELS, ModelPicker, useModel } from '../components/model-picker.tsx';
import { PeriodPicker } from '../components/period-picker.tsx';
import { ScrollRegion } from '../components/scroll-region.tsx';
import { ask } from '../model/api.ts';
import { count, money, percent } from '../model/format.ts';
import { type Period, periodOf } from '../model/period.ts';
import { setParams, useRoute } from '../model/route.ts';
import { mayAdmin } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { AddCosts } from './add-costs.tsx';
import { Comparison } from './comparison.tsx';
import { calledShare, Interval } from './interval.tsx';
import { isRest, Key, restLast } from './key.tsx';

const DIMENSIONS: Record<Dimension, string> = {
  channel: 'Channel',
  source: 'Source',
  medium: 'Medium',
  campaign: 'Campaign',
  term: 'Keyword',
  content: 'Ad',
  landing_page: 'Landing page',
  referrer: 'Referrer',
  target: 'Target',
  number: 'Tracking number',
  hour: 'Hour of day',
  day: 'Day',
  device: 'Device',
  country: 'Country',
  variant: 'Variant',
};

type Sort = Exclude<keyof ReportMetrics, 'callRateLow' | 'callRateHigh' | 'costPerFirstTimeCall'>;
const COLUMNS: [Sort, string][] = [
  ['visits', 'Visits'],
  ['calls', 'Calls'],
  ['answered', 'Answered'],
  ['missed', 'Missed'],
  ['firstTimeCalls', 'First-time'],
  ['qualified', 'Qualified'],
  ['value', 'Value'],
  ['cost', 'Cost'],
  ['costPerCall', 'Cost per call'],
  ['roi', 'Return'],
];

export function ReportsPage() {
  const { site, grant } = useSite();
  const { params } = useRoute();
  const [adding, setAdding] = useState(false);
  const period = periodOf(params, site.timeZone ?? 'UTC');
  const model = useModel(params);
  const dimension = Dimension.options.find((name) => name === params.get('dimension')) ?? 'channel';
  const query = { ...period, model, limit: '500', intervals: 'true' as const };
  const asked = useQuery(ask(api.report, { site: site.id, dimension, query }));
  const [compared, setCompared] = useState<string[]>([]);
  return (
    <>
      <PageHead title="Reports">
        <Select
          label="By"
          value={dimension}
          options={Object.entries(DIMENSIONS) as [Dimension, string][]}
          onChange={(chosen) => {
            setCompared([]);
            setParams({ dimension: chosen });
          }}
        />
        <PeriodPicker period={period} />
        <ModelPicker model={model} />
        <CsvDownload
          operation={api.report}
          given={{ site: site.id, dimension, query }}
          name={`${dimension}-${site.id}.csv`}
        />
        {mayAdmin(grant) && (
          <button type="button" onClick={() => setAdding(true)}>
            Add costs
          </button>
        )}
      </PageHead>
      {adding && <AddCosts onClose={() => setAdding(false)} />}
      {compared.length === 2 && (
        <Comparison
          dimension={dimension}
          keys={compared as [string, string]}
          period={period}
          model={model}
          onClose={() => setCompared([])}
        />
      )}
      <Answer of={asked} what="the report">
        {({ rows, totals }) =>
          rows.length === 0 ? (
            <Empty title="No data in this period">Choose a longer period, or wait for the first visits.</Empty>
          ) : (
            <>
              <Calls
                rows={rows}
                period={period}
                title={`Calls by ${DIMENSIONS[dimension].toLowerCase()}`}
                model={MODELS[model]}
                dimension={dimension}
              />
              <Table
                rows={rows}
                totals={totals}
                dimension={dimension}
                period={period}
                compared={compared}
                onCompare={(key, on) =>
                  setCompared((keys) => (on ? [...keys.slice(-1), key] : keys.filter((each) => each !== key)))
                }
              />
            </>
          )
        }
      </Answer>
    </>
  );
}

const BARS = 12;

/** The most calls first and what is left over last, or the hours and days in their order. */
function Calls({
  rows,
  period,
  title,
  model,
  dimension,
}: {
  rows: ReportRow[];
  period: Period;
  title: string;
  model: string;
  dimension: Dimension;
}) {
  const inTime = dimension === 'hour' || dimension === 'day';
  const shown = inTime ? rows.slice(-31) : restLast(rows.filter(({ calls }) => calls > 0).slice(0, BARS));
  const most = Math.max(1e-9, ...shown.map(({ calls }) => calls));
  if (shown.length === 0) return null;
  return (
    <Card title={title} aside={<span class="soft">{model}</span>}>
      <ul class="bars">
        {shown.map((row) => (
          <li key={row.key} class={isRest(row.key) ? 'rest' : undefined}>
            <Key dimension={dimension} row={row} period={period} />
            <span class="bar" aria-hidden="true">
              <i style={{ width: `${(100 * row.calls) / most}%` }} />
            </span>
            <span class="amount">{count(row.calls)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Rows drawn until all are asked for. */
const ROWS = 50;

function Table({
  rows,
  totals,
  dimension,
  period,
  compared,
  onCompare,
}: {
  rows: ReportRow[];
  totals: ReportMetrics;
  dimension: Dimension;
  period: Period;
  compared: string[];
  onCompare: (key: string, on: boolean) => void;
}) {
  const { site } = useSite();
  const { params } = useRoute();
  const [all, setAll] = useState(false);
  const sort = COLUMNS.find(([name]) => name === params.get('sort'))?.[0] ?? null;
  const sorted = sort ? [...rows].sort((a, b) => (b[sort] ?? -1e18) - (a[sort] ?? -1e18)) : restLast(rows);
  const widest = Math.max(1e-9, ...rows.map(({ callRateHigh }) => callRateHigh ?? 0));
  // Without costs, the cost per call is unknown, not zero.
  const known = (name: Sort, row: ReportMetrics) => (name === 'costPerCall' ? row[name] || null : row[name]);
  const show = (name: Sort, row: ReportMetrics) => {
    const value = known(name, row);
    if (name === 'value' || name === 'cost' || name === 'costPerCall') return money(value, site.currency ?? 'USD');
    return name === 'roi' ? percent(value) : value === null ? '–' : count(value);
  };
  const columns = COLUMNS.filter(([name]) => [totals, ...rows].some((row) => known(name, row) !== null));
  const cells = (row: ReportMetrics, some: typeof COLUMNS) =>
    some.map(([name]) => (
      <td key={name} class="number">
        {show(name, row)}
      </td>
    ));
  // The rate stands right after what it is made of.
  const [made, rest] = [columns.slice(0, 2), columns.slice(2)];
  const heads = (some: typeof COLUMNS) =>
    some.map(([name, title]) => (
      <th key={name} scope="col" class="number" aria-sort={name === sort ? 'descending' : undefined}>
        <button type="button" onClick={() => setParams({ sort: name === sort ? undefined : name })}>
          {title}
          {name === sort && <span aria-hidden="true">↓</span>}
        </button>
      </th>
    ));
  return (
    <>
      <ScrollRegion label="Report table" tall>
        <table class="report">
          <caption class="hidden">By {DIMENSIONS[dimension]}. Select two rows to compare them.</caption>
          <thead>
            <tr>
              <th scope="col">{DIMENSIONS[dimension]}</th>
              {heads(made)}
              <th scope="col">
                Call rate
                <span class="hidden">, with its 95% interval</span>
              </th>
              {heads(rest)}
            </tr>
          </thead>
          <tbody>
            {(all ? sorted : sorted.slice(0, ROWS)).map((row) => (
              <tr key={row.key}>
                <td class="key">
                  <span class="pick">
                    <input
                      type="checkbox"
                      aria-label={`Compare ${row.key}`}
                      checked={compared.includes(row.key)}
                      onChange={(event) => onCompare(row.key, event.currentTarget.checked)}
                    />
                    <Key dimension={dimension} row={row} period={period} />
                  </span>
                </td>
                {cells(row, made)}
                <td>
                  <Interval row={row} widest={widest} />
                </td>
                {cells(row, rest)}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td class="key">Total</td>
              {cells(totals, made)}
              <td>{percent(calledShare(totals), 1)}</td>
              {cells(totals, rest)}
            </tr>
          </tfoot>
        </table>
      </ScrollRegion>
      {!all && sorted.length > ROWS && (
        <div class="actions">
          <button type="button" onClick={() => setAll(true)}>
            Show all {count(sorted.length)} rows
          </button>
        </div>
      )}
    </>
  );
}

import { api, Dimension, type ReportMetrics, type ReportRow } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { ask } from '../api.ts';
import { count, money, percent, phone } from '../format.ts';
import { Card, PageHead } from '../parts/card.tsx';
import { CsvDownload } from '../parts/download.tsx';
import { Answer, Empty } from '../parts/feedback.tsx';
import { Select } from '../parts/field.tsx';
import { MODELS, ModelPicker, useModel } from '../parts/model-picker.tsx';
import { PeriodPicker } from '../parts/period-picker.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { periodOf } from '../period.ts';
import { setParams, useRoute } from '../route.ts';
import { mayAdmin } from '../session.ts';
import { useSite } from '../site.ts';
import { AddCosts } from './add-costs.tsx';
import { Comparison } from './comparison.tsx';

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
  ['costPerCall', 'Per call'],
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
            <Empty title="Nothing in this period">Choose a longer one, or wait for the first visits.</Empty>
          ) : (
            <>
              <Calls
                rows={rows}
                title={`Calls by ${DIMENSIONS[dimension].toLowerCase()}`}
                model={MODELS[model]}
                dimension={dimension}
              />
              <Table
                rows={rows}
                totals={totals}
                dimension={dimension}
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

/** The most calls first, or the hours and days in their order. */
function Calls({
  rows,
  title,
  model,
  dimension,
}: {
  rows: ReportRow[];
  title: string;
  model: string;
  dimension: Dimension;
}) {
  const { site } = useSite();
  const inTime = dimension === 'hour' || dimension === 'day';
  const shown = inTime ? rows.slice(-31) : rows.filter(({ calls }) => calls > 0).slice(0, BARS);
  const most = Math.max(1e-9, ...shown.map(({ calls }) => calls));
  if (shown.length === 0) return null;
  return (
    <Card title={title} aside={<span class="soft">{model}</span>}>
      <ul class="bars">
        {shown.map(({ key, calls }) => (
          <li key={key}>
            <span class="name">{dimension === 'number' ? phone(key, site.country) : key}</span>
            <span class="bar" aria-hidden="true">
              <i style={{ width: `${(100 * calls) / most}%` }} />
            </span>
            <span class="amount">{count(calls)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Table({
  rows,
  totals,
  dimension,
  compared,
  onCompare,
}: {
  rows: ReportRow[];
  totals: ReportMetrics;
  dimension: Dimension;
  compared: string[];
  onCompare: (key: string, on: boolean) => void;
}) {
  const { site } = useSite();
  const { params } = useRoute();
  const sort = COLUMNS.find(([name]) => name === params.get('sort'))?.[0] ?? null;
  const sorted = sort ? [...rows].sort((a, b) => (b[sort] ?? -1e18) - (a[sort] ?? -1e18)) : rows;
  const widest = Math.max(1e-9, ...rows.map(({ callRateHigh }) => callRateHigh ?? 0));
  const show = (name: Sort, row: ReportMetrics) => {
    const value = row[name];
    if (name === 'value' || name === 'cost' || name === 'costPerCall') {
      // Where nothing was spent, a call did not cost nothing: it is not known.
      return money(name === 'costPerCall' ? value || null : value, site.currency ?? 'USD');
    }
    return name === 'roi' ? percent(value) : value === null ? '–' : count(value);
  };
  return (
    <ScrollRegion label="The report as a table">
      <table>
        <caption class="hidden">
          By {DIMENSIONS[dimension]}; tick two rows to compare them. The share of visits that called stands with its 95
          % interval.
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Compare</span>
            </th>
            <th scope="col">{DIMENSIONS[dimension]}</th>
            <th scope="col">Visits that called, 95 % interval</th>
            {COLUMNS.map(([name, title]) => (
              <th key={name} scope="col" class="number" aria-sort={name === sort ? 'descending' : undefined}>
                <button type="button" onClick={() => setParams({ sort: name === sort ? undefined : name })}>
                  {title}
                  {name === sort && <span aria-hidden="true">↓</span>}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.key}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Compare ${row.key}`}
                  checked={compared.includes(row.key)}
                  onChange={(event) => onCompare(row.key, event.currentTarget.checked)}
                />
              </td>
              <td class="key">{dimension === 'number' ? phone(row.key, site.country) : row.key}</td>
              <td>
                <Interval row={row} widest={widest} />
              </td>
              {COLUMNS.map(([name]) => (
                <td key={name} class="number">
                  {show(name, row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td>All</td>
            <td>{percent(totals.visits > 0 ? (totals.callingVisits ?? 0) / totals.visits : null, 1)}</td>
            {COLUMNS.map(([name]) => (
              <td key={name} class="number">
                {show(name, totals)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </ScrollRegion>
  );
}

/** The share of visits that called, as a dot on the stretch where it truly may lie (Wilson, 95 %). */
export function Interval({ row, widest }: { row: ReportMetrics; widest: number }) {
  const { callingVisits, callRateLow, callRateHigh } = row;
  if (callingVisits === null || callRateLow === null || callRateHigh === null) {
    return <span class="soft">no visits</span>;
  }
  const share = callingVisits / row.visits;
  const at = (rate: number) => `${Math.min(100, (100 * rate) / widest)}%`;
  return (
    <div class="rate">
      <span>
        {percent(share, 1)}{' '}
        <span class="soft">
          {percent(callRateLow, 1)} to {percent(callRateHigh, 1)}
        </span>
      </span>
      <div class="interval" aria-hidden="true">
        <i style={{ left: at(callRateLow), width: `calc(${at(callRateHigh)} - ${at(callRateLow)})` }} />
        <b style={{ left: at(share) }} />
      </div>
    </div>
  );
}

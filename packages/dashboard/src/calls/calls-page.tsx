import { api, type Call, type Site } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useEffect, useState } from 'preact/hooks';
import { PageHead } from '../components/card.tsx';
import { CsvDownload } from '../components/download.tsx';
import { Empty, Loading, Problem } from '../components/feedback.tsx';
import { Select, TextField } from '../components/field.tsx';
import { MODEL_OPTIONS, MODELS } from '../components/model-picker.tsx';
import { type Column, VirtualTable } from '../components/virtual-table.tsx';
import { ask } from '../model/api.ts';
import { clock, count, dialled, duration, money, pagePath, phone, plural, shortDate } from '../model/format.ts';
import { lastDays } from '../model/period.ts';
import { hrefOf, type Params, setParams, useRoute } from '../model/route.ts';
import { useSite } from '../model/site.ts';
import { useDebounced } from '../model/use-debounced.ts';
import { CHIPS, modelOf, NARROWING, narrowed, narrowingOf, ORIGINS } from './narrowing.ts';
import { Ringing } from './ringing.tsx';
import { useCalls } from './use-calls.ts';
import { useNumberNames } from './use-number-names.ts';
import { isLive, MATCH, originOf, STATUS, sureness } from './wording.ts';

/** Waits until typing pauses. */
const TYPING_MS = 250;

export function CallsPage() {
  const { site } = useSite();
  const { params } = useRoute();
  const search = params.get('search') ?? '';
  const debounced = useDebounced(search, TYPING_MS);
  const asked = new URLSearchParams(params);
  asked.set('search', debounced);
  const query = narrowingOf(asked, site);
  const { calls, error, refetch, more, isOld } = useCalls(site.id, query);
  const names = useNumberNames(site.id);
  const isSearching = isOld || debounced !== search;
  // A search may have thousands of calls to look through before it finds one.
  const goesOn = calls?.length === 0 && more;
  useEffect(() => {
    if (goesOn) goesOn();
  }, [goesOn]);

  return (
    <>
      <PageHead title="Calls">
        <CsvDownload
          operation={api.listCalls}
          given={{ site: site.id, query: { ...query, limit: '1000' } as object }}
          name={`calls-${site.id}.csv`}
        />
      </PageHead>
      <Ringing calls={calls ?? []} />
      <Narrowing />
      {error && !calls ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : !calls || goesOn || (isOld && calls.length === 0) ? (
        <Loading what="calls" />
      ) : calls.length > 0 ? (
        <>
          <p class="soft" role="status">
            {isSearching ? 'Searching…' : <Listed calls={calls} goesOn={more !== undefined} />}
          </p>
          <VirtualTable
            caption="Calls, latest first"
            rows={calls}
            columns={columns(site, names, Object.fromEntries(params))}
            keyOf={({ id }) => id}
            rowHeight={60}
            more={more}
            rowClass={() => 'linked'}
            flows
          />
        </>
      ) : narrowed(params) > 0 || search.trim() !== '' ? (
        <Empty title="No calls match these filters">
          <button
            type="button"
            onClick={() => setParams(Object.fromEntries(NARROWING.map((name) => [name, undefined])))}
          >
            Clear filters
          </button>
        </Empty>
      ) : (
        <Empty title="No calls yet">
          Calls appear here as soon as they ring. Spam and test calls are hidden;{' '}
          <a href={hrefOf(site.id, 'calls', undefined, { spam: 'all', test: 'include' })}>show them</a>.{' '}
          <a href={hrefOf(site.id, 'overview')}>Finish setting up</a>
        </Empty>
      )}
    </>
  );
}

/** The number of calls listed, with what is needed to compare it with the figures of other pages. */
function Listed({ calls, goesOn }: { calls: readonly Call[]; goesOn: boolean }) {
  const { params } = useRoute();
  const model = modelOf(params);
  const spam = params.get('spam') ?? 'false';
  return (
    <>
      {goesOn ? `The latest ${count(calls.length)} calls` : plural(calls.length, 'call')}
      {spam === 'false' ? ', excluding spam' : spam === 'all' ? ', including spam' : ', spam only'}.
      {model &&
        ` These calls get credit under “${MODELS[model]}”, as in Overview and Reports. The visit that called may have another source.`}
      {model && SHARES.has(model) && ' In those reports, each call counts with its share of the credit.'}
    </>
  );
}

/** Models that share a call out. */
const SHARES: ReadonlySet<string> = new Set(['linear', 'time_decay', 'position_based', 'data_driven']);

/** The fields that narrow the list, all kept in the address; on a phone behind a button. */
function Narrowing() {
  const { params } = useRoute();
  const [isOpen, setOpen] = useState(false);
  const field = (name: (typeof NARROWING)[number]) => ({
    value: params.get(name) ?? '',
    onChange: (value: string) => setParams({ [name]: value }),
  });
  const active = narrowed(params);
  return (
    <div class="narrowing">
      <div class="find">
        <TextField
          label="Search"
          type="search"
          placeholder="Number, campaign, page…"
          maxLength={100}
          {...field('search')}
        />
        <button type="button" class="on-small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Filters{active > 0 && ` (${active})`}
        </button>
      </div>
      <div class={`filters days ${isOpen ? 'open' : ''}`}>
        <TextField label="From" type="date" {...field('from')} />
        <TextField label="To" type="date" {...field('to')} />
      </div>
      <div class={`filters ${isOpen ? 'open' : ''}`}>
        <Select
          label="Result"
          options={[['', 'Any'], ...Object.entries(STATUS).map(([key, { text }]) => [key, text] as [string, string])]}
          {...field('status')}
        />
        <Select label="Match" options={[['', 'Any'], ...Object.entries(MATCH)]} {...field('match')} />
        <OriginSelect label="Channel" dimension="channel" />
        <OriginSelect label="Campaign" dimension="campaign" />
        {ORIGINS.some((name) => params.get(name)) && (
          <Select
            label="Attribution model"
            options={[['', 'Visit that called'], ...MODEL_OPTIONS]}
            {...field('model')}
          />
        )}
        <Select
          label="Spam"
          options={[
            ['', 'Exclude'],
            ['all', 'Include'],
            ['true', 'Only spam'],
          ]}
          {...field('spam')}
        />
        <Select
          label="Test calls"
          options={[
            ['', 'Exclude'],
            ['include', 'Include'],
            ['only', 'Only test calls'],
          ]}
          {...field('test')}
        />
      </div>
      <div class="actions">
        {CHIPS.filter(([name]) => params.get(name)).map(([name, title]) => (
          <button key={name} type="button" onClick={() => setParams({ [name]: undefined })}>
            {title}: {params.get(name)} <span aria-hidden="true">×</span>
            <span class="hidden">, remove filter</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** Days whose channels and campaigns are offered where the list is of all days. */
const OFFERED_DAYS = 90;
const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);

/** One of the channels or campaigns that calls came from. */
function OriginSelect({ label, dimension }: { label: string; dimension: 'channel' | 'campaign' }) {
  const { site } = useSite();
  const { params } = useRoute();
  const value = params.get(dimension) ?? '';
  const model = modelOf(params);
  const from = params.get('from');
  const to = params.get('to');
  const days = {
    ...(isDay(from) ? { from } : isDay(to) ? {} : { from: lastDays(OFFERED_DAYS, site.timeZone).from }),
    ...(isDay(to) ? { to } : {}),
  };
  const { data } = useQuery({
    ...ask(api.report, { site: site.id, dimension, query: { ...days, limit: '200', ...(model ? { model } : {}) } }),
    staleTime: 60_000,
  });
  const keys = data?.rows.filter(({ key, calls }) => calls > 0 && !key.startsWith('(')).map(({ key }) => key) ?? [];
  return (
    <Select
      label={label}
      value={value}
      options={[
        ['', 'Any'],
        ...[...new Set(value ? [value, ...keys] : keys)].sort().map((key) => [key, key] as [string, string]),
      ]}
      onChange={(chosen) => setParams({ [dimension]: chosen })}
    />
  );
}

function columns(site: Site, names: ReadonlyMap<string, string>, params: Params): Column<Call>[] {
  const { timeZone: zone, country, currency } = site;
  return [
    {
      title: 'When',
      width: '6.8rem',
      cell: ({ startedAt }) => (
        <>
          <div>{clock(startedAt, zone)}</div>
          <div class="sub">{shortDate(startedAt, zone)}</div>
        </>
      ),
    },
    {
      title: 'Caller',
      kind: 'lead',
      cell: (call) => {
        const { id, from, to, firstTime, spam, test, status } = call;
        const { channel, detail } = originOf(call, names);
        return (
          <>
            <div>
              <a class="row" href={hrefOf(site.id, 'calls', id, params)}>
                {phone(from, country)}
              </a>
              <span class="on-phone soft"> · {STATUS[status].text}</span>
            </div>
            <div class="sub off-phone">
              {test ? 'Test · ' : spam ? 'Spam · ' : firstTime ? 'New caller · ' : ''}to {dialled(to, country)}
            </div>
            <div class="sub on-phone">
              {test ? 'Test · ' : spam ? 'Spam · ' : ''}
              {channel}
              {detail && ` · ${detail}`}
            </div>
          </>
        );
      },
    },
    {
      title: 'Source',
      kind: 'mid',
      cell: (call) => {
        const { channel, detail } = originOf(call, names);
        return (
          <>
            <div>{channel}</div>
            <div class="sub" title={detail}>
              {detail || ' '}
            </div>
          </>
        );
      },
    },
    {
      title: 'Landing page',
      kind: 'wide',
      width: '14%',
      cell: ({ attribution: { session } }) => (
        <div title={session?.landingPage ?? ''}>{pagePath(session?.landingPage ?? null) || '–'}</div>
      ),
    },
    {
      title: 'Result',
      kind: 'mid',
      width: '7.5rem',
      cell: (call) => (
        <>
          <span class={`badge ${STATUS[call.status].tone} ${isLive(call) ? 'live' : ''}`}>
            {STATUS[call.status].text}
          </span>
          <div class="sub">{duration(call.durationSeconds)}</div>
        </>
      ),
    },
    {
      title: 'Match',
      kind: 'wide',
      width: '9.5rem',
      cell: ({ attribution }) => (
        <>
          <div>{MATCH[attribution.match]}</div>
          <div class="sub">{sureness(attribution)}</div>
        </>
      ),
    },
    {
      title: 'Value',
      kind: 'wide',
      width: '5.2rem',
      cell: ({ value }) => <div>{value === null ? <span class="soft">–</span> : money(value, currency)}</div>,
    },
  ];
}

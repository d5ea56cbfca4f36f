import { api, type Call, type Site } from '@dialmark/shared';
import { useMemo, useState } from 'preact/hooks';
import { clock, duration, e164, money, pagePath, phone, shortDate } from '../format.ts';
import { PageHead } from '../parts/card.tsx';
import { CsvDownload } from '../parts/download.tsx';
import { Empty, Loading, Problem } from '../parts/feedback.tsx';
import { Select, TextField } from '../parts/field.tsx';
import { type Column, VirtualTable } from '../parts/virtual-table.tsx';
import { hrefOf, setParams, useRoute } from '../route.ts';
import { useSite } from '../site.ts';
import { Ringing } from './ringing.tsx';
import { useCalls } from './use-calls.ts';
import { useNumberNames } from './use-number-names.ts';
import { isLive, MATCH, originOf, STATUS, sureness } from './wording.ts';

/** What of the address narrows the list, under the API's own names. */
const FILTERS = [
  'status',
  'match',
  'channel',
  'source',
  'medium',
  'campaign',
  'target',
  'number',
  'spam',
  'from',
  'to',
] as const;
const FREE = ['channel', 'source', 'medium', 'campaign', 'target', 'number'] as const;

export function CallsPage() {
  const { site } = useSite();
  const { params } = useRoute();
  const [search, setSearch] = useState(params.get('search') ?? '');
  const filter: Record<string, string> = {};
  for (const name of FILTERS) {
    const value = params.get(name);
    if (value) filter[name] = value;
  }
  // A whole number is looked for in all calls; anything else in those that are shown.
  const caller = e164(search, site.country ?? 'US');
  if (caller) filter.caller = caller;
  const { calls, error, refetch, more } = useCalls(site.id, filter);
  const found = useMemo(() => (caller ? calls : calls?.filter((call) => holds(call, search))), [calls, caller, search]);
  const names = useNumberNames(site.id);
  const narrowed = search !== '' || Object.keys(filter).length > 0;

  return (
    <>
      <PageHead title="Calls">
        <CsvDownload
          operation={api.listCalls}
          given={{ site: site.id, query: { ...filter, limit: '1000' } as object }}
          name={`calls-${site.id}.csv`}
        />
      </PageHead>
      <Ringing calls={calls ?? []} />
      <div class="controls">
        <TextField
          label="Search"
          type="search"
          placeholder="Number, campaign, page…"
          value={search}
          onChange={(text) => {
            setSearch(text);
            setParams({ search: text });
          }}
        />
        <Select
          label="Result"
          value={params.get('status') ?? ''}
          options={[['', 'Any'], ...Object.entries(STATUS).map(([key, { text }]) => [key, text] as [string, string])]}
          onChange={(status) => setParams({ status })}
        />
        <Select
          label="Attributed by"
          value={params.get('match') ?? ''}
          options={[['', 'Anything'], ...Object.entries(MATCH)]}
          onChange={(match) => setParams({ match })}
        />
        <Select
          label="Spam"
          value={params.get('spam') ?? ''}
          options={[
            ['', 'Shown'],
            ['false', 'Left out'],
            ['true', 'Only spam'],
          ]}
          onChange={(spam) => setParams({ spam })}
        />
        <TextField label="From" type="date" value={params.get('from') ?? ''} onChange={(from) => setParams({ from })} />
        <TextField label="To" type="date" value={params.get('to') ?? ''} onChange={(to) => setParams({ to })} />
        {FREE.filter((name) => params.get(name)).map((name) => (
          <button key={name} type="button" onClick={() => setParams({ [name]: undefined })}>
            {name}: {params.get(name)} <span aria-hidden="true">×</span>
            <span class="hidden">, show all again</span>
          </button>
        ))}
      </div>
      {error && !calls ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : !found ? (
        <Loading what="calls" />
      ) : found.length > 0 ? (
        <VirtualTable
          caption="Calls, latest first"
          rows={found}
          columns={columns(site, names)}
          keyOf={({ id }) => id}
          rowHeight={60}
          more={more}
          rowClass={() => 'linked'}
        />
      ) : narrowed ? (
        <Empty title="No call fits">
          <button
            type="button"
            onClick={() => {
              setSearch('');
              setParams(Object.fromEntries([...FILTERS, 'search'].map((name) => [name, undefined])));
            }}
          >
            Show all calls
          </button>
        </Empty>
      ) : (
        <Empty title="No calls yet">
          They appear here by themselves, while they ring. <a href={hrefOf(site.id, 'overview')}>What is still to do</a>
        </Empty>
      )}
    </>
  );
}

function holds({ from, to, attribution: { session }, status }: Call, search: string): boolean {
  if (search.trim() === '') return true;
  const digits = search.replace(/\D/g, '');
  if (digits.length > 2 && `${from} ${to}`.includes(digits)) return true;
  const text = [session?.channel, session?.source, session?.campaign, session?.term, session?.landingPage, status];
  return text.join(' ').toLowerCase().includes(search.trim().toLowerCase());
}

function columns(site: Site, names: ReadonlyMap<string, string>): Column<Call>[] {
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
      cell: ({ id, from, to, firstTime, spam, status }) => (
        <>
          <a class="row" href={hrefOf(site.id, 'calls', id)}>
            {phone(from, country)}
          </a>
          <div class="sub">
            <span class="narrow">{STATUS[status].text} · </span>
            {spam ? 'Spam · ' : firstTime ? 'First call · ' : ''}to {phone(to, country)}
          </div>
        </>
      ),
    },
    {
      title: 'Came from',
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
      cell: ({ attribution: { session } }) => (
        <div title={session?.landingPage ?? ''}>{pagePath(session?.landingPage ?? null) || '–'}</div>
      ),
    },
    {
      title: 'Result',
      kind: 'wide',
      width: '8rem',
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
      width: '6.5rem',
      cell: ({ value }) => <div>{value === null ? <span class="soft">–</span> : money(value, currency)}</div>,
    },
  ];
}

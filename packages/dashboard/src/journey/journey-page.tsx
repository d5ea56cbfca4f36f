import { api, type Call, type CallPatch, type Site } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { narrowingOf } from '../calls/narrowing.ts';
import { forgetCalls, useNeighbours } from '../calls/use-calls.ts';
import { useNumberNames, useNumbers } from '../calls/use-number-names.ts';
import { detailOf, likelihood, MATCH, partOf, reasonOf, STATUS, seenWhere } from '../calls/wording.ts';
import { Card, Facts, PageHead } from '../components/card.tsx';
import { Answer, Loading, Problem } from '../components/feedback.tsx';
import { NumberField, Select } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { CARRIERS } from '../install/carrier-names.ts';
import { ask, client, forget, queries } from '../model/api.ts';
import {
  clockWithSeconds,
  date,
  dateTime,
  dialled,
  duration,
  host,
  money,
  pagePath,
  percent,
  phone,
  plural,
} from '../model/format.ts';
import { hrefOf, useRoute } from '../model/route.ts';
import { mayCorrectCalls } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { TagsEditor } from './tags-editor.tsx';
import { type DatedMoment, type Moment, timeline } from './timeline.ts';

export function JourneyPage() {
  const { site, grant } = useSite();
  const { id } = useRoute();
  const asked = useQuery({ ...ask(api.getCall, { site: site.id, id: id ?? '' }), refetchInterval: 3000 });
  return (
    <Answer of={asked} what="the call">
      {(call) => (
        <>
          <PageHead title={`Call from ${phone(call.from, site.country)}`}>
            <Ways call={call} />
          </PageHead>
          {call.test && <TestNote call={call} />}
          {call.hint && (
            <p class="note warn">
              <span>
                <strong>
                  {call.attribution.session ? 'Why the match is uncertain:' : 'Why no visit was matched:'}
                </strong>{' '}
                {call.hint.detail}
              </span>
            </p>
          )}
          <div class="call-page">
            <div class="stack">
              <Journey call={call} />
              <Candidates call={call} />
            </div>
            <div class="stack facts-of-call">
              <About call={call} />
              <WhichVisit call={call} />
            </div>
            {mayCorrectCalls(grant) && <Correct key={call.id} call={call} />}
          </div>
        </>
      )}
    </Answer>
  );
}

/** A test call counts nowhere, and is the only kind that can be deleted. */
function TestNote({ call }: { call: Call }) {
  const { site, grant } = useSite();
  const [error, setError] = useState<unknown>(null);
  const remove = async () => {
    try {
      await client.call(api.deleteCall, { site: site.id, id: call.id });
      await forgetCalls();
      location.hash = hrefOf(site.id, 'calls', undefined, { test: 'include' });
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <div class="note">
      <span>
        <strong>Test call.</strong> It isn’t counted in any report, and no integration is told of it.
      </span>
      {mayCorrectCalls(grant) && (
        <button type="button" class="danger" onClick={() => void remove()}>
          Delete test call
        </button>
      )}
      {error !== null && <Problem error={error} />}
    </div>
  );
}

/** To the calls before and after in the list that one comes from, and back to that list as it was narrowed. */
function Ways({ call }: { call: Call }) {
  const { site } = useSite();
  const { params } = useRoute();
  const { earlier, later } = useNeighbours(site.id, narrowingOf(params, site), call.id);
  const kept = Object.fromEntries(params);
  return (
    <>
      {earlier && (
        <a class="button" href={hrefOf(site.id, 'calls', earlier.id, kept)}>
          Earlier call
        </a>
      )}
      {later && (
        <a class="button" href={hrefOf(site.id, 'calls', later.id, kept)}>
          Later call
        </a>
      )}
      <a class="button" href={hrefOf(site.id, 'calls', undefined, kept)}>
        {params.size > 0 ? 'Back to calls' : 'All calls'}
      </a>
    </>
  );
}

function About({ call }: { call: Call }) {
  const { site } = useSite();
  const names = useNumberNames(site.id);
  const status = STATUS[call.status];
  return (
    <Card title="Call details" aside={<span class={`badge ${status.tone}`}>{status.text}</span>}>
      <Facts
        of={[
          ['When', dateTime(call.startedAt, site.timeZone ?? 'UTC')],
          ['Caller', `${phone(call.from, site.country)}${call.firstTime ? ', new caller' : ''}`],
          ['Dialed number', [dialled(call.to, site.country), call.to && names.get(call.to)].filter(Boolean).join(', ')],
          ['Replaced number', printedOf(call, site)],
          ['Talk time', call.durationSeconds === null ? null : duration(call.durationSeconds)],
          ['Ring time', call.ringSeconds === null ? null : duration(call.ringSeconds)],
          ['Value', call.value === null ? null : money(call.value, site.currency ?? 'USD')],
          ['Spam', call.spam ? 'Yes' : call.spamScore >= 0.2 ? `${percent(call.spamScore)} likely` : null],
          ['Spam signals', call.spam ? call.spamEvidence.map(({ detail }) => detail).join('; ') : null],
          ['Forwarded from', call.forwardedFrom && phone(call.forwardedFrom, site.country)],
          ['Reported by', reporterOf(call.carrier)],
        ]}
      />
      {call.recordingUrl && (
        <div class="stack">
          {/* biome-ignore lint/a11y/useMediaCaption: a phone call has no captions */}
          <audio controls preload="none" src={call.recordingUrl} style={{ width: '100%' }} aria-label="Recording" />
          <a href={call.recordingUrl} rel="noreferrer" target="_blank">
            Recording at {reporterOf(call.carrier)}
          </a>
        </div>
      )}
    </Card>
  );
}

/** Returns the printed number that the dialled one stood for; its target's name only where there are several. */
function printedOf({ to, target }: Call, { targets, country }: Site): string | null {
  const number = targets.find(({ id }) => id === target)?.number;
  if (number === undefined || target === null) return target;
  if (number === to) return targets.length > 1 ? target : null;
  return `${phone(number, country)}${targets.length > 1 ? ` (${target})` : ''}`;
}

function reporterOf(carrier: string): string {
  if (carrier === 'api') return 'the API';
  return carrier === 'demo' ? 'the demo' : ((CARRIERS as Record<string, string>)[carrier] ?? carrier);
}

function WhichVisit({ call }: { call: Call }) {
  const { site } = useSite();
  const { attribution } = call;
  const { session, visitor, match, confidence, touch } = attribution;
  return (
    <Card
      title={session ? 'Matched visit' : touch ? 'Matched source' : 'No matching visit'}
      aside={
        session && (
          <span class={`badge ${confidence >= 0.8 ? 'good' : confidence >= 0.5 ? 'warn' : 'bad'}`}>
            {likelihood(confidence)} sure
          </span>
        )
      }
    >
      <p>
        {match !== 'none' && <strong>{MATCH[match]}. </strong>}
        {reasonOf(call)}
      </p>
      {!session && touch && (
        <Facts
          of={[
            ['Channel', touch.channel],
            ['Source', [touch.source, touch.medium].filter(Boolean).join(' / ')],
            ['Campaign', touch.campaign],
            ['Keyword', touch.term],
            ['Ad', touch.content],
          ]}
        />
      )}
      {session && (
        <Facts
          of={[
            ['Channel', session.channel],
            ['Source', `${session.source} / ${session.medium}`],
            ['Campaign', session.campaign],
            ['Keyword', session.term],
            ['Ad', session.content],
            ['Landing page', session.landingPage && <Address of={session.landingPage} />],
            ['Referrer', host(session.referrer)],
            ...Object.entries(session.clickIds).map(([name, value]) => [name, value] as [string, string]),
            ['Pages', String(session.pages)],
            ['Visits to date', visitor && String(visitor.sessions)],
            ['Visit started', dateTime(session.startedAt, site.timeZone ?? 'UTC')],
          ]}
        />
      )}
    </Card>
  );
}

/** A page's path, and the whole address for who wants to see it. */
function Address({ of }: { of: string }) {
  return <span title={of}>{pagePath(of)}</span>;
}

function Journey({ call }: { call: Call }) {
  const { site } = useSite();
  const zone = site.timeZone ?? 'UTC';
  const { visitor, session } = call.attribution;
  const byVisitor = useQuery({
    ...ask(api.getVisitor, { site: site.id, id: visitor?.id ?? '', query: { limit: '1000' } }),
    enabled: visitor !== null,
    refetchInterval: 5000,
  });
  const bySession = useQuery({
    ...ask(api.getSession, { site: site.id, id: session?.id ?? '' }),
    enabled: visitor === null && session !== null,
  });
  const asked = visitor ? byVisitor : bySession;
  const known = visitor !== null || session !== null;
  if (known && asked.error && !asked.data) {
    return (
      <Card title="Journey">
        <Problem error={asked.error} retry={() => void asked.refetch()} />
      </Card>
    );
  }
  const moments = timeline(call, asked.data ?? null, zone);
  const visits = moments.filter(({ kind }) => kind === 'visit').length;
  return (
    <Card title="Journey" aside={<span class="soft">{visits > 0 ? plural(visits, 'visit') : 'Visit unknown'}</span>}>
      {known && !asked.data && <Loading what="the journey" />}
      <ol class="timeline">
        {moments.map((moment) => (
          <Line
            key={`${moment.kind}${moment.at}${moment.kind === 'page' ? moment.url : ''}`}
            moment={moment}
            call={call}
          />
        ))}
      </ol>
    </Card>
  );
}

function Line({ moment, call }: { moment: DatedMoment; call: Call }) {
  const { site } = useSite();
  const { params } = useRoute();
  const zone = site.timeZone ?? 'UTC';
  const isThis = moment.kind === 'call' && moment.call.id === call.id;
  const numbers = useNumbers(site.id);
  const touch = moment.kind === 'call' ? moment.call.attribution.touch : null;
  const seen = touch ? seenWhere(touch, numbers.get(touch.number ?? '')?.preset ?? null) : null;
  return (
    <li class={`${moment.kind} ${isThis ? 'this' : ''}`}>
      <span class="dot">
        <Icon name={moment.kind === 'call' ? 'calls' : moment.kind} />
      </span>
      <div class="what">
        {moment.kind === 'visit' && (
          <Visit visit={moment.visit} part={moment.visit.id === call.attribution.session?.id ? partOf(call) : null} />
        )}
        {moment.kind === 'page' && (
          <span>
            Viewed <Address of={moment.url} />
          </span>
        )}
        {moment.kind === 'tap' && <span>Tapped {phone(moment.number, site.country)} to call</span>}
        {moment.kind === 'call' && (
          <span>
            <strong>
              {isThis ? (
                'This call'
              ) : (
                <a href={hrefOf(site.id, 'calls', moment.call.id, Object.fromEntries(params))}>Another call</a>
              )}
            </strong>
            , {STATUS[moment.call.status].text.toLowerCase()}
            {moment.call.durationSeconds ? `, ${duration(moment.call.durationSeconds)}` : ''}, to{' '}
            {dialled(moment.call.to, site.country)}
          </span>
        )}
        {seen && <span class="soft">Dialed the number {seen}</span>}
      </div>
      <time dateTime={moment.at}>
        {(moment.beginsDay || moment.kind === 'visit') && `${date(moment.at, zone)}, `}
        {clockWithSeconds(moment.at, zone)}
      </time>
    </li>
  );
}

function Visit({
  visit,
  part,
}: {
  visit: Extract<Moment, { kind: 'visit' }>['visit'];
  part: ReturnType<typeof partOf> | null;
}) {
  const touch = [visit.source, visit.campaign, visit.term].filter((part) => part && part !== '(direct)').join(' · ');
  const clicks = Object.keys(visit.clickIds);
  return (
    <>
      <span>
        <strong>{visit.channel}</strong>
        {touch && ` · ${touch}`} {part && <span class={`badge ${part.tone}`}>{part.text}</span>}
      </span>
      <span class="soft">
        {[
          visit.landingPage && `landed on ${pagePath(visit.landingPage)}`,
          host(visit.referrer) && `from ${host(visit.referrer)}`,
          clicks.length > 0 && `with ${clicks.join(', ')}`,
          visit.device,
          visit.country,
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}

/** Candidates that are named one by one. */
const SHOWN = 8;

function Candidates({ call }: { call: Call }) {
  const { site } = useSite();
  const { candidates } = call.attribution;
  if (candidates.length === 0) return null;
  return (
    <Card title="Other possible visits">
      <ol class="stack">
        {candidates.slice(0, SHOWN).map((candidate) => (
          <Candidate key={candidate.binding} site={site.id} {...candidate} />
        ))}
        {candidates.length > SHOWN && <li class="soft">and {candidates.length - SHOWN} less likely ones</li>}
      </ol>
    </Card>
  );
}

function Candidate({ site, session, confidence }: { site: string; session: string; confidence: number }) {
  const { data } = useQuery(ask(api.getSession, { site, id: session }));
  const detail = data && detailOf(data);
  return (
    <li>
      <strong>{percent(confidence)}</strong>{' '}
      {data
        ? `${data.channel}${detail ? ` · ${detail}` : ''}, landed on ${pagePath(data.landingPage) || '/'}`
        : 'a visit with no further details'}
    </li>
  );
}

function Correct({ call }: { call: Call }) {
  const { site } = useSite();
  const [value, setValue] = useState(call.value);
  const [error, setError] = useState<unknown>(null);
  const [saved, setSaved] = useState(false);
  const patch = async (body: CallPatch) => {
    setError(null);
    setSaved(false);
    try {
      const changed = await client.call(api.patchCall, { site: site.id, id: call.id, body });
      queries.setQueryData(ask(api.getCall, { site: site.id, id: call.id }).queryKey, changed);
      await Promise.all([forget(api.listCalls, api.report), forgetCalls()]);
      setSaved(true);
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Card title="Edit call" aside={<span role="status">{saved && <span class="badge good">Saved</span>}</span>}>
      <div class="corrections">
        <Select
          label="Spam"
          value={call.spam ? 'true' : 'false'}
          options={[
            ['false', 'Not spam'],
            ['true', 'Spam (excluded from reports)'],
          ]}
          onChange={(spam) => void patch({ spam: spam === 'true' })}
        />
        <form
          class="beside"
          onSubmit={(event) => {
            event.preventDefault();
            void patch({ value });
          }}
        >
          <NumberField label={`Value in ${site.currency}`} value={value} onChange={setValue} />
          <button type="submit" disabled={value === call.value || Number.isNaN(value)}>
            Save value
          </button>
        </form>
        <TagsEditor tags={call.tags ?? {}} onChange={(tags) => void patch({ tags })} />
      </div>
      {error !== null && <Problem error={error} />}
    </Card>
  );
}

import { api, type NumberPatch, type NumberSource, type TrackingNumber } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Facts } from '../components/card.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Problem } from '../components/feedback.tsx';
import { Select, TextField } from '../components/field.tsx';
import { useFieldErrors } from '../components/field-errors.ts';
import { ask, client, forget } from '../model/api.ts';
import { dateTime, phone, plural } from '../model/format.ts';
import { hrefOf } from '../model/route.ts';
import { mayAdmin, mayCorrectCalls } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { countsText, stateOf } from './number-state.ts';
import { placeName } from './places.ts';
import { draftOf, SourceFields, sourceOf } from './source-fields.tsx';
import { TestCall } from './test-call.tsx';

/** The visit that has a number, and the number's target. */
export function OneNumber({ number, onClose }: { number: TrackingNumber; onClose: () => void }) {
  const { site, grant } = useSite();
  const held = useQuery({
    ...ask(api.attribution, { site: site.id, query: { number: number.number } }),
    enabled: number.state !== 'free',
  });
  const session = held.data?.session;
  const isHeld = number.state === 'leased';
  // The form says it as well.
  const mayChange = mayAdmin(grant);
  return (
    <Dialog title={phone(number.number, site.country)} onClose={onClose}>
      <Facts
        of={[
          ['State', stateOf(number)],
          ['Seen', mayChange ? null : number.preset && placeName(number.preset)],
          [
            'Calls count as',
            !mayChange &&
              number.countsAs &&
              [number.countsAs.channel, countsText(number.countsAs)].filter(Boolean).join(': '),
          ],
          [isHeld ? 'In use since' : 'Last used', heldText(number, site.timeZone ?? 'UTC')],
          ['Until', isHeld && number.expiresAt ? dateTime(number.expiresAt, site.timeZone ?? 'UTC') : null],
          [
            isHeld ? 'Visit' : 'Last visit',
            session && [session.channel, session.source, session.campaign].filter(Boolean).join(' · '),
          ],
          ['Landing page', session?.landingPage],
        ]}
      />
      <a href={hrefOf(site.id, 'calls', undefined, { number: number.number })}>Calls to this number</a>
      {mayCorrectCalls(grant) && <TestCall number={number} />}
      {mayChange && <Change number={number} />}
    </Dialog>
  );
}

/** Since when, or from when to when it last was. */
function heldText({ state, leasedAt, expiresAt }: TrackingNumber, zone: string): string | null {
  if (leasedAt === null) return null;
  if (state === 'leased' || expiresAt === null) return dateTime(leasedAt, zone);
  return `${dateTime(leasedAt, zone)}, until ${dateTime(expiresAt, zone)}`;
}

function Change({ number }: { number: TrackingNumber }) {
  const { site } = useSite();
  const [name, setName] = useState(number.name ?? '');
  const [target, setTarget] = useState(number.target);
  const [source, setSource] = useState(() => draftOf(number));
  const [recounted, setRecounted] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [saved, setSaved] = useState(false);
  const fieldErrors = useFieldErrors(error);
  const isSource = number.kind === 'source';
  const changes: NumberPatch = {
    ...(name.trim() === (number.name ?? '') ? {} : { name: name.trim() || null }),
    ...(target === number.target ? {} : { target }),
    ...(isSource ? changesOf(sourceOf(source), number) : {}),
  };
  const patch = async (body: NumberPatch) => {
    setSaved(false);
    setRecounted(null);
    try {
      await client.call(api.patchNumber, { site: site.id, number: number.number, body });
      await forget(api.listNumbers, api.pool);
      setError(null);
      setSaved(true);
    } catch (refused) {
      setError(refused);
    }
  };
  const recount = async () => {
    setSaved(false);
    try {
      const { recounted } = await client.call(api.recountNumber, { site: site.id, number: number.number });
      await forget(api.listCalls, api.report);
      setError(null);
      setRecounted(recounted);
    } catch (refused) {
      setError(refused);
    }
  };
  const common = (
    <div class="fields">
      <TextField label="Name" value={name} onChange={setName} error={fieldErrors.at('name')} />
      <Select
        label="Target"
        value={target}
        error={fieldErrors.at('target')}
        options={site.targets.map(({ id }) => [id, id] as const)}
        onChange={setTarget}
      />
    </div>
  );
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void patch(changes);
      }}
    >
      {isSource ? (
        <SourceFields draft={source} name={name} errorAt={fieldErrors.at} onChange={setSource}>
          {common}
        </SourceFields>
      ) : (
        common
      )}
      {error !== null && <Problem error={error} fieldErrors={fieldErrors} />}
      <div class="actions">
        <button type="submit" class="first" disabled={Object.keys(changes).length === 0}>
          Save
        </button>
        {number.status !== 'active' && (
          <button type="button" onClick={() => void patch({ status: 'active' })}>
            Reactivate
          </button>
        )}
        {number.status === 'active' && (
          <button type="button" onClick={() => void patch({ status: 'draining' })}>
            Drain (no new visits)
          </button>
        )}
        {number.status !== 'retired' && (
          <button type="button" class="danger" onClick={() => void patch({ status: 'retired' })}>
            Retire
          </button>
        )}
        {isSource && (
          <button type="button" title="Earlier calls then count as calls to it do now" onClick={() => void recount()}>
            Recount earlier calls
          </button>
        )}
        <span role="status">
          {saved && <span class="badge good">Saved</span>}
          {recounted !== null && <span class="badge good">{plural(recounted, 'call')} recounted</span>}
        </span>
      </div>
      {isSource && (
        <p class="soft">What you change applies to later calls, and to earlier ones once they are recounted.</p>
      )}
    </form>
  );
}

/** Returns what of a number's source is another than before. */
function changesOf(now: NumberSource, before: NumberSource): Partial<NumberSource> {
  const changes: Partial<NumberSource> = {};
  if (now.preset !== before.preset) changes.preset = now.preset;
  if (!isSame(now.match, before.match)) changes.match = now.match;
  if (!isSame(now.counts, before.counts)) changes.counts = now.counts;
  return changes;
}

function isSame(one: object | null, other: object | null): boolean {
  const key = (of: object | null) => JSON.stringify(Object.entries(of ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  return key(one) === key(other);
}

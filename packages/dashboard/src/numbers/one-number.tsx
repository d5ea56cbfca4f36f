import { api, type NumberPatch, type SourceRule, type TrackingNumber } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Facts } from '../components/card.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Problem } from '../components/feedback.tsx';
import { Select, TextField } from '../components/field.tsx';
import { useFieldErrors } from '../components/field-errors.ts';
import { ask, client, forget } from '../model/api.ts';
import { dateTime, phone } from '../model/format.ts';
import { hrefOf } from '../model/route.ts';
import { mayAdmin, mayCorrectCalls } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { stateOf } from './number-state.ts';
import { RuleFields } from './rule-fields.tsx';
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
  return (
    <Dialog title={phone(number.number, site.country)} onClose={onClose}>
      <Facts
        of={[
          ['State', stateOf(number)],
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
      {mayAdmin(grant) && <Change number={number} />}
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
  const [rule, setRule] = useState<SourceRule>(number.match ?? {});
  const [error, setError] = useState<unknown>(null);
  const [saved, setSaved] = useState(false);
  const fieldErrors = useFieldErrors(error);
  const isSource = number.kind === 'source';
  const changes: NumberPatch = {
    ...(name.trim() === (number.name ?? '') ? {} : { name: name.trim() || null }),
    ...(target === number.target ? {} : { target }),
    ...(isSource && !isSameRule(rule, number.match ?? {}) ? { match: rule } : {}),
  };
  const patch = async (body: NumberPatch) => {
    setSaved(false);
    try {
      await client.call(api.patchNumber, { site: site.id, number: number.number, body });
      await forget(api.listNumbers, api.pool);
      setError(null);
      setSaved(true);
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void patch(changes);
      }}
    >
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
      {isSource && <RuleFields rule={rule} errorAt={fieldErrors.at} onChange={setRule} />}
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
        <span role="status">{saved && <span class="badge good">Saved</span>}</span>
      </div>
    </form>
  );
}

function isSameRule(one: SourceRule, other: SourceRule): boolean {
  const key = (rule: SourceRule) => JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
  return key(one) === key(other);
}

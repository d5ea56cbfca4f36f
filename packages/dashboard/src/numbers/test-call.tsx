import { api, type TrackingNumber } from '@dialmark/shared';
import { Problem } from '../components/feedback.tsx';
import { client } from '../model/api.ts';
import { hrefOf } from '../model/route.ts';
import { useSite } from '../model/site.ts';
import { useSubmission } from '../model/use-submission.ts';

/** Sends a call to a number as a carrier would report it, to see what it is counted as. Nobody's phone rings. */
export function TestCall({ number: { number } }: { number: TrackingNumber }) {
  const { site } = useSite();
  const { result, error, busy, submit } = useSubmission(() =>
    client.call(api.reportCall, {
      site: site.id,
      body: {
        id: `test-${crypto.randomUUID()}`,
        from: null,
        to: number,
        startedAt: new Date().toISOString(),
        durationSeconds: 60,
        test: true,
      },
    }),
  );
  return (
    <form class="actions" onSubmit={submit}>
      <button type="submit" disabled={busy}>
        {busy ? 'Sending…' : 'Send a test call'}
      </button>
      <span role="status">
        {result ? (
          <a href={hrefOf(site.id, 'calls', result.id, { test: 'include' })}>See what it was matched to</a>
        ) : (
          <span class="soft">Nobody’s phone rings, and it isn’t counted.</span>
        )}
      </span>
      {error !== null && <Problem error={error} />}
    </form>
  );
}

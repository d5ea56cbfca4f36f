import { api } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { ask } from './model/api.ts';
import { dateTime } from './model/format.ts';
import { useSite } from './model/site.ts';

/** The open alerts, each with what to do; nothing while all is well. */
export function AlertNotes() {
  const { site } = useSite();
  const { data } = useQuery({ ...ask(api.metrics, { site: site.id }), refetchInterval: 30_000 });
  if (!data || data.alerts.length === 0) return null;
  return (
    <div class="stack" role="alert">
      {data.alerts.map(({ id, summary, startedAt }) => (
        <p key={id} class="note warn">
          <span>
            <strong>{summary}</strong> <span class="soft">Since {dateTime(startedAt, site.timeZone ?? 'UTC')}.</span>
          </span>
        </p>
      ))}
    </div>
  );
}

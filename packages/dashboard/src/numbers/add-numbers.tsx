import { api } from '@dialmark/shared';
import { useState } from 'preact/hooks';
import { client, forget } from '../api.ts';
import { plural } from '../format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/feedback.tsx';
import { Select, TextArea, TextFile } from '../parts/field.tsx';
import { useSite } from '../site.ts';
import { useSubmission } from '../use-submission.ts';
import { numberRows } from './number-rows.ts';

export function AddNumbers({ onClose }: { onClose: () => void }) {
  const { site } = useSite();
  const [text, setText] = useState('');
  const [target, setTarget] = useState(site.targets[0]?.id ?? '');
  const rows = numberRows(text, target, site.country ?? 'US');
  const {
    result: added,
    error,
    busy,
    submit,
  } = useSubmission(async () => {
    const answer = await client.call(api.addNumbers, { site: site.id, body: { numbers: rows } });
    await forget(api.listNumbers, api.pool, api.poolSizing);
    return answer;
  });
  return (
    <Dialog title="Add numbers" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Select
          label="For the target"
          value={target}
          options={site.targets.map(({ id }) => [id, id] as const)}
          onChange={setTarget}
        />
        <TextArea
          label="Numbers"
          rows={8}
          value={text}
          onChange={setText}
          hint={
            <>
              One a line; or CSV with a heading of <code>number,target,name,source,medium,campaign</code>: a row with a
              source, medium, campaign, channel, landingPage, referrer or clickId is a source number.
            </>
          }
        />
        <TextFile label="Or a CSV file" accept=".csv,.txt,text/csv" onText={setText} />
        {error !== null && <Problem error={error} />}
        {added && (
          <div class={`note ${added.errors.length > 0 ? 'warn' : 'good'}`} role="status">
            <strong>{plural(added.added, 'number')} added.</strong>
            {added.errors.length > 0 && (
              <ul>
                {added.errors.slice(0, 20).map(({ index, path, message }) => (
                  <li key={index}>
                    Row {index + 1} ({String(rows[index]?.number)}): {path} {message}
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
        <div class="actions">
          <button type="submit" class="first" disabled={busy || rows.length === 0}>
            {busy ? 'Adding…' : `Add ${plural(rows.length, 'number')}`}
          </button>
          <button type="button" onClick={onClose}>
            {added ? 'Done' : 'Cancel'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

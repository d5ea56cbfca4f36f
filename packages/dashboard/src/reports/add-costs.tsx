import { api, type CostsAdded } from '@dialmark/shared';
import { useState } from 'preact/hooks';
import { client, forget } from '../api.ts';
import { plural } from '../format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/feedback.tsx';
import { TextArea, TextField, TextFile } from '../parts/field.tsx';
import { useSite } from '../site.ts';
import { useSubmission } from '../use-submission.ts';

const LAYOUTS: Record<CostsAdded['layout'], string> = {
  dialmark: 'the columns named here',
  google_ads: 'Google Ads',
  microsoft_ads: 'Microsoft Advertising',
  meta_ads: 'Meta Ads',
};

/** What the ads cost, from a file: cost per call and return follow from it. */
export function AddCosts({ onClose }: { onClose: () => void }) {
  const { site } = useSite();
  const [text, setText] = useState('');
  const [source, setSource] = useState('');
  const [medium, setMedium] = useState('');
  const {
    result: added,
    error,
    busy,
    submit,
  } = useSubmission(async () => {
    const query = { ...(source ? { source } : {}), ...(medium ? { medium } : {}) };
    const answer = await client.call(api.addCosts, { site: site.id, query, body: text });
    await forget(api.report);
    return answer;
  });
  return (
    <Dialog title="Add what the ads cost" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <TextFile
          label="CSV file"
          accept=".csv,.tsv,.txt,text/csv"
          onText={setText}
          hint={
            <>
              As Google Ads, Microsoft Advertising or Meta Ads export it by day; or with a heading of{' '}
              <code>date,source,medium,campaign,term,cost</code>, in {site.currency ?? 'USD'}.
            </>
          }
        />
        <TextArea label="Or the rows themselves" rows={6} value={text} onChange={setText} />
        <details>
          <summary>Where your ads are tagged otherwise</summary>
          <div class="fields">
            <TextField label="Source" value={source} onChange={setSource} hint="As in utm_source." />
            <TextField label="Medium" value={medium} onChange={setMedium} hint="As in utm_medium." />
          </div>
        </details>
        {error !== null && <Problem error={error} />}
        {added && (
          <div class={`note ${added.errors.length > 0 ? 'warn' : 'good'}`} role="status">
            <strong>
              {plural(added.added, 'row')} taken, read as {LAYOUTS[added.layout]}.
            </strong>
            {added.errors.length > 0 && (
              <ul>
                {added.errors.slice(0, 20).map(({ line, path, message }) => (
                  <li key={`${line} ${path}`}>
                    Line {line}: {path} {message}
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
        <div class="actions">
          <button type="submit" class="first" disabled={busy || text.trim() === ''}>
            {busy ? 'Adding…' : 'Add the costs'}
          </button>
          <button type="button" onClick={onClose}>
            {added ? 'Done' : 'Cancel'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

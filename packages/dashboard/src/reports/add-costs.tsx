import { api, type CostsAdded } from '@dialmark/shared';
import { useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.tsx';
import { Problem } from '../components/feedback.tsx';
import { Select, TextArea, TextField, TextFile } from '../components/field.tsx';
import { client, forget } from '../model/api.ts';
import { plural } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { useSubmission } from '../model/use-submission.ts';

const LAYOUTS: Record<CostsAdded['layout'], string> = {
  dialmark: 'custom columns',
  google_ads: 'Google Ads',
  microsoft_ads: 'Microsoft Advertising',
  meta_ads: 'Meta Ads',
  tiktok_ads: 'TikTok Ads',
  linkedin_ads: 'LinkedIn Ads',
  pinterest_ads: 'Pinterest Ads',
  reddit_ads: 'Reddit Ads',
  x_ads: 'X Ads',
  snapchat_ads: 'Snapchat Ads',
  apple_search_ads: 'Apple Search Ads',
  amazon_ads: 'Amazon Ads',
};

const DATES = [
  ['', 'Detect automatically'],
  ['dmy', 'Day first: 24/11/2026'],
  ['mdy', 'Month first: 11/24/2026'],
] as const;
const DECIMALS = [
  ['', 'Detect automatically'],
  ['point', 'Point: 1,234.50'],
  ['comma', 'Comma: 1.234,50'],
] as const;

/** Shows how a file was read, so that people can trust the figures. */
function howRead({ columns, ignored, rows, dates, decimal }: NonNullable<CostsAdded['file']>): string {
  const parts = [
    `Cost from “${columns.cost}”, day from “${columns.date}”${columns.campaign ? `, campaign from “${columns.campaign}”` : ''}`,
    ...(dates ? [dates === 'dmy' ? 'Day first' : 'Month first'] : []),
    ...(decimal === 'comma' ? ['Decimal comma'] : []),
    ...(ignored.length > 0 ? [`Ignored columns: ${ignored.join(', ')}`] : []),
    ...(rows.skipped > 0 ? [`${plural(rows.skipped, 'row')} skipped (totals and notes)`] : []),
    ...(rows.failed > 0 ? [`${plural(rows.failed, 'row')} with errors`] : []),
  ];
  return `${parts.join('. ')}.`;
}

/** Uploads a file of ad costs, which cost per call and ROI are calculated from. */
export function AddCosts({ onClose }: { onClose: () => void }) {
  const { site } = useSite();
  const [text, setText] = useState('');
  const [source, setSource] = useState('');
  const [medium, setMedium] = useState('');
  const [dates, setDates] = useState<(typeof DATES)[number][0]>('');
  const [decimal, setDecimal] = useState<(typeof DECIMALS)[number][0]>('');
  const {
    result: added,
    error,
    busy,
    submit,
  } = useSubmission(async () => {
    const query = {
      ...(source ? { source } : {}),
      ...(medium ? { medium } : {}),
      ...(dates ? { dates } : {}),
      ...(decimal ? { decimal } : {}),
    };
    const answer = await client.call(api.addCosts, { site: site.id, query, body: text });
    await forget(api.report);
    return answer;
  });
  return (
    <Dialog title="Add costs" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <TextFile
          label="CSV file"
          accept=".csv,.tsv,.txt,text/csv"
          onText={setText}
          hint={
            <>
              A daily export from an ad platform, in any language, or a file with the columns{' '}
              <code>date,source,medium,campaign,term,cost</code>. In {site.currency ?? 'USD'}.
            </>
          }
        />
        <TextArea label="Or paste rows" rows={6} value={text} onChange={setText} />
        <details>
          <summary>Options</summary>
          <div class="fields">
            <TextField label="Source" value={source} onChange={setSource} hint="As in utm_source." />
            <TextField label="Medium" value={medium} onChange={setMedium} hint="As in utm_medium." />
            <Select label="Dates" value={dates} options={DATES} onChange={setDates} />
            <Select label="Decimals" value={decimal} options={DECIMALS} onChange={setDecimal} />
          </div>
        </details>
        {error !== null && <Problem error={error} />}
        {added && (
          <div class={`note ${added.errors.length > 0 ? 'warn' : 'good'}`} role="status">
            <strong>
              {plural(added.added, 'row')} added, read as {LAYOUTS[added.layout]}.
            </strong>
            {added.file && <p>{howRead(added.file)}</p>}
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
            {busy ? 'Adding…' : 'Import costs'}
          </button>
          <button type="button" onClick={onClose}>
            {added ? 'Done' : 'Cancel'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

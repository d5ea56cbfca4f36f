import { api } from '@dialmark/shared';
import { readNumberRows } from '@dialmark/shared/number-rows';
import { phoneMetadata as metadata } from '@dialmark/shared/phone-metadata';
import { TableError } from '@dialmark/shared/table/records';
import { useMemo, useState } from 'preact/hooks';
import { Dialog } from '../components/dialog.tsx';
import { Problem } from '../components/feedback.tsx';
import { Select, TextArea, TextFile } from '../components/field.tsx';
import { plainWords } from '../components/plain-words.ts';
import { client, forget } from '../model/api.ts';
import { plural } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { useSubmission } from '../model/use-submission.ts';
import { AddSourceNumber } from './add-source-number.tsx';
import { noneAdded } from './none-added.ts';

type What = 'pool' | 'source';

export function AddNumbers({ onClose }: { onClose: () => void }) {
  const [what, setWhat] = useState<What>('pool');
  return (
    <Dialog title="Add numbers" onClose={onClose}>
      <Select
        label="Type"
        value={what}
        options={[
          ['pool', 'Pool: each number goes to one visit at a time'],
          ['source', 'Source: for a campaign, a listing or a printed ad'],
        ]}
        onChange={setWhat}
      />
      {what === 'pool' ? <AddMany onClose={onClose} /> : <AddSourceNumber onClose={onClose} />}
    </Dialog>
  );
}

function AddMany({ onClose }: { onClose: () => void }) {
  const { site } = useSite();
  const [text, setText] = useState('');
  const [target, setTarget] = useState(site.targets[0]?.id ?? '');
  const country = site.country ?? 'US';
  const { rows, unread, problem } = useMemo(() => readPasted(text, target, country), [text, target, country]);
  const { result, error, busy, submit } = useSubmission(async () => {
    const { added, errors } = await client
      .call(api.addNumbers, { site: site.id, body: { numbers: rows.map(({ number }) => number) } })
      .catch(noneAdded);
    await forget(api.listNumbers, api.pool, api.poolSizing);
    const left = added > 0 ? '' : text;
    setText(left);
    return {
      added,
      left,
      refused: errors.map((each) => ({ ...each, number: String(rows[each.index]?.number.number) })),
    };
  });
  // The result stays until the field changes.
  const outcome = result?.left === text ? result : null;
  return (
    <form class="stack" onSubmit={submit}>
      <Select
        label="Target"
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
            One per line, or CSV with the header <code>number,target,name,source,medium,campaign</code>. A row with a
            source, medium, campaign, channel, landingPage, referrer or clickId becomes a source number.
          </>
        }
      />
      <TextFile label="Or a CSV file" accept=".csv,.txt,text/csv" onText={setText} />
      {error !== null && <Problem error={error} />}
      {problem && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      {unread.length > 0 && (
        <div class="note warn" role="status">
          <ul>
            {unread.slice(0, 20).map((error) => (
              <li key={error.line}>
                Line {error.line}: {plainWords(error)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {outcome && (
        <div class={`note ${outcome.refused.length > 0 ? 'warn' : 'good'}`} role="status">
          <strong>{plural(outcome.added, 'number')} added.</strong>
          {outcome.refused.length > 0 && (
            <ul>
              {outcome.refused.slice(0, 20).map(({ index, number, ...error }) => (
                <li key={index}>
                  Row {index + 1} ({number}): {plainWords(error)}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      <div class="actions">
        {outcome && outcome.added > 0 ? (
          <button type="button" class="first" onClick={onClose}>
            Done
          </button>
        ) : (
          <>
            <button type="submit" class="first" disabled={busy || rows.length === 0}>
              {busy ? 'Adding…' : rows.length === 0 ? 'Add' : `Add ${plural(rows.length, 'number')}`}
            </button>
            <button type="button" onClick={onClose}>
              Cancel
            </button>
          </>
        )}
      </div>
    </form>
  );
}

/** Reads what is in the field; while it is being written it may not be a table yet. */
function readPasted(text: string, target: string, country: string) {
  const nothing = { rows: [], unread: [], problem: null };
  if (text.trim() === '') return nothing;
  try {
    const { rows, errors } = readNumberRows(text, { target, country, metadata, isPasted: true });
    return { rows, unread: errors, problem: null };
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    return { ...nothing, problem: error.line === null ? error.message : `Line ${error.line}: ${error.message}` };
  }
}

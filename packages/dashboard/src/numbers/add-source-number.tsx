import { api, countsAs, type NumbersAdded } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { useState } from 'preact/hooks';
import { Problem } from '../components/feedback.tsx';
import { Select, TextField } from '../components/field.tsx';
import { useFieldErrors } from '../components/field-errors.ts';
import { client, forget } from '../model/api.ts';
import { e164, phone } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { useSubmission } from '../model/use-submission.ts';
import { noneAdded } from './none-added.ts';
import { NEW_SOURCE, SourceFields, sourceOf } from './source-fields.tsx';

/** Adds a number for one source: where people see it, and what its calls count as. */
export function AddSourceNumber({ onClose }: { onClose: () => void }) {
  const { site } = useSite();
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [target, setTarget] = useState(site.targets[0]?.id ?? '');
  const [source, setSource] = useState(NEW_SOURCE);
  const {
    result: added,
    error,
    busy,
    submit,
  } = useSubmission(async () => {
    const row = {
      number: e164(number, site.country ?? 'US') ?? number,
      target,
      kind: 'source',
      name: name.trim() || null,
      ...sourceOf(source),
    };
    const { errors } = await client.call(api.addNumbers, { site: site.id, body: { numbers: [row] } }).catch(noneAdded);
    if (errors.length > 0) throw ofTheForm(errors);
    await forget(api.listNumbers, api.pool, api.poolSizing);
    return row;
  });
  const fieldErrors = useFieldErrors(error);
  if (added) {
    return (
      <div class="stack">
        <p class="note good" role="status">
          <span>
            <strong>{phone(added.number, site.country)} added.</strong> Calls to it count as {countsAs(added).channel}.
            {added.match && ' Visits that match its rule now see it.'}
          </span>
        </p>
        <div class="actions">
          <button type="button" class="first" onClick={onClose}>
            Done
          </button>
        </div>
      </div>
    );
  }
  return (
    <form class="stack" onSubmit={submit}>
      <SourceFields draft={source} name={name} errorAt={fieldErrors.at} onChange={setSource}>
        <div class="fields">
          <TextField
            label="Number"
            type="tel"
            required
            value={number}
            onChange={setNumber}
            error={fieldErrors.at('number')}
            hint="Of your carrier, with calls pointed at Dialmark."
          />
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            error={fieldErrors.at('name')}
            hint="Shown with its calls, and their campaign: Spring flyer."
          />
          <Select
            label="Target"
            value={target}
            error={fieldErrors.at('target')}
            options={site.targets.map(({ id }) => [id, id] as const)}
            onChange={setTarget}
          />
        </div>
      </SourceFields>
      {error !== null && <Problem error={error} fieldErrors={fieldErrors} />}
      <div class="actions">
        <button type="submit" class="first" disabled={busy || number.trim() === ''}>
          {busy ? 'Adding…' : 'Add number'}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** Returns the errors of the one row as those of the form. */
function ofTheForm(errors: NumbersAdded['errors']): DialmarkError {
  return new DialmarkError({
    type: 'about:blank',
    title: 'Bad request',
    status: 400,
    code: 'invalid_request',
    detail: '',
    errors,
  });
}

import { api, type SiteConfigInput } from '@dialmark/shared';
import { useId, useState } from 'preact/hooks';
import { PageHead } from '../components/card.tsx';
import { Problem } from '../components/feedback.tsx';
import { useFieldErrors } from '../components/field-errors.ts';
import { client, forget } from '../model/api.ts';
import { mayAdmin } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { Alerting } from './alerting.tsx';
import { DeleteSite } from './delete-site.tsx';
import { at, type Draft, withAt } from './draft.ts';
import { useLeaveWarning } from './leave-warning.ts';
import { Running } from './running.tsx';
import { Policies, Targets, WhatSite } from './sections.tsx';
import { Tokens } from './tokens.tsx';

export function SettingsPage() {
  const { site, grant } = useSite();
  const { id: _, ...stored } = site;
  const [config, setConfig] = useState<SiteConfigInput>(stored as SiteConfigInput);
  const [touched, setTouched] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [saved, setSaved] = useState(false);
  const form = useId();
  const admin = mayAdmin(grant);
  const fieldErrors = useFieldErrors(error);
  useLeaveWarning(touched);
  const draft: Draft = {
    get: (path) => at(config, path),
    set: (path, value) => {
      setConfig((before) => withAt(before, path, value));
      setTouched(true);
      setSaved(false);
    },
    error: fieldErrors.at,
  };
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      const { id: _, ...kept } = await client.call(api.putSite, { site: site.id, body: config });
      setConfig(kept as SiteConfigInput);
      setError(null);
      setTouched(false);
      setSaved(true);
      await forget(api.listSites, api.getSite);
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <>
      <PageHead title="Settings" />
      {!admin && <p class="note">You can view settings but not change them, because your token has no admin scope.</p>}
      <form id={form} class="stack" onSubmit={save} noValidate>
        <fieldset disabled={!admin} class="bare stack">
          <WhatSite draft={draft} />
          <Targets draft={draft} />
          <Policies draft={draft} />
          <Alerting draft={draft} />
        </fieldset>
        {error !== null && <Problem error={error} fieldErrors={fieldErrors} />}
      </form>
      <Running />
      {admin && grant.site === null && <Tokens />}
      {admin && <DeleteSite />}
      {admin && (touched || saved) && (
        <div class="sticky-save">
          <span role="status">
            {saved ? 'Saved.' : fieldErrors.any ? 'Not saved. Check the highlighted fields.' : 'Unsaved changes.'}
          </span>
          <button type="submit" form={form} class="first" disabled={!touched}>
            Save
          </button>
        </div>
      )}
    </>
  );
}

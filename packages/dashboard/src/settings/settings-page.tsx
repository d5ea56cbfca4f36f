import { api, type SiteConfigInput } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { useState } from 'preact/hooks';
import { client, forget } from '../api.ts';
import { PageHead } from '../parts/card.tsx';
import { Problem } from '../parts/feedback.tsx';
import { mayAdmin } from '../session.ts';
import { useSite } from '../site.ts';
import { Alerting } from './alerting.tsx';
import { DeleteSite } from './delete-site.tsx';
import { at, type Path, withAt } from './draft.ts';
import { Running } from './running.tsx';
import { CarrierSecrets, Policies, Targets, WhatSite } from './sections.tsx';
import { Tokens } from './tokens.tsx';

/** The configuration while it is being changed. */
export interface Draft {
  get(path: Path): unknown;
  set(path: Path, value: unknown): void;
  /** What the API said is wrong there. */
  error(path: Path): string | undefined;
}

export function SettingsPage() {
  const { site, grant } = useSite();
  const { id: _, ...stored } = site;
  const [config, setConfig] = useState<SiteConfigInput>(stored as SiteConfigInput);
  const [touched, setTouched] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [saved, setSaved] = useState(false);
  const admin = mayAdmin(grant);
  const faults = error instanceof DialmarkError ? (error.problem.errors ?? []) : [];
  const draft: Draft = {
    get: (path) => at(config, path),
    set: (path, value) => {
      setConfig((before) => withAt(before, path, value));
      setTouched(true);
      setSaved(false);
    },
    error: (path) => faults.find((fault) => fault.path === path)?.message,
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
      // After the faults are drawn: to the first of them.
      setTimeout(() => document.querySelector<HTMLElement>('form [aria-invalid]')?.focus());
    }
  };
  return (
    <>
      <PageHead title="Settings" />
      {!admin && <p class="note">This session may look, not change: its token has no admin scope.</p>}
      <form class="stack" onSubmit={save} noValidate>
        <fieldset disabled={!admin} class="bare stack">
          <WhatSite draft={draft} />
          <Targets draft={draft} />
          <Policies draft={draft} />
          <Alerting draft={draft} />
          <CarrierSecrets draft={draft} />
        </fieldset>
        {error !== null && <Problem error={error} />}
        {admin && (
          <div class="sticky-save">
            <span role="status">{saved ? 'Saved.' : touched ? 'Not saved yet.' : 'Everything is saved.'}</span>
            <button type="submit" class="first" disabled={!touched}>
              Save
            </button>
          </div>
        )}
      </form>
      <Running />
      {admin && grant.site === null && <Tokens />}
      {admin && <DeleteSite />}
    </>
  );
}

import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card, PageHead } from '../components/card.tsx';
import { Copyable } from '../components/copyable.tsx';
import { Answer } from '../components/feedback.tsx';
import { Select } from '../components/field.tsx';
import { mayAdmin } from '../model/session.ts';
import { useSite } from '../model/site.ts';
import { Carriers } from './carriers.tsx';
import { Checker } from './checker.tsx';
import { Deliveries } from './deliveries.tsx';
import { Integrations } from './integrations.tsx';

export function InstallPage() {
  const { grant } = useSite();
  return (
    <>
      <PageHead title="Install" />
      <div class="columns">
        <Tag />
        <Checker />
      </div>
      <Carriers />
      {mayAdmin(grant) && <Integrations />}
      <Deliveries />
    </>
  );
}

type Kind = 'current' | 'pinned';

/** The line for the pages: always the current script, or one that cannot change (Subresource Integrity). */
function Tag() {
  const { site } = useSite();
  const [kind, setKind] = useState<Kind>('current');
  const address = `${location.origin}/s/${encodeURIComponent(site.id)}`;
  const published = useQuery({
    queryKey: ['script', site.id],
    queryFn: async () => {
      const response = await fetch(`${address}.js`, { cache: 'no-cache' });
      if (!response.ok) throw new Error(`the script returned status ${response.status}`);
      const version = response.headers.get('Dialmark-Version') ?? '';
      return { version, integrity: response.headers.get('Dialmark-Integrity') ?? '' };
    },
  });
  return (
    <Card title="Tag">
      <p>
        Add this line to the <code>&lt;head&gt;</code> of every page. See the recipes for{' '}
        <a href="/docs/recipes">WordPress, Shopify, Webflow, Tag Manager, React and others</a>.
      </p>
      <Select
        label="Script version"
        value={kind}
        options={[
          ['current', 'Latest (recommended)'],
          ['pinned', 'Pinned to this version, with integrity check'],
        ]}
        onChange={setKind}
      />
      {kind === 'current' ? (
        <Copyable label="the tag" text={`<script async src="${address}.js"></script>`} />
      ) : (
        <Answer of={published} what="the version">
          {({ version, integrity }) => (
            <>
              <Copyable
                label="the pinned tag"
                text={`<script async src="${address}@${version}.js" integrity="${integrity}" crossorigin="anonymous"></script>`}
              />
              <p class="soft">
                The script keeps today’s numbers, rules and settings. Replace the tag when they change.
              </p>
            </>
          )}
        </Answer>
      )}
    </Card>
  );
}

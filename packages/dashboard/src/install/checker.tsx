import { api, originAllowed, type ServedPage } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { Empty, Problem } from '../components/feedback.tsx';
import { TextField } from '../components/field.tsx';
import { ScrollRegion } from '../components/scroll-region.tsx';
import { ask, client } from '../model/api.ts';
import { plural } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { type FoundNumber, pageFindings } from './page-findings.ts';

const KIND: Record<FoundNumber['kind'], string> = { text: 'Text', link: 'Link', label: 'Label', named: 'Named' };

/** Reads a page of the site and says what the script would do there; or opens it with the script explaining itself. */
export function Checker() {
  const { site } = useSite();
  const [address, setAddress] = useState(site.origins.find((origin) => !origin.includes('*')) ?? '');
  const [page, setPage] = useState<ServedPage | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const url = URL.canParse(address) ? new URL(address) : null;
  const isOwn = url !== null && originAllowed(site.origins, url.origin);
  const withMode = (mode: string) => {
    const opened = new URL(address);
    opened.searchParams.set('dialmark', mode);
    return opened.href;
  };
  const check = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      setPage(await client.call(api.readPage, { site: site.id, query: { url: address } }));
    } catch (refused) {
      setPage(null);
      setError(refused);
    }
    setBusy(false);
  };
  return (
    <Card title="Check a page">
      <form class="stack" onSubmit={check}>
        <TextField label="Page URL" type="url" value={address} onChange={setAddress} />
        {url && !isOwn && (
          <p class="note warn">
            <span>
              {url.origin} isn’t one of the site’s addresses, so the script gets no numbers there. Add it under
              Settings.
            </span>
          </p>
        )}
        <div class="actions">
          <button type="submit" class="first" disabled={!isOwn || busy}>
            {busy ? 'Reading the page…' : 'Check page'}
          </button>
          {url && (
            <>
              <a class="button" href={withMode('debug')} target="_blank" rel="noreferrer">
                Debug on the page
              </a>
              <a class="button" href={withMode(`preview:${site.targets[0]?.number}`)} target="_blank" rel="noreferrer">
                Preview a swap
              </a>
            </>
          )}
        </div>
      </form>
      {error !== null && <Problem error={error} />}
      <div role="status" class="stack">
        {page && <Findings page={page} />}
      </div>
      <p class="soft">
        The check reads the page as served, before scripts run. Once the tag is installed, the other buttons open the
        page in a new tab: one explains every number found, the other previews the swap without using a number.
      </p>
    </Card>
  );
}

function Findings({ page }: { page: ServedPage }) {
  const { site } = useSite();
  const listed = useQuery(ask(api.listNumbers, { site: site.id, query: { limit: '1000' } }));
  const { html } = page;
  if (html === null || page.error !== null) {
    return (
      <p class="note warn">
        <span>
          {page.error} {page.status !== null && `Status ${page.status}.`}
        </span>
      </p>
    );
  }
  if (!listed.data) return null;
  const tracking = listed.data.items.filter(({ status }) => status !== 'retired');
  const { tags, tagManager, numbers, warnings } = pageFindings({ ...page, html }, site, tracking, location.origin);
  const swapped = numbers.filter(({ why }) => why === null).length;
  return (
    <>
      {tags > 0 ? (
        <p class="note good">The tag is installed.</p>
      ) : (
        <p class={`note ${tagManager ? '' : 'warn'}`}>
          {tagManager
            ? 'The tag isn’t in the page itself. A tag manager may load it: “Debug on the page” shows it.'
            : 'The tag isn’t on the page. Paste it into the head.'}
        </p>
      )}
      {page.status !== 200 && <p class="note warn">The page returned status {page.status}.</p>}
      {warnings.map((text) => (
        <p key={text} class="note warn">
          {text}
        </p>
      ))}
      {numbers.length === 0 ? (
        <Empty title="None of the site’s numbers found">
          A script may add {site.targets.length === 1 ? 'the number' : 'the numbers'} later. The tag swaps it then.
        </Empty>
      ) : (
        <>
          <p>
            {plural(swapped, 'place')} would be swapped
            {swapped < numbers.length ? `, ${numbers.length - swapped} unchanged.` : '.'}
          </p>
          <ScrollRegion label="Numbers on the page">
            <table>
              <thead>
                <tr>
                  <th scope="col">Where</th>
                  <th scope="col">Printed</th>
                  <th scope="col">A visitor sees</th>
                </tr>
              </thead>
              <tbody>
                {numbers.map(({ kind, text, swapped: shown, why, target }, i) => (
                  <tr key={i}>
                    <td>
                      {KIND[kind]}
                      {site.targets.length > 1 && <div class="sub">{target}</div>}
                    </td>
                    <td>{text}</td>
                    <td>{why === null ? shown : <span class="soft">unchanged: {why}</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
          {tracking.length > 0 && swapped > 0 && (
            <p class="soft">Shown with the site’s first tracking number. Each visitor gets their own.</p>
          )}
        </>
      )}
    </>
  );
}

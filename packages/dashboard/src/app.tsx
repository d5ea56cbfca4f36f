import { api, type Site } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { useQuery } from '@tanstack/preact-query';
import type { FunctionComponent } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { CallsPage } from './calls/calls-page.tsx';
import { PageHead } from './components/card.tsx';
import { Loading, Problem } from './components/feedback.tsx';
import { InstallPage } from './install/install-page.tsx';
import { JourneyPage } from './journey/journey-page.tsx';
import { Login } from './login.tsx';
import { ask, queries } from './model/api.ts';
import { hrefOf, NEW_SITE, type PageName, useRoute } from './model/route.ts';
import { readSession, type SessionGrant } from './model/session.ts';
import { CurrentSite } from './model/site.ts';
import { NewSitePage } from './new-site.tsx';
import { NumbersPage } from './numbers/numbers-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { ReportsPage } from './reports/reports-page.tsx';
import { SettingsPage } from './settings/settings-page.tsx';
import { Shell } from './shell.tsx';

const PAGE: Record<PageName, FunctionComponent> = {
  overview: OverviewPage,
  calls: CallsPage,
  reports: ReportsPage,
  numbers: NumbersPage,
  install: InstallPage,
  settings: SettingsPage,
};

/** Shows the login page, or the sites, depending on who is logged in: the door, or the sites. */
export function App() {
  const session = useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000 });
  useEffect(
    () =>
      // A session that ended meanwhile shows the door again.
      queries.getQueryCache().subscribe(({ query }) => {
        const { error } = query.state;
        const over = error instanceof DialmarkError && error.problem.code === 'unauthenticated';
        if (over && queries.getQueryData(['session'])) queries.setQueryData(['session'], null);
      }),
    [],
  );
  if (session.data === undefined) {
    return (
      <div class="door">{session.error ? <Problem error={session.error} /> : <Loading what="the dashboard" />}</div>
    );
  }
  return session.data === null ? <Login /> : <Sites grant={session.data} />;
}

function Sites({ grant }: { grant: SessionGrant }) {
  const all = useQuery({ ...ask(api.listSites, { query: { limit: '1000' } }), enabled: grant.site === null });
  const own = useQuery({ ...ask(api.getSite, { site: grant.site ?? '' }), enabled: grant.site !== null });
  const error = all.error ?? own.error;
  const sites = grant.site === null ? all.data?.items : own.data && [own.data];
  if (!sites) {
    return <div class="door">{error ? <Problem error={error} /> : <Loading what="the sites" />}</div>;
  }
  return <Chosen sites={sites} grant={grant} />;
}

function Chosen({ sites, grant }: { sites: Site[]; grant: SessionGrant }) {
  const route = useRoute();
  const seen = useRef('');
  const place = `${route.site}/${route.page}/${route.id}`;
  // With the page itself, not after it: a user who has reached its first button must not lose the focus.
  useLayoutEffect(() => {
    // A new page begins at its heading, for the eye and for screen readers; not where the dashboard was just opened.
    if (seen.current) document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    if (seen.current) scrollTo(0, 0);
    seen.current = place;
  }, [place]);
  if (sites.length === 0 || route.site === NEW_SITE) return <NewSitePage first={sites.length === 0} grant={grant} />;
  const site = sites.find(({ id }) => id === route.site);
  if (!site && route.site !== null) return <NoSuchSite id={route.site} sites={sites} />;
  if (!site) return <Redirect to={hrefOf(sites[0]?.id ?? NEW_SITE)} />;
  const Page = route.page === 'calls' && route.id !== null ? JourneyPage : PAGE[route.page];
  return (
    <CurrentSite.Provider value={{ site, grant }}>
      <Shell sites={sites} page={route.page}>
        <Page key={place} />
      </Shell>
    </CurrentSite.Provider>
  );
}

/** Never another business in place of the one that was asked for. */
function NoSuchSite({ id, sites }: { id: string; sites: Site[] }) {
  useEffect(() => {
    document.title = 'Site not found · Dialmark';
  }, []);
  return (
    <main class="form">
      <PageHead title={`Site “${id}” not found`} />
      <p>It may have been deleted, or you don’t have access to it. Your sites:</p>
      <ul class="stack">
        {sites.map((site) => (
          <li key={site.id}>
            <a href={hrefOf(site.id)}>{site.name ?? site.id}</a> <span class="soft">{site.id}</span>
          </li>
        ))}
      </ul>
    </main>
  );
}

/** No site named: the first one. */
function Redirect({ to }: { to: string }) {
  useEffect(() => location.replace(to), [to]);
  return null;
}

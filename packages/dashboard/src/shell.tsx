import type { Site } from '@dialmark/shared';
import type { ComponentChildren } from 'preact';
import { AlertNotes } from './alert-notes.tsx';
import { Icon } from './components/icon.tsx';
import { enter } from './model/api.ts';
import { hrefOf, NEW_SITE, PAGES, type PageName } from './model/route.ts';
import { endSession, mayAdmin, nameOf } from './model/session.ts';
import { useSite } from './model/site.ts';
import { toggleTheme, useTheme } from './model/theme.ts';

const TITLES: Record<PageName, string> = {
  overview: 'Overview',
  calls: 'Calls',
  reports: 'Reports',
  numbers: 'Numbers',
  install: 'Install',
  settings: 'Settings',
};

/** Of an invented business: nobody is to take its calls for real ones. */
const isDemo = ({ name }: Site) => name?.startsWith('Demo: ') ?? false;

/** Around every page: which site, which page, who is logged in, the way out. */
export function Shell({ sites, page, children }: { sites: Site[]; page: PageName; children: ComponentChildren }) {
  const { site, grant } = useSite();
  const theme = useTheme();
  const logOut = async () => {
    await endSession();
    enter(null);
  };
  const skip = (event: Event) => {
    // The address is the router's; the link only moves the focus.
    event.preventDefault();
    document.querySelector<HTMLElement>('main h1')?.focus();
  };
  document.title = `${TITLES[page]} · ${site.name ?? site.id} · Dialmark`;
  return (
    <div class="shell">
      <header class="side">
        <a class="skip" href={location.hash} onClick={skip}>
          Skip to content
        </a>
        <a class="brand" href={hrefOf(site.id)} aria-label="Dialmark, overview">
          <img src="./mark.svg" alt="" /> <span>Dialmark</span>
        </a>
        <div class="field">
          <label class="hidden" for="site">
            Site
          </label>
          {/* A select cuts what does not fit; the name under it is whole. */}
          <div class="site-picker" title={site.name ?? site.id}>
            <span aria-hidden="true">{site.name ?? site.id}</span>
            <Icon name="down" />
            <select
              id="site"
              value={site.id}
              onChange={(event) => {
                location.hash = hrefOf(event.currentTarget.value, page);
              }}
            >
              {sites.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name ?? id}
                </option>
              ))}
              {mayAdmin(grant) && grant.site === null && <option value={NEW_SITE}>New site…</option>}
            </select>
          </div>
          {isDemo(site) && <span class="badge warn">Demo data</span>}
        </div>
        <nav aria-label="Pages">
          <ul>
            {PAGES.map((name) => (
              <li key={name}>
                <a href={hrefOf(site.id, name)} aria-current={name === page ? 'page' : undefined}>
                  <Icon name={name} /> {TITLES[name]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="foot">
          <p class="who" title={`Logged in as ${nameOf(grant)}`}>
            <span class="hidden">Logged in as </span>
            {nameOf(grant)}
          </p>
          <button
            type="button"
            class="plain"
            aria-label={theme === 'dark' ? 'Light theme' : 'Dark theme'}
            onClick={toggleTheme}
          >
            <Icon name="moon" />
          </button>
          <button type="button" class="plain" aria-label="Log out" onClick={logOut}>
            <Icon name="out" />
          </button>
        </div>
      </header>
      <main>
        <AlertNotes />
        {children}
      </main>
    </div>
  );
}

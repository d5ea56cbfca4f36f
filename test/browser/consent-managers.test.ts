/** @module-tag slow */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Stage, stage, TAG } from './browser.ts';

const { resolve } = createRequire(import.meta.url);
const file = (name: string, path: string) => readFileSync(join(dirname(resolve(`${name}/package.json`)), path), 'utf8');

// Real managers draw their dialogs, and every case opens four pages.
vi.setConfig({ testTimeout: 60_000 });

const BODY = '<p>415-555-0100</p>';
const GTAG = `window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments) }`;
const DEFAULT = `gtag('consent', 'default', { analytics_storage: 'denied', ad_storage: 'denied' });`;
const update = (said: string) => `gtag('consent', 'update', { analytics_storage: ${said} })`;

/** A consent manager: what its pages hold, and what its visitors do. */
interface Manager {
  files?: Record<string, string>;
  page: string;
  accept: string;
  refuse: string;
}

const MANAGERS: Record<string, Manager> = {
  'gtag alone': {
    page: `<script>${GTAG}; ${DEFAULT} if (localStorage.agreed) ${update('localStorage.agreed')}</script>`,
    accept: `localStorage.agreed = 'granted'; ${update("'granted'")}`,
    refuse: `localStorage.agreed = 'denied'; ${update("'denied'")}`,
  },
  'gtag whose update is late': {
    page: `<script>${GTAG}; ${DEFAULT} if (localStorage.agreed) setTimeout(() => ${update('localStorage.agreed')}, 500)</script>`,
    accept: `localStorage.agreed = 'granted'; ${update("'granted'")}`,
    refuse: `localStorage.agreed = 'denied'; ${update("'denied'")}`,
  },
  tarteaucitronjs: {
    files: {
      '/tac/tarteaucitron.js': file('tarteaucitronjs', 'tarteaucitron.js'),
      '/tac/tarteaucitron.services.js': file('tarteaucitronjs', 'tarteaucitron.services.js'),
      '/tac/lang/tarteaucitron.en.js': file('tarteaucitronjs', 'lang/tarteaucitron.en.js'),
    },
    page: `<script src="/tac/tarteaucitron.js"></script><script>
      tarteaucitronForceLanguage = 'en';
      tarteaucitron.init({ privacyUrl: '', hashtag: '#tac', cookieName: 'tac', orientation: 'middle', googleConsentMode: true, useExternalCss: true });
      tarteaucitron.user.gtagUa = 'G-ABC123'; (tarteaucitron.job = tarteaucitron.job || []).push('gtag');</script>`,
    accept: 'tarteaucitron.userInterface.respondAll(true)',
    refuse: 'tarteaucitron.userInterface.respondAll(false)',
  },
  'vanilla-cookieconsent': {
    files: { '/cc.js': file('vanilla-cookieconsent', 'dist/cookieconsent.umd.js') },
    page: `<script>${GTAG}; ${DEFAULT}</script><script src="/cc.js"></script><script>
      const say = () => ${update("CookieConsent.acceptedCategory('analytics') ? 'granted' : 'denied'")};
      CookieConsent.run({ categories: { analytics: {} }, onConsent: say, onChange: say, language: { default: 'en',
        translations: { en: { consentModal: { title: 'Cookies', acceptAllBtn: 'Accept' }, preferencesModal: { sections: [] } } } } });</script>`,
    accept: "CookieConsent.acceptCategory('all')",
    refuse: 'CookieConsent.acceptCategory([])',
  },
  klaro: {
    files: { '/klaro.js': file('klaro', 'dist/klaro-no-css.js') },
    page: `<script>${GTAG}; ${DEFAULT}
      window.klaroConfig = { version: 1, lang: 'en', translations: { en: {} }, services: [{ name: 'analytics', purposes: ['analytics'],
        callback: (agreed) => { ${update("agreed ? 'granted' : 'denied'")} } }] };</script>
      <script defer data-config="klaroConfig" src="/klaro.js"></script>`,
    accept: 'klaro.getManager().changeAll(true); klaro.getManager().saveAndApplyConsents()',
    refuse: 'klaro.getManager().changeAll(false); klaro.getManager().saveAndApplyConsents()',
  },
  // As gtm.js keeps it; its templates call `update` on it, and nothing goes through the data layer.
  'Tag Manager, which bypasses the data layer': {
    page: `<script>window.google_tag_data = { ics: { entries: { analytics_storage: { default: false } }, heard: [],
        addListener(types, changed) { this.heard.push(changed) },
        getConsentState(type) { const entry = this.entries[type]; return (entry.update ?? entry.default) ? 1 : 2 },
        update(agreed) { localStorage.agreed = agreed; this.entries.analytics_storage.update = agreed; this.heard.forEach((changed) => changed()) } } };
      if (localStorage.agreed) google_tag_data.ics.update(localStorage.agreed === 'true')</script>`,
    accept: 'google_tag_data.ics.update(true)',
    refuse: 'google_tag_data.ics.update(false)',
  },
};

/** Past everything that a manager or the script waits for. */
async function pastTimers(at: Stage): Promise<void> {
  await at.settled();
  await at.page.clock.runFor(2000);
  await at.settled();
}

describe.each(Object.entries(MANAGERS))('with %s', (_, manager) => {
  const at = stage();
  const later = () => pastTimers(at);
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);
  const shownNumber = () => at.page.textContent('p');
  beforeEach(async () => {
    await at.page.clock.install();
    for (const [path, text] of Object.entries(manager.files ?? {})) at.edge.pages.set(path, text);
    // Requests that the manager allows are not checked here.
    await at.context.route(/googletagmanager|google-analytics/, (route) => route.abort());
  });
  const page = `${TAG}${manager.page}<script async src="/s/acme/consent-google.js"></script>${BODY}`;

  it.each(['implied', 'required'] as const)('two pages are one visit, where consent is %s', async (consent) => {
    at.edge.config.consent = consent;
    await at.open(page, '/?gclid=abc');
    await later();
    expect(await shownNumber()).toBe('415-555-0100');
    expect((await at.context.cookies()).filter(({ name }) => name === 'dialmark_acme')).toEqual([]);
    await at.page.evaluate(manager.accept);
    await shows('415-555-0132');
    for (const path of ['/second', '/third']) {
      at.serve(page, path);
      await at.page.goto(at.edge.origin + path);
      await shows('415-555-0132');
      await later();
      expect(await shownNumber()).toBe('415-555-0132');
    }
    const visits = new Set(at.edge.requests.map(({ body }) => `${body.visitor} ${body.session}`));
    expect(visits.size).toBe(1);
    expect(at.edge.leases()[0]?.touch?.url).toMatch(/gclid=abc$/);
    expect(at.edge.events('consent').filter(({ data }) => data?.granted === false)).toEqual([]);

    await at.page.evaluate(manager.refuse);
    await shows('415-555-0100');
    await expect.poll(async () => (await at.context.cookies()).map(({ name }) => name)).not.toContain('dialmark_acme');
    await expect.poll(() => at.edge.events('consent').at(-1)?.data).toEqual({ granted: false });
    await at.page.goto(`${at.edge.origin}/second`);
    await later();
    expect(await shownNumber()).toBe('415-555-0100');
  });
});

describe('a refusal heard together with the default that it repeats', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);

  it('interrupts the visit, which goes on when the visitor agrees', async () => {
    await at.open(`<script>${GTAG}; ${DEFAULT} ${update("'denied'")}</script>${BODY}`, '/?gclid=abc');
    await shows('415-555-0132');
    await at.page.addScriptTag({ url: '/s/acme/consent-google.js' });
    await shows('415-555-0100');
    await expect.poll(() => at.context.cookies()).toEqual([]);
    await at.page.evaluate(update("'granted'"));
    await shows('415-555-0132');
    expect(new Set(at.edge.leases().map(({ session }) => session)).size).toBe(1);
    expect(at.edge.events('consent').map(({ data }) => data)).toEqual([{ granted: true }]);
  });

  it('is told to the edge when the page is left, where nobody has agreed', async () => {
    await at.open(`<script>${GTAG}; ${DEFAULT} ${update("'denied'")}</script>${BODY}`);
    await shows('415-555-0132');
    await at.page.addScriptTag({ url: '/s/acme/consent-google.js' });
    await shows('415-555-0100');
    await at.page.goto('about:blank');
    await expect.poll(() => at.edge.events('consent').map(({ data }) => data)).toEqual([{ granted: false }]);
    expect(at.edge.events('leave')).toEqual([]);
  });

  it('withdraws what an earlier page was granted', async () => {
    await at.open(BODY);
    await shows('415-555-0132');
    await expect.poll(async () => (await at.context.cookies()).length).toBe(1);
    await at.open(
      `${TAG}<script>${GTAG}; ${DEFAULT} ${update("'denied'")}</script><script src="/s/acme/consent-google.js"></script>${BODY}`,
      '/second',
    );
    await expect.poll(() => at.edge.events('consent').map(({ data }) => data)).toEqual([{ granted: false }]);
    expect(await at.page.textContent('p')).toBe('415-555-0100');
    await expect.poll(() => at.context.cookies()).toEqual([]);
  });
});

describe('regional defaults', () => {
  const at = stage();
  const later = () => pastTimers(at);
  beforeEach(() => at.page.clock.install());
  const GERMANY = "gtag('consent', 'default', { analytics_storage: 'denied', region: ['DE'] });";
  const REST = "gtag('consent', 'default', { analytics_storage: 'granted' });";
  const page = (commands: string) =>
    `${TAG}<script>${GTAG}; ${commands}</script><script src="/s/acme/consent-google.js"></script>${BODY}`;

  it.each([
    [{ country: 'US', region: 'US-NY' }, true],
    [{ country: 'DE', region: 'DE-BY' }, false],
    [{ country: null, region: null }, false],
  ])('in %j grant: %s, in either order', async (place, granted) => {
    at.edge.place = place;
    for (const consent of ['implied', 'required'] as const)
      for (const commands of [GERMANY + REST, REST + GERMANY]) {
        at.edge.config.consent = consent;
        await at.context.clearCookies();
        await at.open(page(commands));
        await later();
        expect((await at.page.textContent('p')) !== '415-555-0100').toBe(granted);
      }
    if (!granted) expect(at.edge.requests.filter(({ path }) => path.endsWith('lease'))).toEqual([]);
  });

  it('ask for the place only where there are any', async () => {
    let asked = 0;
    await at.page.route('**/region.json', (route) => {
      asked++;
      return route.continue();
    });
    await at.open(page(REST));
    await at.page.waitForFunction(() => document.body.textContent?.includes('0132'));
    expect(asked).toBe(0);
  });
});

describe('a TCF consent manager', () => {
  const at = stage();
  const TCF = `${TAG}<script>setTimeout(() => { window.__tcfapi = (command, version, heard) => { window.say = (eventStatus, agreed) =>
      heard({ eventStatus, gdprApplies: true, purpose: { consents: { 1: agreed, 8: agreed } } }, true);
      if (localStorage.agreed) say('tcloaded', true); else say('cmpuishown', false) } }, 600)</script>
    <script src="/s/acme/consent-tcf.js"></script>`;

  it.each(['implied', 'required'] as const)(
    'may come late; two pages are one visit, where consent is %s',
    async (consent) => {
      at.edge.config.consent = consent;
      await at.open(TCF + BODY, '/?gclid=abc');
      await at.page.waitForFunction('window.say');
      await expect.poll(() => at.page.textContent('p')).toBe('415-555-0100');
      await expect.poll(() => at.context.cookies()).toEqual([]);
      await at.page.evaluate("localStorage.agreed = 1; say('useractioncomplete', true)");
      await at.page.waitForFunction(() => document.body.textContent?.includes('0132'));
      at.serve(TCF + BODY, '/second');
      await at.page.goto(`${at.edge.origin}/second`);
      await at.page.waitForFunction('window.say');
      await at.page.evaluate("say('cmpuishown', false)");
      expect(await at.page.textContent('p')).toBe('415-555-0132');
      expect(new Set(at.edge.requests.map(({ body }) => `${body.visitor} ${body.session}`)).size).toBe(1);
      await at.page.evaluate("say('useractioncomplete', false)");
      expect(await at.page.textContent('p')).toBe('415-555-0100');
      await expect.poll(() => at.context.cookies()).toEqual([]);
    },
  );
});

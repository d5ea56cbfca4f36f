import { CLICK_IDS, type EpochMs } from '@dialmark/shared';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LedgerCore } from '../src/ledger/core.ts';
import { findSession } from '../src/ledger/read/visits.ts';
import type { LedgerSession } from '../src/ledger/write/batch.ts';
import { writeBatch } from '../src/ledger/write/write-batch.ts';
import { bindingId, firstSeq } from '../src/pool/leases/binding-id.ts';
import { NO_VIEWS, pageViews, withView } from '../src/pool/store/page-views.ts';
import { inLedger } from './edge.ts';

const AT = Date.UTC(2026, 10, 24, 10) as EpochMs;
const RULES = {
  timeZone: 'UTC',
  lookbackDays: 30,
  retentionDays: 395,
  counting: { model: 'last_non_direct' as const, qualifiedSeconds: 30, qualifiedValue: 0 },
};

const Path = fc.webPath();
const Address = fc.oneof(
  Path.map((path) => `https://acme.example${path || '/'}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom('https://acme.example', 'http://acme.example?x=1', '/only/a/path', '//no-scheme.example/', ''),
);
const ClickIds = fc.dictionary(fc.constantFrom(...CLICK_IDS), fc.stringMatching(/^[\w.-]{1,20}$/), { maxKeys: 3 });
const Query = fc.tuple(ClickIds, fc.constantFrom('', '#part', '&utm_source=a%26b', '&gclid='));

const sessionOf = (given: Partial<LedgerSession>): LedgerSession => ({
  seq: firstSeq(AT),
  id: 's_1',
  visitor: 'v_1',
  startedAt: AT,
  lastActiveAt: AT,
  landingPage: 'https://acme.example/',
  referrer: null,
  source: 'google',
  medium: 'cpc',
  campaign: null,
  term: null,
  content: null,
  channel: 'Paid Search',
  clickIds: {},
  pages: 1,
  device: null,
  country: null,
  tags: null,
  views: null,
  ...given,
});

function write(core: LedgerCore, session: LedgerSession): void {
  const binding = { number: '+14155551000', target: 'main', kind: 'pool', session: session.id };
  const times = { startedAt: AT, lastActiveAt: AT, expiresAt: AT + 1000, telClickAt: AT + 5 };
  writeBatch(core, {
    rev: 1,
    rules: RULES,
    erasures: { visitors: [], callers: [], calls: [] },
    sessions: [session],
    bindings: [{ seq: session.seq, ...binding, ...times }],
    calls: [],
  });
}

it('gives back a visit as it came: to the API, and to SQL', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.option(Address, { nil: null }),
      Query,
      fc.array(fc.tuple(Address, fc.nat(3_600_000)), { maxLength: 5 }),
      fc.option(Address, { nil: null }),
      fc.integer({ min: -1000, max: 1000 }),
      async (address, [clickIds, more], viewed, referrer, late) => {
        const tail = Object.entries(clickIds).map(([name, value]) => `${name}=${value}`);
        const landingPage = address === null ? null : `${address}${tail.length > 0 ? `?${tail.join('&')}${more}` : ''}`;
        const startedAt = (AT + late) as EpochMs;
        const visit = { landingPage, startedAt };
        const views = viewed.reduce(
          (kept: string | null, [url, after], n) => withView(kept, visit, url, n === 0 ? startedAt : startedAt + after),
          landingPage === null ? NO_VIEWS : withView(NO_VIEWS, visit, landingPage, startedAt),
        );
        const session = sessionOf({ ...visit, lastActiveAt: startedAt + 7, clickIds, referrer, views });
        await inLedger(`rows-${run++}`, (core) => {
          write(core, session);
          const [row] = core.all<Record<string, unknown>>('SELECT * FROM sessions');
          expect(row).toMatchObject({
            id: 's_1',
            started_at: startedAt,
            last_active_at: startedAt + 7,
            landing_page: landingPage,
            referrer,
            source: 'google',
            channel: 'Paid Search',
            campaign: null,
          });
          expect(JSON.parse((row as { click_ids: string }).click_ids)).toEqual(clickIds);
          const expected = pageViews(views, visit);
          expect(core.all('SELECT url, at FROM page_views ORDER BY n')).toEqual(expected);
          expect(core.all('SELECT id, session, expires_at, tel_click_at FROM bindings')).toEqual([
            { id: bindingId(session.seq), session: 's_1', expires_at: AT + 1000, tel_click_at: AT + 5 },
          ]);
          const shown = findSession(core, 's_1');
          expect(shown).toMatchObject({ clickIds, landingPage, referrer, bindings: [{ id: bindingId(session.seq) }] });
          expect(shown?.pageViews.map(({ url }) => url)).toEqual(expected.map(({ url }) => url));
        });
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

it('keeps the first fifty page views, and fewer of long addresses', () => {
  const visit = { landingPage: 'https://acme.example/', startedAt: AT };
  const after = (urls: string[]) =>
    pageViews(
      urls.reduce((views: string | null, url, n) => withView(views, visit, url, AT + n), NO_VIEWS),
      visit,
    );
  const many = Array.from({ length: 80 }, (_, n) => `https://acme.example/${n}`);
  expect(after(many).map(({ url }) => url)).toEqual(many.slice(0, 50));
  const long = Array.from({ length: 80 }, (_, n) => `https://acme.example/${n}${'x'.repeat(4000)}`);
  expect(after(long).map(({ url }) => url)).toEqual(long.slice(0, 3));
});

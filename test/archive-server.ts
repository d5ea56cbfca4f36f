/**
 * A Dialmark to be killed while it archives: `node test/archive-server.ts STATE ARCHIVE VISITS`. It fills a site's ledger
 * with so many visits of two days, begins its night, and prints its address.
 */
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { startLocal } from '../tools/local.ts';

const [persistTo = '', archive = '', visits = '0'] = process.argv.slice(2);
const local = await startLocal({
  port: 0,
  persistTo,
  archive,
  adminToken: 'archive',
  workerKey: 'archive',
  inspect: true,
});
const admin = createClient({ edge: local.edge, token: 'archive' });
const storageOf = (object: string, name: string) =>
  local.miniflare.unsafeGetDurableObjectStorage('dialmark', object, { name });

await admin.call(api.putSite, {
  site: 'acme',
  body: { origins: ['https://acme.example'], targets: [{ id: 'main', number: '+14155550100' }] },
});
// The first question makes the ledger's tables.
await admin.call(api.listCalls, { site: 'acme' });
const ledger = await storageOf('SiteLedger', 'acme');
const rules = {
  timeZone: 'UTC',
  lookbackDays: 90,
  retentionDays: 395,
  counting: { model: 'linear', qualifiedSeconds: 0, qualifiedValue: 0 },
};
await ledger.exec(`INSERT OR REPLACE INTO site (only, rules) VALUES (1, '${JSON.stringify(rules)}')`);
const today = Math.floor(Date.now() / 86_400_000);
await ledger.exec(
  `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${visits})
   INSERT OR IGNORE INTO visit (seq, rev, day, hour, channel, source, medium, pages, late, active_for, id, visitor, landing_page)
   SELECT ((${today} - 5 + i % 2) * 86400000 - 1577836800000 + i) * 4096, 1, ${today} - 5 + i % 2, 0, 0, 0, 0, 1, 0, 0,
     's_' || i, 'v_' || i, 'https://acme.example/' || i FROM n`,
);
// As if it had not done its nightly work for days: the cron begins it.
const overview = await storageOf('Overview', 'overview');
await overview.exec('UPDATE ledgers SET tended_at = 0, told_at = 0');
for (const cron of local.crons) await local.runScheduled(cron);
console.log(local.edge);

import { runInDurableObject } from 'cloudflare:test';
import { env } from './edge.ts';

/** Every row of every table that the site has anywhere, as text. */
export async function everything(site: string): Promise<string> {
  const tables = await env.LEDGER.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'd1%' AND name NOT LIKE 'sqlite%'",
  ).all<{ name: string }>();
  const rows: unknown[] = [];
  for (const { name } of tables.results) {
    rows.push((await env.LEDGER.prepare(`SELECT * FROM ${name} WHERE site = ?`).bind(site).all()).results);
  }
  const pool = await runInDurableObject(env.POOL.getByName(site), (_, { storage }) =>
    storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
      )
      .toArray()
      .filter(({ name }) => name !== 'site' && name !== 'scripts')
      .map(({ name }) => storage.sql.exec(`SELECT * FROM ${name}`).toArray()),
  );
  return JSON.stringify([rows, pool]);
}

import { runInDurableObject } from 'cloudflare:test';
import { env } from './edge.ts';

/** Returns every row of every table that the site has anywhere, as text. */
export async function everything(site: string): Promise<string> {
  const tables = await Promise.all([rowsOf(env.SITE_LEDGER.getByName(site)), rowsOf(env.POOL.getByName(site))]);
  return JSON.stringify(tables);
}

/** The site's configuration and scripts are left out: they are no one's data. */
const LEFT_OUT = ['site', 'scripts'];

function rowsOf(object: DurableObjectStub): Promise<unknown[]> {
  return runInDurableObject(object, (_, { storage }) =>
    storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
      )
      .toArray()
      .filter(({ name }) => !LEFT_OUT.includes(name))
      .map(({ name }) => storage.sql.exec(`SELECT * FROM ${name}`).toArray()),
  );
}

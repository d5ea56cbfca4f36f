const TABLES = ['sessions', 'page_views', 'bindings', 'calls'];

/** Removes everything the ledger holds of a site. */
export async function eraseSite(ledger: D1Database, site: string): Promise<void> {
  await ledger.batch(TABLES.map((table) => ledger.prepare(`DELETE FROM ${table} WHERE site = ?`).bind(site)));
}

/** A statement on its way to the ledger's process. */
export interface AskedOfLedger {
  query: string;
  given: unknown[];
}

/**
 * D1 as far as the drain uses it, in another process: on Cloudflare it is on another machine, whereas local workerd runs
 * it in the thread that serves the requests.
 */
export function ledgerElsewhere(url: string): D1Database {
  const post = async (asked: AskedOfLedger[]) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(asked) });
    if (!response.ok) throw new Error(`D1_ERROR: ${response.status}`);
    return (await response.json()) as D1Result[];
  };
  const statement = (query: string, given: unknown[]): object => ({
    query,
    given,
    bind: (...values: unknown[]) => statement(query, values),
    all: async () => (await post([{ query, given }]))[0],
    run: async () => (await post([{ query, given }]))[0],
    first: async () => (await post([{ query, given }]))[0]?.results[0] ?? null,
  });
  return {
    prepare: (query: string) => statement(query, []),
    batch: (statements: AskedOfLedger[]) => post(statements.map(({ query, given }) => ({ query, given }))),
  } as unknown as D1Database;
}

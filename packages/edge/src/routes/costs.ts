import { api } from '@dialmark/shared';
import { type ReadCosts, readCostFile, readJsonCosts } from '../costs/read-costs.ts';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { COSTS_AT_ONCE, CostSums, sendCosts } from '../ledger/write/costs.ts';
import { done } from '../platform/result.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';

/** A problem lists at most this many errors. */
const ERRORS_SHOWN = 1000;

export function costRoutes(app: App): void {
  serve(app, api.addCosts, async ({ params, query, body, env }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    const sums = new CostSums();
    const book = (row: Parameters<CostSums['add']>[0]) => sums.add(row);
    const read =
      body instanceof Uint8Array ? readCostFile(body, query, site.currency, book) : readJsonCosts(body.rows, book);
    if ('rejected' in read) {
      const { code, message } = read.rejected;
      return problem(code, `The file could not be read. ${message}`, [read.rejected]);
    }
    if (read.added === 0) return noneBooked(read);
    if (sums.isOverfull) return tooMany();
    await sendCosts(sums, (rows) => ledgerOf(env, site.id).feed.addCosts(rows));
    const { added, layout, errors, file } = read;
    return done({ added, layout, errors, ...(file ? { file } : {}) });
  });
}

function tooMany(): Response {
  const most = COSTS_AT_ONCE.toLocaleString('en');
  const message = `has more than ${most} different days and tags, the limit of one request. Send it in parts, such as by month.`;
  return problem('payload_too_large', `The file ${message}`, [{ path: 'rows', code: 'too_many_rows', message }]);
}

function noneBooked({ errors, file }: ReadCosts): Response {
  const skipped = (file?.skipped ?? []).map((row) => ({ path: '', ...row }));
  const shown = [...errors, ...skipped].slice(0, ERRORS_SHOWN);
  const codes = new Set(errors.map(({ code }) => code));
  const [first] = errors;
  const isOne = first?.code === 'currency_mismatch' && codes.size === 1;
  return problem(
    isOne ? 'currency_mismatch' : 'invalid_request',
    isOne ? `None of the rows could be imported. The file ${first.message}` : 'None of the rows could be imported.',
    shown.map(({ line, path, code, message }) => ({
      path: path ? `rows.${line}.${path}` : `rows.${line}`,
      code,
      message,
    })),
  );
}

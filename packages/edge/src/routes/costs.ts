import { api, type CostsQuery } from '@dialmark/shared';
import { type ReadCosts, readCsvCosts, readJsonCosts } from '../costs/read-costs.ts';
import { problem } from '../http/problem.ts';
import { type App, serve } from '../http/serve.ts';
import { writeCosts } from '../ledger/costs.ts';
import { poolOf } from '../pool/pools.ts';
import { done } from '../pool/refusal.ts';

/** A problem names so many of the faults; the rest are of the same kinds. */
const ERRORS_SHOWN = 1000;

export function costRoutes(app: App): void {
  serve(app, api.addCosts, async ({ params, query, body, env }) => {
    const { value: site, refusal } = await poolOf(env, params.site as string).configuration();
    if (refusal) return { refusal };
    const read = typeof body === 'string' ? readCsvCosts(body, query as CostsQuery) : readJsonCosts(body.rows);
    if (!read) {
      const message =
        'must begin with a header: date, source, medium, campaign, term, cost, or as Google Ads, Microsoft Advertising or Meta Ads export it';
      return problem(400, 'The CSV has no header that is known.', [{ path: '', message }]);
    }
    const { layout, rows, errors } = read;
    if (rows.length === 0) return problem(400, 'None of the rows could be taken.', faultsOf(read));
    await writeCosts(env.LEDGER, site.id, rows, layout !== 'dialmark');
    return done({ added: rows.length, layout, errors });
  });
}

function faultsOf({ errors }: ReadCosts) {
  return errors
    .slice(0, ERRORS_SHOWN)
    .map(({ line, path, message }) => ({ path: path ? `rows.${line}.${path}` : `rows.${line}`, message }));
}

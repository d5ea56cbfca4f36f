import { api, type OutcomeError, type OutcomesAnswer, type Site } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import type { Outcome } from '../leads/outcome.ts';
import { readJsonOutcomes, readOutcomeFile, type SentOutcome } from '../leads/read-outcomes.ts';
import type { RemoteLedger } from '../ledger/remote-ledger.ts';
import { done } from '../platform/result.ts';
import { keptContact } from '../pool/forms/contact.ts';
import { currentLedger } from './current-ledger.ts';

/** A problem lists at most this many errors, an answer this many. */
const ERRORS_SHOWN = 1000;
const LISTED = 10_000;
/** Rows in one message to the ledger. */
const ROWS_A_MESSAGE = 5000;

/** Serves outcomes: what became of leads, as a site's own books say. */
export function outcomeRoutes(app: App): void {
  serve(app, api.addOutcomes, async ({ params, query, body, env, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const { site, ledger } = value;
    const read = body instanceof Uint8Array ? readOutcomeFile(body, query, site) : readJsonOutcomes(body.rows, site);
    if ('rejected' in read) {
      const { code, message } = read.rejected;
      return problem(code, `The file could not be read. ${message}`, [read.rejected]);
    }
    const answer: OutcomesAnswer = { matched: 0, unchanged: 0, unmatched: [], errors: [] };
    let failed = 0;
    let rows = 0;
    const fail = (wrong: OutcomeError) => {
      failed++;
      if (answer.errors.length < LISTED) answer.errors.push(wrong);
    };
    let piece: SentOutcome[] = [];
    for (const row of read.rows) {
      rows++;
      if ('code' in row) fail(row);
      else piece.push(row);
      if (piece.length < ROWS_A_MESSAGE) continue;
      await send(piece, site, ledger, env, answer, fail);
      piece = [];
    }
    if (piece.length > 0) await send(piece, site, ledger, env, answer, fail);
    answer.errors.sort((a, b) => a.index - b.index);
    if (failed >= rows) return noneTaken(answer.errors, body instanceof Uint8Array);
    return done({ ...answer, ...(read.file ? { file: read.file } : {}) });
  });
}

const NO_LEAD = 'fits no lead yet: it waits for one for 90 days';

/** Sends rows to the ledger, and adds what became of them to the answer. */
async function send(
  rows: readonly SentOutcome[],
  site: Site,
  ledger: RemoteLedger,
  env: Env,
  answer: OutcomesAnswer,
  fail: (wrong: OutcomeError) => void,
): Promise<void> {
  const good: { sent: SentOutcome; outcome: Outcome }[] = [];
  for (const sent of rows) {
    const outcome = await outcomeOf(sent, site, env);
    if ('code' in outcome) fail(outcome);
    else good.push({ sent, outcome });
  }
  if (good.length === 0) return;
  const taken = await ledger.leads.addOutcomes(
    good.map(({ outcome }) => outcome),
    Date.now(),
  );
  answer.matched += taken.matched;
  answer.unchanged += taken.unchanged;
  for (const place of taken.unmatched) {
    if (answer.unmatched.length >= LISTED) break;
    const { index, line, row } = (good[place] as (typeof good)[number]).sent;
    answer.unmatched.push({ index, ...(line === undefined ? {} : { line }), id: row.id, message: NO_LEAD });
  }
}

/** Returns an outcome as the ledger takes it: telephone number and address as the site keeps those of its callers. */
async function outcomeOf({ index, line, row, at }: SentOutcome, site: Site, env: Env): Promise<Outcome | OutcomeError> {
  const { id, stage, value, call, lead } = row;
  const given = { phone: row.phone?.trim() || null, email: row.email?.trim() || null, name: null };
  const { phone, email } = await keptContact(site, env.WORKER_KEY, given);
  const place = line === undefined ? { index } : { index, line };
  if (lead !== null || call !== null || phone !== null || email !== null) {
    return { id, at, stage, value, phone, email, lead, call };
  }
  if (given.phone !== null) {
    return { ...place, path: 'phone', code: 'invalid_format', message: 'must be a telephone number' };
  }
  if (given.email !== null) {
    return { ...place, path: 'email', code: 'invalid_format', message: 'must be an e-mail address' };
  }
  return {
    ...place,
    path: 'phone',
    code: 'required',
    message: 'must name a lead, a call, a telephone number or an e-mail address',
  };
}

function noneTaken(errors: readonly OutcomeError[], isFile: boolean): Response {
  if (errors.length === 0) {
    const message = 'must hold at least one row';
    return problem('invalid_request', 'None of the rows could be taken.', [{ path: 'rows', code: 'too_few', message }]);
  }
  const isCurrency = errors.every(({ code }) => code === 'currency_mismatch');
  return problem(
    isCurrency ? 'currency_mismatch' : 'invalid_request',
    'None of the rows could be taken.',
    errors.slice(0, ERRORS_SHOWN).map(({ index, line, path, code, message }) => ({
      path: `rows.${isFile ? line : index}${path && `.${path}`}`,
      code,
      message,
    })),
  );
}

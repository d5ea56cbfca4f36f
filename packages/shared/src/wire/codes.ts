/**
 * Every code that an error of the API can carry, once: the server answers with these, clients decide by them, and
 * docs/errors.md lists them. Codes are stable; the English beside them may change at any time.
 */

/**
 * Codes of problem documents, with the status of each and what it says unless the place that answers knows better. The
 * first of a status is its general code.
 */
export const PROBLEMS = {
  invalid_request: [400, 'The request is not valid. `errors` names the fields to correct.'],
  cursor_invalid: [400, 'This list did not return the cursor. Leave it out to start from the first page.'],
  source_required: [400, 'The costs file does not name the ad platform. Add `?source=` and `?medium=`.'],
  currency_mismatch: [400, "The amounts are not in the site's currency. Convert them first."],
  dates_ambiguous: [400, 'The dates could start with the day or the month. Add `?dates=dmy` or `?dates=mdy`.'],
  dates_mixed: [400, 'Some dates start with the day and some with the month. Correct them, or add `?dates=`.'],
  decimals_ambiguous: [
    400,
    'The amounts could contain a decimal or a thousands separator. Add `?decimal=point` or `?decimal=comma`.',
  ],
  heading_not_found: [400, 'No line of the file contains the required column headers.'],
  quote_not_closed: [400, 'A quotation mark in the file is never closed.'],
  not_a_table: [400, 'The file is not CSV. Save it as CSV and send that.'],
  unauthenticated: [401, 'Send a token: `Authorization: Bearer …`.'],
  forbidden: [403, "The token's scopes or site do not allow this."],
  origin_not_allowed: [403, "The page's origin is not one of the site's `origins`."],
  signature_invalid: [403, "The webhook's signature does not match the carrier's secret, or is too old."],
  not_found: [404, 'There is no resource at this path.'],
  site_not_found: [404, 'There is no site with this key.'],
  number_not_found: [404, 'The site has no such number.'],
  call_not_found: [404, 'There is no call with this id.'],
  lead_not_found: [404, 'There is no lead with this id.'],
  session_not_found: [404, 'There is no session with this id.'],
  visitor_not_found: [404, 'There is no visitor with this id.'],
  token_not_found: [404, 'There is no token with this id.'],
  integration_not_found: [404, 'There is no integration with this id.'],
  delivery_not_found: [404, 'There is no delivery with this id.'],
  script_not_found: [
    404,
    'There is no script at this address. Scripts are at /s/{site}.js and /s/{site}@{version}.js.',
  ],
  carrier_not_found: [404, 'There is no such carrier.'],
  carrier_not_configured: [404, "The site has no secrets for this carrier. Add them to the site's `carriers`."],
  method_not_allowed: [405, 'This path does not support this method. See the `Allow` header.'],
  conflict: [409, 'The request conflicts with the current state.'],
  numbers_moving: [409, 'Numbers are still moving since `shards` was changed. Try again in a few minutes.'],
  forms_off: [409, 'The site keeps no forms. Set its `forms` to `count` or `contact`.'],
  idempotency_key_spent: [
    409,
    'The resource created with this Idempotency-Key was deleted. Use another key to create a new one.',
  ],
  restore_unavailable: [
    409,
    'Only Cloudflare keeps earlier states of a ledger. On a machine of your own, restore the data folder from a backup.',
  ],
  not_a_test_call: [409, 'Only test calls can be deleted.'],
  secret_unreadable: [409, 'The secret cannot be decrypted: WORKER_KEY is not the one it was encrypted with.'],
  delivery_expired: [409, 'The body of this delivery is no longer stored, so it cannot be sent again.'],
  alerts_not_configured: [409, 'The site has no `alerts`, so there is nowhere to send a test.'],
  payload_too_large: [413, 'The body is too large for this operation.'],
  rate_limited: [429, 'Too many requests from this address. `Retry-After` says how long to wait.'],
  internal: [500, 'An unexpected error occurred. Everything acknowledged before is safe.'],
  ledger_unavailable: [
    503,
    'The reporting database is not responding. Numbers and calls keep working. Try again later.',
  ],
  archive_behind: [
    503,
    'The archive does not reflect this yet; everything else does. The files are being rewritten: send the request again.',
  ],
  pool_unavailable: [503, "The site's pool cannot be reached. Use the fallback URL."],
  jurisdiction_changed: [
    503,
    "The deployment's data is in the jurisdiction it was first deployed in. Set JURISDICTION back to that.",
  ],
  worker_key_missing: [503, 'Secrets cannot be stored: set the Worker secret WORKER_KEY first.'],
} as const satisfies Record<string, readonly [status: number, detail: string]>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** Codes of single fields and rows, in the `errors` of a problem and of bulk operations; docs/errors.md explains them. */
export const FIELD_CODES = [
  'required',
  'wrong_type',
  'not_a_number',
  'not_an_integer',
  'out_of_range',
  'too_short',
  'too_long',
  'too_few',
  'too_many',
  'too_many_rows',
  'too_deep',
  'not_one_of',
  'unknown_field',
  'invalid_format',
  'invalid_time',
  'inverted_period',
  'in_the_future',
  'not_e164',
  'unknown_target',
  'unknown_time_zone',
  'already_exists',
  'duplicate',
  'in_use',
  'not_applicable',
  'address_not_allowed',
  'worker_key_missing',
  'rounded',
  'several_days',
  'heading',
  'total',
  'note',
  'source_required',
  'currency_mismatch',
  'dates_ambiguous',
  'dates_mixed',
  'decimals_ambiguous',
  'heading_not_found',
  'quote_not_closed',
  'not_a_table',
  'invalid_sql',
] as const;
export type FieldCode = (typeof FIELD_CODES)[number];

/** Returns the general code of a status, for answers that carry none: those of a proxy, say. */
export function codeOfStatus(status: number): ProblemCode {
  return PROBLEM_CODES.find((code) => PROBLEMS[code][0] === status) ?? (status < 500 ? 'invalid_request' : 'internal');
}

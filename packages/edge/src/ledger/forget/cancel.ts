/** A phone number could be recovered from its digest, too, by trying all of them. */
export const SAYS_NOTHING = `payload = NULL, receipt = NULL, digest = '',
    last_error = CASE
      WHEN state = 'pending' THEN 'erased before it was sent'
      -- A destination's own words may repeat what it was sent.
      WHEN last_error IS NOT NULL THEN 'erased' END,
    code = CASE state WHEN 'pending' THEN 'erased' ELSE code END,
    state = CASE state WHEN 'pending' THEN 'failed' ELSE state END`;
/** Drops the payloads of deliveries about these calls. The record that they were sent stays. */
export const CANCEL = `
  UPDATE deliveries INDEXED BY deliveries_once SET ${SAYS_NOTHING}
  WHERE call IN (SELECT value FROM json_each(?1))`;
/** Drops the payloads of deliveries about a lead. */
export const CANCEL_LEAD = `
  UPDATE deliveries INDEXED BY deliveries_by_lead SET ${SAYS_NOTHING} WHERE lead = ?1 AND lead <> ''`;

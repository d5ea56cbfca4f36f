import { type Alert, type AlertEvent, type EpochMs, rfc3339, SECOND, type Site } from '@dialmark/shared';
import type { Outcome, SendContext } from '../../conversions/destinations/destination.ts';
import { postSigned } from '../../conversions/destinations/webhook.ts';
import { type Env, workerKeys } from '../../env.ts';
import { decryptSiteSecrets } from '../../people/site-secrets.ts';
import { waitSeconds } from '../../platform/backoff.ts';
import { hmac } from '../../platform/hmac.ts';
import { log as journal } from '../../platform/log.ts';
import { outgoing } from '../../platform/outgoing.ts';
import { toBase64 } from '../../platform/signature.ts';
import type { AlertLog } from './alert-log.ts';

/** After so many attempts, some 28 hours, nobody listens. */
const ATTEMPTS = 8;

/**
 * Sends the messages that are due. The pool sends them itself, because an alert may be about the ledger or the queue that
 * other messages go through.
 *
 * @returns when the next is due; null if none is left
 */
export async function sendAlerts(env: Env, site: Site, log: AlertLog, now: EpochMs): Promise<EpochMs | null> {
  const secrets = await alertSecrets(env, site);
  if (!site.alerts || secrets.length === 0) return null;
  let next: EpochMs | null = null;
  for (const { alert, state, attempts, nextAt } of log.unsent()) {
    let again = nextAt;
    if (nextAt <= now) {
      const outcome = await send(env, site, secrets, state, alert, now);
      const gaveUp = outcome.became === 'rejected' || attempts + 1 >= ATTEMPTS;
      if (outcome.became === 'delivered' || gaveUp) {
        if (gaveUp) journal.error('alert_not_sent', { site: site.id, type: alert.type });
        log.markSent(alert.id, state);
        continue;
      }
      const wait = waitSeconds(attempts + 1, env.DELIVERY_RETRY_SECONDS, Math.random());
      again = (now + wait * SECOND) as EpochMs;
      log.postpone(alert.id, attempts + 1, again);
    }
    next = next === null || again < next ? again : next;
  }
  return next;
}

/** Sends a message now. With `test` nothing is the matter. Never throws. */
export async function send(
  env: Env,
  site: Site,
  secrets: readonly string[],
  state: AlertEvent['data']['state'],
  alert: Alert | null,
  now: EpochMs,
): Promise<Outcome> {
  const event: AlertEvent = {
    type: alert?.type ?? 'alert.test',
    timestamp: rfc3339(now),
    data: { site: { id: site.id, name: site.name ?? null }, state, alert },
  };
  const context: SendContext = {
    fetch: outgoing,
    now,
    isLate: () => false,
    local: env.LOCAL_WEBHOOKS === 'on',
  };
  const id = alert ? `${alert.id}_${state}` : `al_test_${now.toString(36)}`;
  const payload = JSON.stringify(event);
  return postSigned(site.alerts?.url ?? '', secrets, { id, payload }, context);
}

/**
 * Returns the secrets that sign a site's alerts: those configured, else `ownAlertSecrets`. Both signatures of a change go
 * along, so that the receiver may change over whenever it likes (Standard Webhooks).
 */
export async function alertSecrets(env: Env, site: Site): Promise<string[]> {
  const given = await decryptSiteSecrets(workerKeys(env), site, 'alerts');
  return given.length > 0 ? given : ownAlertSecrets(env, site.id);
}

/**
 * Returns the secrets that sign a site's alerts if none is configured, derived from the Worker's key so that nothing is stored. While that key
 * changes, with both; the first is the one to show.
 */
export async function ownAlertSecrets(env: Env, site: string): Promise<string[]> {
  const keys = [env.WORKER_KEY, env.WORKER_KEY_PREVIOUS].filter((key) => key !== undefined && key !== '');
  return Promise.all(
    keys.map(async (key) => {
      return `whsec_${toBase64(await hmac('SHA-256', key as string, `alerts of ${site}`))}`;
    }),
  );
}

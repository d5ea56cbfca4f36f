import type { SiteSecrets } from '@dialmark/shared/wire/forwarding';
import { decryptSecrets, encryptSecrets } from '../calls/carrier-secrets.ts';
import type { CheckedWebhook, LastKnown } from '../calls/last-known.ts';
import { isGenuine, type Webhook } from '../carriers/webhook.ts';
import { type Env, workerKeys } from '../env.ts';
import { log } from '../platform/log.ts';

/** The outcome of a check for the pool to judge, and the secrets to answer with. */
interface Check {
  /** Null if this isolate knows no secrets of the carrier. */
  checked: CheckedWebhook['checked'];
  secrets: SiteSecrets;
}

/**
 * Checks who made a webhook by the secrets that this isolate last knew. The pool compares these with the current ones
 * before it records anything, so that a secret which was replaced is of no use from then on.
 */
export async function checkWebhook(env: Env, site: string, webhook: Webhook, known: LastKnown | null): Promise<Check> {
  const { carrier } = webhook;
  const encrypted = known?.encrypted[carrier];
  if (encrypted === undefined) return { checked: null, secrets: {} };
  const opened = await open(env, site, encrypted);
  if (!opened) {
    log.error('carrier_secrets_unreadable', { carrier });
    return { checked: { with: encrypted, result: 'unreadable', renewed: null }, secrets: {} };
  }
  const { secrets, renewed } = opened;
  const result = (await isGenuine(webhook, secrets)) ? 'genuine' : 'forged';
  return { checked: { with: encrypted, result, renewed }, secrets };
}

interface Opened {
  secrets: SiteSecrets;
  /** The same secrets under the Worker's current key; null if they are under it already. */
  renewed: string | null;
}

/** Secrets that one isolate keeps: to decrypt them costs more than a check. */
const KEPT = 500;
const kept = new Map<string, Promise<Opened | null>>();

function open(env: Env, site: string, encrypted: string): Promise<Opened | null> {
  const keys = workerKeys(env);
  const name = [site, encrypted, keys.current, keys.previous].join(' ');
  let opened = kept.get(name);
  if (!opened) {
    opened = decrypt();
    if (kept.size >= KEPT) kept.clear();
    kept.set(name, opened);
  }
  return opened;

  async function decrypt(): Promise<Opened | null> {
    const found = await decryptSecrets(keys, site, encrypted);
    return (
      found && { secrets: found.secrets, renewed: found.stale ? await encryptSecrets(keys, site, found.secrets) : null }
    );
  }
}

import type { ConversionMessage } from './conversions/message.ts';
import type { Directory } from './people/directory.ts';
import type { WorkerKeys } from './platform/encryption.ts';

/** Returns what carriers' secrets are encrypted under. */
export function workerKeys(env: Pick<Env, 'WORKER_KEY' | 'WORKER_KEY_PREVIOUS'>): WorkerKeys {
  return { current: env.WORKER_KEY ?? '', previous: env.WORKER_KEY_PREVIOUS };
}

/** The bindings of `wrangler.toml`. */
export interface Env {
  /** The sites' number pools, called through `remotePool`. */
  POOL: DurableObjectNamespace;
  DIRECTORY: DurableObjectNamespace<Directory>;
  /** The health of all sites, called through `overviewOf`. */
  OVERVIEW: DurableObjectNamespace;
  /** The sites' ledgers, called through `ledgerOf`. */
  SITE_LEDGER: DurableObjectNamespace;
  /** Where days are archived, on Cloudflare; not bound where nothing is. */
  ARCHIVE?: R2Bucket;
  /** The same on a machine of one's own: files in a folder (tools/archive-folder.ts). */
  ARCHIVE_FOLDER?: Fetcher;
  /** The built dashboard and docs. Requests for files that exist never reach the Worker. */
  ASSETS: Fetcher;
  /** News of calls, and messages to be delivered. */
  CONVERSIONS: Queue<ConversionMessage>;
  /** Seconds between the attempts of a delivery, separated by commas, in place of the usual ones. */
  DELIVERY_RETRY_SECONDS?: string;
  /** `on` lets webhooks go to this machine, without TLS; never set in a deploy. */
  LOCAL_WEBHOOKS?: string;
  /** Stops floods of public requests from one address; counted at each Cloudflare location. */
  FLOOD?: RateLimit;
  /** The operator's token, with every scope on every site. */
  ADMIN_TOKEN?: string;
  /** Keys the hashes of visitors' addresses and encrypts the secrets of carriers and integrations. */
  WORKER_KEY?: string;
  /** The key before: opens what it encrypted until that is encrypted again. */
  WORKER_KEY_PREVIOUS?: string;
  /** The Worker's address as the outside knows it, where a proxy in front changes it; it may have a path. */
  PUBLIC_URL?: string;
  /** `on` on a machine of one's own, where any `Host` may reach the Worker. */
  SELF_HOST?: string;
  /** `off` where nights are begun by hand: in tests, whose clocks stand in the past, so that an alarm is always due. */
  NIGHTS?: string;
  /** Jurisdiction of the deployment's objects, permanent: `eu`, or anywhere where it is not set. */
  JURISDICTION?: string;
  /** `on` logs every request: its id, route, status and time. Otherwise only those that fail here. */
  LOG_REQUESTS?: string;
}

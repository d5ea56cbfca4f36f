import type { Directory } from './directory/directory.ts';
import type { NumberPool } from './pool/number-pool.ts';

/** What `wrangler.toml` binds. */
export interface Env {
  POOL: DurableObjectNamespace<NumberPool>;
  DIRECTORY: DurableObjectNamespace<Directory>;
  LEDGER: D1Database;
  /** Stops floods of public requests from one address; counted at each Cloudflare location. */
  FLOOD?: RateLimit;
  /** The operator's token, with every scope on every site. */
  ADMIN_TOKEN?: string;
  /** Keys the hashes of visitors' addresses and encrypts carriers' secrets. */
  WORKER_KEY?: string;
  /** `on` serves the demo business at `/demo/`; never set in a deploy. */
  DEMO?: string;
}

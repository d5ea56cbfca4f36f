/** The real Worker on local workerd, with state that lasts. Start, the end-to-end tests and the benchmarks use it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as readWranglerOptions } from 'wrangler';
import { archiveFolder } from './archive-folder.ts';
import { build } from './build/build.ts';
import { bundleWorker, writeUpload } from './build/worker.ts';
import { compactErased } from './compact.ts';
import { outgoing } from './outgoing.ts';

const root = new URL('..', import.meta.url).pathname;

export interface LocalOptions {
  /** 0: any free one. */
  port: number;
  /** Data folder; left out: in memory, gone at the end. */
  persistTo?: string;
  adminToken: string;
  workerKey: string;
  /** Also the Worker's own console. */
  verbose?: boolean;
  /** Another Worker than the product's, for benchmarks that put yardsticks beside it. */
  entry?: string;
  /** Runs the Worker as a deploy uploads it. */
  upload?: boolean;
  /** More bindings of that Worker, or others in place of the product's. */
  durableObjects?: Record<string, object>;
  ratelimits?: Record<string, object>;
  /**
   * A socket straight to the Worker, where given: without Miniflare's own router in front, which has doors for developers
   * and would be what a benchmark measures.
   */
  direct?: boolean | { host: string; port: number };
  /** True to allow requests to this machine itself: yes for trying out, never in service. */
  localWebhooks?: boolean;
  /** More of the Worker's variables. */
  variables?: Record<string, string>;
  /** The folder that days are archived in; left out: none are. */
  archive?: string;
  /** Lets a test read an object's storage from outside. */
  inspect?: boolean;
}

export interface Local {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  edge: string;
  miniflare: Miniflare;
  /** When scheduled work is due, by `wrangler.toml`. Nothing runs it unless asked to. */
  crons: readonly string[];
  runScheduled(cron: string): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startLocal(options: LocalOptions): Promise<Local> {
  if (!process.env.DIALMARK_BUILT) await build();
  const { workerOptions } = readWranglerOptions(join(root, 'wrangler.toml'));
  if (options.persistTo) {
    // Build output is world-readable; what is kept, by its owner alone.
    process.umask(0o077);
    compactErased(options.persistTo);
  }
  const script = options.upload ? await readFile(await writeUpload(), 'utf8') : await bundleWorker(options.entry);
  const direct = options.direct === true ? { host: '127.0.0.1', port: 0 } : options.direct;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: options.port,
      logRequests: false,
      // Otherwise Miniflare asks Cloudflare at each start, which cannot know where a visitor of this machine is.
      cf: {},
      ...(options.inspect ? { unsafeInspectDurableObjects: true } : {}),
      ...(options.persistTo ? { resourcePersistencePath: options.persistTo } : {}),
      ...(options.verbose ? {} : { handleStructuredLogs: () => {} }),
      workers: [
        {
          ...workerOptions,
          name: 'dialmark',
          modules: [{ type: 'ESModule', path: 'worker.mjs', contents: script }],
          outboundService: outgoing(options.localWebhooks !== false),
          durableObjects: { ...(workerOptions.durableObjects as object), ...options.durableObjects },
          // The simulated one writes down what it counts by; on one machine the Worker's own counts are enough.
          ratelimits: options.ratelimits ?? {},
          ...(options.archive ? { serviceBindings: { ARCHIVE_FOLDER: archiveFolder(options.archive) } } : {}),
          ...(direct ? { unsafeDirectSockets: [direct] } : {}),
          bindings: {
            ADMIN_TOKEN: options.adminToken,
            WORKER_KEY: options.workerKey,
            ...(options.localWebhooks === false ? {} : { LOCAL_WEBHOOKS: 'on' }),
            ...fromEnvironment(),
            ...options.variables,
          },
        },
      ],
    } as never),
  );
  const url = await miniflare.ready;
  const edge = options.direct ? (await miniflare.unsafeGetDirectURL('dialmark')).origin : url.origin;
  return {
    edge,
    miniflare,
    crons: (workerOptions.cronTriggers as string[] | undefined) ?? [],
    runScheduled: async (cron) => (await miniflare.getWorker('dialmark')).scheduled({ cron }),
    stop: () => miniflare.dispose(),
  };
}

/** Variables of the Worker that may be set in the environment, as they would be in Cloudflare's settings. */
function fromEnvironment(): Record<string, string> {
  return Object.fromEntries(
    ['PUBLIC_URL', 'WORKER_KEY_PREVIOUS'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}

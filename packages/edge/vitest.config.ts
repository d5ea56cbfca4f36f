import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineProject } from 'vitest/config';

export default defineProject({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: '../../wrangler.toml' },
      miniflare: {
        // Nothing leaves the tests: whoever is called is not available.
        outboundService: () => new Response(null, { status: 503 }),
        bindings: {
          ADMIN_TOKEN: 'test-admin-token',
          WORKER_KEY: 'test-worker-key',
          LEDGER_MIGRATIONS: await readD1Migrations(new URL('./migrations', import.meta.url).pathname),
        },
      },
    })),
  ],
  test: {
    name: 'edge',
    // Two files at a time: each of workerd and Chromium wants a core to itself.
    maxWorkers: 2,
    include: [
      'test/**/*.test.ts',
      'src/pool/**/*.test.ts',
      'src/http/**/*.test.ts',
      'src/ledger/**/*.test.ts',
      'src/costs/**/*.test.ts',
      'src/page/**/*.test.ts',
    ],
  },
});

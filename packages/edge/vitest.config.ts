import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineProject } from 'vitest/config';

export default defineProject({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: '../../wrangler.toml' },
      miniflare: {
        // Nothing leaves the tests: whoever is called is not available.
        outboundService: () => new Response(null, { status: 503 }),
        // Bound as ARCHIVE by the tests of the archive alone.
        r2Buckets: ['TEST_ARCHIVE'],
        bindings: {
          ADMIN_TOKEN: 'test-admin-token',
          WORKER_KEY: 'test-worker-key',
          NIGHTS: 'off',
        },
      },
    }),
  ],
  test: {
    name: 'edge',
    // Two files at a time: each of workerd and Chromium wants a core to itself.
    maxWorkers: 2,
    testTimeout: 20_000,
    // On a busy machine one second, the default, is not long.
    expect: { poll: { timeout: 10_000 } },
    setupFiles: ['../../tools/property-tests.ts'],
    include: ['{src,test}/**/*.test.{ts,tsx}'],
    // These run in plain Node, by configurations of their own.
    exclude: ['src/{carriers,conversions,leads}/**', '**/node_modules/**'],
  },
});

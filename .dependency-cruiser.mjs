/**
 * The arrows between the rooms of the house (ARCHITECTURE.md), held by `npm run arrows` on the real import graph, types
 * included: routes → call-control, http, pool, ledger/read, people, conversions, carriers → calls → platform → shared.
 */
const edge = (...rooms) => `^packages/edge/src/(${rooms.join('|')})(/|\\.ts$)`;
const DOMAINS = [
  'admission',
  'call-control',
  'calls',
  'carriers',
  'conversions',
  'costs',
  'leads',
  'ledger',
  'mcp',
  'notifications',
  'page',
  'phones',
  'people',
  'pool',
  'provisioning',
  'scripts',
];
/** Tests may look inside of everything. */
const TEST = '\\.test\\.tsx?$|^packages/[^/]+/test/';

const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TEST },
  to: { path: to },
});

export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'No file imports itself by way of others, types included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    forbid(
      'routes-are-the-top',
      'Only the app imports routes.',
      '^packages/edge/src/(?!routes/|app\\.ts$)',
      edge('routes'),
    ),
    forbid(
      'routes-ask-at-the-front',
      'Routes ask a pool by its operations, read the ledger, and have carriers read webhooks; they know no insides.',
      edge('routes'),
      '^packages/edge/src/(pool/(core|store|attribution|sync|site|people)|ledger/write/(?!costs)|carriers/(?!webhook\\.ts))',
    ),
    forbid(
      'call-control-is-on-top',
      'Only routes import what stands above carriers and pool.',
      '^packages/edge/src/(?!routes/|call-control/)',
      edge('call-control'),
    ),
    forbid(
      'sql-stays-in-the-store',
      'Nothing outside of the store imports a table.',
      '^packages/(?!edge/src/pool/store/)',
      '^packages/edge/src/pool/store/[\\w-]*table\\.ts$',
    ),
    forbid(
      'platform-knows-no-domain',
      'Nothing in platform imports a domain or HTTP.',
      edge('platform'),
      edge(...DOMAINS, 'http', 'routes', 'env'),
    ),
    forbid(
      'calls-know-platform-only',
      'The call as a domain knows neither carriers nor pool nor ledger.',
      edge('calls'),
      edge(...DOMAINS.filter((room) => room !== 'calls'), 'http', 'env'),
    ),
    forbid(
      'carriers-are-adapters',
      'Carriers know calls and platform, nothing else.',
      edge('carriers'),
      edge(...DOMAINS.filter((room) => !['calls', 'carriers'].includes(room)), 'http'),
    ),
    forbid(
      'pool-knows-no-carrier',
      'The pool knows of a carrier what `calls` says of it.',
      edge('pool'),
      edge('carriers', 'http'),
    ),
    forbid(
      'http-is-a-boundary',
      'The HTTP boundary knows no domain but people, who are let in.',
      edge('http'),
      edge(...DOMAINS.filter((room) => !['people', 'admission'].includes(room))),
    ),
    forbid(
      'shared-is-the-bottom',
      'Shared imports no other package.',
      '^packages/shared/',
      '^packages/(?!shared/)|^(tools|scripts|bench|test)/',
    ),
    forbid(
      'packages-stand-alone',
      'A package imports nothing of the repository around it.',
      '^packages/',
      '^(scripts|bench|test|tools)/',
    ),
    {
      name: 'browser-and-terminal-stand-alone',
      comment: 'Of the other packages, the snippet, the command line and the dashboard import shared alone.',
      severity: 'error',
      from: { path: '^packages/(snippet|cli|dashboard)/', pathNot: TEST },
      to: { path: '^packages/', pathNot: '^packages/(shared|$1)/' },
    },
    forbid(
      'scripts-alone',
      'Scripts, benchmarks and tests share tools, not each other.',
      '^scripts/',
      '^(bench|test)/',
    ),
    forbid('bench-alone', 'Scripts, benchmarks and tests share tools, not each other.', '^bench/', '^(scripts|test)/'),
    {
      name: 'test-alone',
      comment: 'Scripts, benchmarks and tests share tools, not each other.',
      severity: 'error',
      from: { path: '^test/' },
      to: { path: '^(scripts|bench)/' },
    },
    forbid('tools-are-shared', 'Tools import none of those that share them.', '^tools/', '^(scripts|bench|test)/'),
  ],
  options: {
    // TypeScript 7 has no API for it; swc also reads imports of types.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/|^docs/\\.vitepress/(cache|dist)/' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};

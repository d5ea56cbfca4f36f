import { CallReport } from '@dialmark/shared';
import * as v from 'valibot';
import type { Env } from '../../edge/src/env.ts';
import { PUBLIC_BODY_BYTES, readBody } from '../../edge/src/http/body.ts';
import { problem, problemOf } from '../../edge/src/http/problems.ts';
import { SitePools } from '../../edge/src/pool/shards/site-pools.ts';
import { DEMO_FILES } from './generated/demo.ts';

const TYPES: Record<string, string> = { html: 'text/html', css: 'text/css', js: 'text/javascript' };
/** The key of the demo business's site. */
const DEMO_SITE = 'demo';

/** Returns a page of the small business to try Dialmark on; null if it has none. */
export function demoPage(pathname: string): Response | null {
  const asked = pathname.slice('/demo/'.length) || 'index';
  const file = asked.includes('.') ? asked : `${asked}.html`;
  const body = Object.hasOwn(DEMO_FILES, file) ? DEMO_FILES[file] : undefined;
  if (body === undefined) return null;
  const type = TYPES[file.split('.').pop() as string] ?? 'text/plain';
  return new Response(body, { headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' } });
}

/** Plays the carrier: one answered call of a minute and a half to the number given. */
export async function placeDemoCall(request: Request, env: Env): Promise<Response> {
  const text = await readBody(request, PUBLIC_BODY_BYTES);
  const to = text === null ? undefined : readTo(text);
  const [random = 0] = crypto.getRandomValues(new Uint8Array(1));
  // 555-0100 to 555-0199 are kept for fiction: nobody's number.
  const caller = `+15105550${100 + (random % 100)}`;
  const report = v.safeParse(CallReport, {
    id: `demo-${crypto.randomUUID()}`,
    from: caller,
    to,
    startedAt: new Date().toISOString(),
    durationSeconds: 93,
  });
  if (!report.success) return problem('invalid_request', 'Name the number to call: { "to": "+1…" }.');
  const { value, error } = await new SitePools(env, DEMO_SITE).ofNumber(report.output.to, (pool) =>
    pool.calls.report(report.output, 'demo'),
  );
  return error ? problemOf(error) : Response.json(value.call);
}

function readTo(text: string): unknown {
  try {
    return (JSON.parse(text) as { to?: unknown } | null)?.to;
  } catch {
    return undefined;
  }
}

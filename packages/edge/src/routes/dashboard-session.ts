import * as v from 'valibot';
import { grantIn, grantOf, unauthorized } from '../http/auth.ts';
import { PUBLIC_BODY_BYTES, readBody } from '../http/body.ts';
import { closeSession, isFromDashboard, openSession } from '../http/cookies.ts';
import { problem } from '../http/problems.ts';
import type { App } from '../http/serve.ts';
import { sha256Hex } from '../platform/signature.ts';

const Login = v.object({ token: v.pipe(v.string(), v.trim(), v.minLength(1)) });

/** Serves the log-in: exchanges a token for a session, and says whose it is and what it can do. */
export function dashboardSessionRoutes(app: App): void {
  app.post('/app/session', async ({ req, env }) => {
    const request = req.raw;
    if (!isFromDashboard(request)) return problem('forbidden', 'Only the dashboard itself can open a session.');
    const login = v.safeParse(Login, parsed(await readBody(request, PUBLIC_BODY_BYTES)));
    if (!login.success)
      return problem('invalid_request', 'The token is missing.', [
        { path: 'token', code: 'required', message: 'must be a token' },
      ]);
    const hash = await sha256Hex(login.output.token);
    const grant = await grantOf(hash, request, env);
    if (grant instanceof Response) return grant;
    return answer(grant, { 'Set-Cookie': await openSession(hash, request, env) });
  });

  app.get('/app/session', async ({ req, env }) => {
    const grant = await grantIn(req.raw, env);
    if (grant instanceof Response) return grant;
    return grant ? answer(grant) : unauthorized('You are not signed in.');
  });

  app.delete('/app/session', async ({ req, env }) =>
    isFromDashboard(req.raw)
      ? new Response(null, { status: 204, headers: { 'Set-Cookie': await closeSession(req.raw, env) } })
      : problem('forbidden', 'Only the dashboard itself can end a session.'),
  );
}

function answer(grant: object, headers: Record<string, string> = {}): Response {
  return Response.json(grant, { headers: { 'Cache-Control': 'no-store', ...headers } });
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

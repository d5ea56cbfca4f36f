import { api } from '@dialmark/shared';
import { forgetGrants } from '../http/auth.ts';
import { seedOf, takenBack } from '../http/idempotency.ts';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { directoryOf } from '../people/remote-directory.ts';
import { done } from '../platform/result.ts';
import { sha256Hex, toBase64Url } from '../platform/signature.ts';

export function tokenRoutes(app: App): void {
  serve(app, api.createToken, async ({ body, env, request }) => {
    const seed = await seedOf(request, env, body);
    const token = `dm_${toBase64Url(seed.slice(0, 32))}`;
    const id = `t_${toBase64Url(seed.slice(32, 41))}`;
    const kept = await directoryOf(env).addToken(id, await sha256Hex(token), body);
    return kept ? done({ ...kept, token }) : takenBack;
  });

  serve(app, api.listTokens, async ({ query, env }) =>
    done(await directoryOf(env).tokens(query.limit, query.cursor ?? null)),
  );

  serve(app, api.deleteToken, async ({ params, env }) => {
    const removed = await directoryOf(env).removeToken(params.id as string);
    forgetGrants();
    return removed ? done(null) : problem('token_not_found');
  });
}

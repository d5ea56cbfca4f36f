import { api } from '@dialmark/shared';
import { sha256 } from '../http/auth.ts';
import { problem } from '../http/problem.ts';
import { type App, serve } from '../http/serve.ts';
import { done } from '../pool/refusal.ts';

export function tokenRoutes(app: App): void {
  serve(app, api.createToken, async ({ body, env }) => {
    const token = `dm_${random(32)}`;
    const kept = await env.DIRECTORY.getByName('directory').addToken(`t_${random(9)}`, await sha256(token), body);
    return done({ ...kept, token });
  });

  serve(app, api.listTokens, async ({ query, env }) =>
    done(await env.DIRECTORY.getByName('directory').tokens(query.limit, query.cursor ?? null)),
  );

  serve(app, api.deleteToken, async ({ params, env }) =>
    (await env.DIRECTORY.getByName('directory').removeToken(params.id as string))
      ? done(null)
      : problem(404, 'There is no token with this id.'),
  );
}

/** Base64url of so many random bytes. */
function random(bytes: number): string {
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

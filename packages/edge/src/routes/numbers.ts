import { api, ENGLISH, type FieldError, fieldErrors, NewNumber } from '@dialmark/shared';
import * as v from 'valibot';
import { seedOf } from '../http/idempotency.ts';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { toBase64Url } from '../platform/signature.ts';
import { listNumbers } from '../pool/numbers/list-numbers.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

export function numberRoutes(app: App): void {
  serve(app, api.addNumbers, async ({ params, body, env, request }) => {
    const keyed = request.headers.has('Idempotency-Key');
    const key = keyed ? toBase64Url((await seedOf(request, env, body)).slice(0, 12)) : null;
    const good: { index: number; row: NewNumber }[] = [];
    const errors: (FieldError & { index: number })[] = [];
    body.numbers.forEach((candidate, index) => {
      const parsed = v.safeParse(NewNumber, candidate, ENGLISH);
      if (parsed.success) good.push({ index, row: parsed.output });
      else errors.push(...fieldErrors(parsed.issues).map((error) => ({ index, ...error })));
    });
    const outcome = await new SitePools(env, params.site as string).addNumbers(good, key);
    if (outcome.error) return outcome;
    const all = [...errors, ...outcome.value.errors].sort((a, b) => a.index - b.index);
    if (outcome.value.added === 0) {
      return problem(
        'invalid_request',
        'None of the numbers could be added.',
        all.map(({ index, path, ...error }) => ({ path: `numbers.${index}${path && `.${path}`}`, ...error })),
      );
    }
    return { value: { added: outcome.value.added, errors: all } };
  });

  serve(app, api.listNumbers, async ({ params, query, env }) =>
    listNumbers(new SitePools(env, params.site as string), query.limit, query.cursor ?? null),
  );

  serve(app, api.patchNumber, async ({ params, body, env }) =>
    new SitePools(env, params.site as string).ofNumber(params.number as string, (pool) =>
      pool.numbers.patch(params.number as string, body),
    ),
  );

  serve(app, api.deleteNumber, async ({ params, env }) =>
    new SitePools(env, params.site as string).ofNumber(params.number as string, (pool) =>
      pool.numbers.patch(params.number as string, { status: 'retired' }),
    ),
  );
}

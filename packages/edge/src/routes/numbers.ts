import { api, ENGLISH, fieldErrors, NewNumber, type NumbersAdded } from '@dialmark/shared';
import * as v from 'valibot';
import { seedOf } from '../http/idempotency.ts';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { readPhones } from '../phones/read-phones.ts';
import { done } from '../platform/result.ts';
import { toBase64Url } from '../platform/signature.ts';
import { listNumbers } from '../pool/numbers/list-numbers.ts';
import { readNumberFile } from '../pool/numbers/number-file.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

export function numberRoutes(app: App): void {
  serve(app, api.addNumbers, async ({ params, query, body, env, request }) => {
    let file: ReturnType<typeof readNumberFile> | null = null;
    if (body instanceof Uint8Array) {
      const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
      if (error) return { error };
      file = readNumberFile(body, site, await readPhones(), query.target);
      if ('rejected' in file) return problem(file.rejected.problem, file.rejected.detail, [file.rejected.error]);
    }
    const rows = file?.rows ?? (body as { numbers: unknown[] }).numbers.map((number, index) => ({ index, number }));
    const keyed = request.headers.has('Idempotency-Key');
    const said = { numbers: rows.map(({ number }) => number) };
    const key = keyed ? toBase64Url((await seedOf(request, env, said)).slice(0, 12)) : null;
    const good: { index: number; row: NewNumber }[] = [];
    const errors: NumbersAdded['errors'] = [...(file?.errors ?? [])];
    for (const { index, number } of rows) {
      const parsed = v.safeParse(NewNumber, number, ENGLISH);
      if (parsed.success) good.push({ index, row: parsed.output });
      else errors.push(...fieldErrors(parsed.issues).map((error) => ({ index, ...error })));
    }
    const outcome = await new SitePools(env, params.site as string).addNumbers(good, key);
    if (outcome.error) return outcome;
    const lines = new Map(file?.rows.map(({ index, line }) => [index, line]));
    const all: NumbersAdded['errors'] = [...errors, ...outcome.value.errors]
      .sort((a, b) => a.index - b.index)
      .map((error) => (lines.has(error.index) ? { ...error, line: lines.get(error.index) } : error));
    if (outcome.value.added === 0) {
      return problem(
        'invalid_request',
        'None of the numbers could be added.',
        all.map(({ index, line, path, ...error }) => ({
          path: `${line === undefined ? `numbers.${index}` : `rows.${line}`}${path && `.${path}`}`,
          ...error,
        })),
      );
    }
    return { value: { added: outcome.value.added, errors: all, ...(file ? { ignored: file.ignored } : {}) } };
  });

  serve(app, api.listNumbers, async ({ params, query, env }) =>
    listNumbers(new SitePools(env, params.site as string), query.limit, query.cursor ?? null),
  );

  serve(app, api.patchNumber, async ({ params, body, env }) =>
    new SitePools(env, params.site as string).ofNumber(params.number as string, (pool) =>
      pool.numbers.patch(params.number as string, body),
    ),
  );

  serve(app, api.recountNumber, async ({ params, env }) => {
    const number = params.number as string;
    const pools = new SitePools(env, params.site as string);
    let recounted = 0;
    for (let after: string | null = ''; after !== null; ) {
      const from: string = after;
      const { value, error } = await pools.ofNumber(number, (pool) => pool.numbers.recount(number, from));
      if (error) return { error };
      recounted += value.changed;
      after = value.next;
    }
    return done({ recounted });
  });

  serve(app, api.deleteNumber, async ({ params, env }) =>
    new SitePools(env, params.site as string).ofNumber(params.number as string, (pool) =>
      pool.numbers.patch(params.number as string, { status: 'retired' }),
    ),
  );
}

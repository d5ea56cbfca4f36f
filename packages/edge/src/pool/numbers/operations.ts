import type { E164, EpochMs, ListPage, NewNumber, NumberPatch, TrackingNumber } from '@dialmark/shared';
import type { Client } from '../../admission/client.ts';
import { HourlyLimiter } from '../../admission/limiter.ts';
import { done, fail, type Outcome } from '../../platform/result.ts';
import { recount } from '../attribution/calls.ts';
import type { PoolCore } from '../core.ts';
import type { Redirect } from '../shards/layout.ts';
import { newNumbers, pageOfNumbers, patchedNumber, presentNumber, type RowError } from './numbers.ts';

const PREVIEW_MISSES_PER_HOUR = 60;

/** The tracking numbers of a site. */
export class NumberOperations {
  readonly #core: PoolCore;
  readonly #previewMisses = new HourlyLimiter();

  constructor(core: PoolCore) {
    this.#core = core;
  }

  /**
   * Adds numbers whose form is already checked; refuses one by one those that the site cannot take.
   * @param request identifies the request if it may be a repetition: what it added before is not refused
   */
  add(
    rows: { index: number; row: NewNumber }[],
    request: string | null,
  ): Outcome<{ added: number; errors: RowError[] }> {
    const core = this.#core;
    return core.withSite((memory) => {
      const { good, repeated, errors } = newNumbers(memory, rows, request, Date.now() as EpochMs);
      core.change(() => {
        for (const row of good) core.store.numbers.save(row);
      });
      if (good.length > 0) core.reload();
      return done({ added: good.length + repeated, errors });
    });
  }

  list(limit: number, cursor: string | null): Outcome<ListPage<TrackingNumber>> {
    return this.#core.withSite((memory) => done(pageOfNumbers(memory, limit, cursor, Date.now() as EpochMs)));
  }

  patch(number: string, patch: NumberPatch): Outcome<TrackingNumber> | Redirect {
    const core = this.#core;
    return core.withNumber(number, (memory) => {
      const { value: row, error } = patchedNumber(memory, number, patch);
      if (error) return { error };
      core.change(() => core.store.numbers.save(row));
      core.reload();
      return done(presentNumber(core.memory ?? memory, row, Date.now() as EpochMs));
    });
  }

  /**
   * Counts a slice of the calls to a source number as calls to it count now.
   * @param after the call to go on after
   */
  recount(number: string, after: string): Outcome<{ changed: number; next: string | null }> | Redirect {
    return this.#core.withNumber(number, (memory) => {
      const row = memory.numbers.get(number as E164);
      if (!row) return fail('number_not_found');
      if (row.kind !== 'source') {
        return fail(
          'conflict',
          'A pool number has no source of its own: its calls count as the visits that were shown it.',
        );
      }
      return done(this.#core.change(() => recount(memory, row, after)));
    });
  }

  /**
   * Answers for which target it would show it; 404 for any number that is not in use. Nobody finds the site's numbers out by trying: after some misses an address has no answer for a while.
   */
  preview(
    number: string,
    { address, block }: Pick<Client, 'address' | 'block'>,
  ): Outcome<{ number: E164; target: string }> | Redirect {
    return this.#core.withNumber(number, ({ numbers }) => {
      const now = Date.now() as EpochMs;
      const from = block ?? address ?? '';
      if (this.#previewMisses.count(from, now) >= PREVIEW_MISSES_PER_HOUR) {
        return fail('rate_limited', "Too many previews of numbers that are not the site's. Try again in an hour.");
      }
      const row = numbers.get(number as E164);
      if (row && row.status !== 'retired') return done({ number: row.number, target: row.target });
      this.#previewMisses.record(from, now);
      return fail('number_not_found');
    });
  }
}

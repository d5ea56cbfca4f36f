import type { CostRow, EpochMs } from '@dialmark/shared';
import { NumberPool } from '../../edge/src/index.ts';
import { firstSeq } from '../../edge/src/pool/leases/binding-id.ts';
import { TIME_ZONE } from './business.ts';
import { DAYS, type Played } from './calendar.ts';
import { playDeeds } from './player.ts';
import { type Story, writeStory } from './story.ts';

interface Row extends Record<string, SqlStorageValue> {
  seed: number;
  now: number;
  days: number;
}

/** The product's pool, with a past that can be played into it. */
export class PoolWithPast extends NumberPool {
  #story: Story | null = null;
  #playing = false;

  /**
   * Begins the past, or finds it begun: its end and its seed are fixed once, so that what was broken off goes on as
   * the same. A pool that has visits of its own gets none, as these must come first.
   *
   * @returns null if there is nothing to play
   */
  async beginPast(seed: number, now: EpochMs): Promise<{ played: Played; costs: CostRow[] } | null> {
    const { sql } = this.ctx.storage;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS demo_past (only INTEGER PRIMARY KEY CHECK (only = 1), seed INTEGER, now INTEGER, days INTEGER)',
    );
    if (!this.#past() && sql.exec('SELECT 1 FROM sessions LIMIT 1').toArray().length === 0) {
      sql.exec('INSERT INTO demo_past (only, seed, now, days) VALUES (1, ?, ?, 0)', seed, now);
    }
    const past = this.#past();
    if (!past || past.days === DAYS) return null;
    this.#playing = true;
    return { played: { days: past.days, of: DAYS }, costs: this.#wholeStory(past).costs };
  }

  /** Lives through the next day: all of it is kept, with the note that it is, or nothing. */
  async playDay(): Promise<Played> {
    const past = this.#past();
    if (!past || past.days === DAYS) return { days: DAYS, of: DAYS };
    const { days, deeds } = this.#wholeStory(past);
    const day = days[past.days];
    this.simulate((pool) => {
      const isNext = pool.store.lastSeq() < firstSeq(day?.startsAt as EpochMs);
      if (day?.index === 0) {
        for (const number of pool.numbers.values()) {
          number.addedAt = day.startsAt;
          pool.store.numbers.save(number);
        }
      }
      if (isNext || day?.index === 0) playDeeds(pool, deeds[past.days] ?? []);
      // Calls of the distant past are not announced: destinations hear of the calls after it.
      this.ctx.storage.sql.exec('DELETE FROM call_news');
      // Somebody visited meanwhile: the past ends where the present began.
      this.ctx.storage.sql.exec('UPDATE demo_past SET days = ?', isNext ? past.days + 1 : DAYS);
    });
    const played = { days: this.#past()?.days ?? DAYS, of: DAYS };
    if (played.days === DAYS) {
      this.#playing = false;
      await this.alarm();
    }
    return played;
  }

  /** Sends the past to the ledger as a whole, which is quicker than piece by piece. */
  override async alarm(): Promise<void> {
    if (!this.#playing) await super.alarm();
  }

  #past(): Row | null {
    return this.ctx.storage.sql.exec<Row>('SELECT seed, now, days FROM demo_past').toArray()[0] ?? null;
  }

  #wholeStory({ seed, now }: Row): Story {
    this.#story ??= writeStory(seed, now as EpochMs, TIME_ZONE);
    return this.#story;
  }
}

import { DAY, type EpochMs } from '@dialmark/shared';
import { expect, it } from 'vitest';
import { inLedger } from '../../../test/edge.ts';
import { firstSeq } from '../../pool/leases/binding-id.ts';
import type { LedgerCore } from '../core.ts';
import type { LedgerSession } from '../write/batch.ts';
import { writeBatch } from '../write/write-batch.ts';
import { sweepWordsLater, WordSweep } from './words.ts';

const FIRST = Date.UTC(2026, 8, 1);
const RULES = {
  timeZone: 'UTC',
  lookbackDays: 90,
  retentionDays: 395,
  counting: { model: 'last_non_direct' as const, qualifiedSeconds: 30, qualifiedValue: 0 },
};

/** A visit with words of its own, and some that it shares. */
function visitOf(n: number, day: number, term = `term ${n}`): LedgerSession {
  const startedAt = FIRST + day * DAY + n;
  return {
    ...{ seq: firstSeq(startedAt as EpochMs), id: `s_${n}`, visitor: null, startedAt, lastActiveAt: startedAt },
    ...{ landingPage: `https://acme.example/page-${n}`, referrer: `https://host-${n}.example/` },
    ...{ source: 'google', medium: 'cpc', channel: 'Paid Search', campaign: `campaign ${n % 3}`, term, content: null },
    ...{ clickIds: {}, pages: 1, device: 'mobile', country: null, tags: null, views: null },
  };
}

function write(core: LedgerCore, sessions: LedgerSession[]): void {
  const erasures = { visitors: [], callers: [], calls: [] };
  writeBatch(core, { rev: 1, rules: RULES, erasures, sessions, bindings: [], calls: [] });
}

const texts = (core: LedgerCore) => core.all<{ text: string }>('SELECT text FROM words').map(({ text }) => text);

it('drops the words that no row has, a slice at a time, and none that is used meanwhile', async () => {
  await inLedger('swept', (core) => {
    write(
      core,
      Array.from({ length: 40 }, (_, n) => visitOf(n, n)),
    );
    core.sql.exec('DELETE FROM visit WHERE day < ?', FIRST / DAY + 20);
    sweepWordsLater(core);
    const sweep = new WordSweep(core);
    for (let slice = 0; sweep.next(7); slice++) {
      // Of a day that was read already, with a word that nobody had any more; and one that nobody ever had.
      if (slice === 3) write(core, [visitOf(100, 0, 'term 5'), visitOf(101, 1, 'a new term')]);
    }
    const left = texts(core);
    expect(left).toEqual(expect.arrayContaining(['(none)', 'google', 'campaign 0', 'term 5', 'a new term', 'term 20']));
    expect(left.filter((text) => /^term (?!5$)\d$|^term 1\d$|\/page-1?\d$|host-1?\d\./.test(text))).toEqual([]);
    // Everything that is left is still read as it was written.
    expect(core.all("SELECT count(*) AS n FROM sessions WHERE term IS NULL OR source <> 'google'")).toEqual([{ n: 0 }]);
  });
});

it('begins anew where more was forgotten meanwhile', async () => {
  await inLedger('swept-twice', (core) => {
    write(
      core,
      Array.from({ length: 40 }, (_, n) => visitOf(n, n)),
    );
    sweepWordsLater(core);
    const sweep = new WordSweep(core);
    for (let slice = 0; slice < 7; slice++) sweep.next(7);
    core.sql.exec('DELETE FROM visit WHERE day < ?', FIRST / DAY + 20);
    sweepWordsLater(core);
    while (sweep.next(7));
    expect(texts(core)).not.toContain('term 3');
    expect(texts(core)).toContain('term 23');
  });
});

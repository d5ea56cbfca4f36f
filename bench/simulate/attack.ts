import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type E164, type EpochMs, HOUR, MINUTE, SECOND, SiteConfig } from '@dialmark/shared';
import * as v from 'valibot';
import { Random } from '../../packages/demo/src/random.ts';
import { Admission, type Counting } from '../../packages/edge/src/admission/admission.ts';
import { NO_VISITS } from '../../packages/edge/src/admission/visits-by-day.ts';
import { Allocator } from '../../packages/edge/src/pool/leases/allocator.ts';
import { table } from '../load.ts';
import { LEASE, poolNumbers } from './policy.ts';

const NUMBERS = 50;
const REAL_AN_HOUR = 60;
const HOURS = 6;
/** The attacker asks ten times a second for a new visit, and renews each number it got every ten minutes. */
const ATTACKS_A_SECOND = 10;
const RENEW_EVERY = 10 * MINUTE;
/**
 * Bytes that a visit takes in pool and ledger, from tests: a usual one, and one with the longest addresses as they were
 * kept.
 */
const BYTES = { now: 3300 + 4 * 1024, before: 31_000 };

/** Attackers: the address, and the /48, of its n-th request. */
type Attacker = (n: number) => Pick<Counting, 'address' | 'block'>;

const ATTACKERS: Record<string, Attacker | null> = {
  nobody: null,
  'one address': () => ({ address: 'evil', block: null }),
  'one /48 (65,536 networks)': (n) => ({ address: `evil ${n % 65_536}`, block: 'evil' }),
  '10,000 addresses': (n) => ({ address: `evil ${n % 10_000}`, block: null }),
};

interface Outcome {
  real: number;
  withNumber: number;
  stored: number;
}

/** As it was before: an hourly limit of 60 pool numbers by exact address, and everything stored. */
class Unjudged {
  readonly #given = new Map<string, number[]>();

  allows(address: string, now: number): boolean {
    const times = (this.#given.get(address) ?? []).filter((at) => at > now - HOUR);
    this.#given.set(address, times);
    return times.length < 60;
  }

  took(address: string, now: number): void {
    this.#given.get(address)?.push(now);
  }
}

function play(attacker: Attacker | null, judged: boolean, seed: number): Outcome {
  const { limits } = v.parse(SiteConfig, { targets: [{ id: 'main', number: '+14155550100' }] });
  const admission = new Admission({ limits } as never, 1, { visits: NO_VISITS });
  const before = new Unjudged();
  const allocator = new Allocator(LEASE);
  for (const number of poolNumbers(NUMBERS)) allocator.add(number, 'main', 'active', [], 0 as EpochMs);
  const random = new Random(seed);
  const outcome: Outcome = { real: 0, withNumber: 0, stored: 0 };
  const held: { number: E164; binding: number; client: Counting; at: number }[] = [];
  let binding = 0;

  const visit = (client: Counting, now: EpochMs): { number: E164; binding: number } | null => {
    const address = client.address as string;
    if (judged && admission.judgeVisit(client, now) !== null) return null;
    const full = judged && admission.judgeBinding(client, 'main', NUMBERS, now) !== null;
    // An address that holds too much is refused everything.
    if (full) return null;
    outcome.stored++;
    if (judged) {
      admission.tookVisit(now);
      admission.took(client, now);
    } else if (!before.allows(address, now)) return null;
    binding++;
    const claim = { target: 'main', seq: binding, session: `${binding}`, visitor: null, previous: null, now };
    const choice = allocator.claim(claim);
    if (choice.kind !== 'pool') return null;
    if (judged) admission.noteBinding(client, 'main', binding, choice.binding.expiresAt, now);
    else before.took(address, now);
    return { number: choice.number.number, binding };
  };

  let nextReal = random.exponential(HOUR / REAL_AN_HOUR);
  let attacks = 0;
  const start = 8 * HOUR;
  for (let at = 0; at < HOURS * HOUR; at += SECOND) {
    const now = (start + at) as EpochMs;
    while (nextReal <= at) {
      outcome.real++;
      const client = { address: `real ${outcome.real}`, block: null, visitor: null };
      if (visit(client, now)) outcome.withNumber++;
      nextReal += random.exponential(HOUR / REAL_AN_HOUR);
    }
    if (!attacker) continue;
    for (let i = 0; i < ATTACKS_A_SECOND; i++) {
      const client = { ...attacker(attacks++), visitor: null };
      const got = visit(client, now);
      if (got) held.push({ ...got, client, at });
    }
    for (const hold of held) {
      if (at - hold.at < RENEW_EVERY) continue;
      hold.at = at;
      if (judged && admission.judgeRenewal(hold.client, now) !== null) continue;
      const renewed = allocator.renew(hold.number, hold.binding, 'active', now);
      if (renewed && judged) admission.noteBinding(hold.client, 'main', hold.binding, renewed.expiresAt, now);
    }
  }
  return outcome;
}

/** Returns what a real visitor still gets while somebody fills a site, before and after admission; writes docs/operate.md. */
export async function simulateAttacks(seed: number, docs: string | null): Promise<number> {
  const percent = ({ real, withNumber }: Outcome) => `${((100 * withNumber) / real).toFixed(0)} %`;
  const size = (bytes: number) => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);
  let visits = 0;
  const rows = Object.entries(ATTACKERS).map(([name, attacker]) => {
    const [before, after] = [play(attacker, false, seed), play(attacker, true, seed)];
    visits += 2 * (after.real + (attacker ? HOURS * 3600 * ATTACKS_A_SECOND : 0));
    return [
      name,
      percent(before),
      percent(after),
      before.stored.toLocaleString('en'),
      after.stored.toLocaleString('en'),
      size(before.stored * BYTES.before),
      size(after.stored * BYTES.now),
    ];
  });
  const figures = table(
    [
      'attacker',
      'real visits with a number, before',
      'after',
      'visits stored, before',
      'after',
      'at most, before',
      'after',
    ],
    rows,
  );
  console.log(
    `${NUMBERS} numbers, ${REAL_AN_HOUR} real visits an hour, ${ATTACKS_A_SECOND} attacks a second, ${HOURS} hours:\n\n${figures}`,
  );
  if (docs) {
    const page = join(docs, 'operate.md');
    const text = await readFile(page, 'utf8');
    const within = /(?<=<!-- attacks -->\n)[\s\S]*(?=<!-- \/attacks -->)/;
    await writeFile(
      page,
      text.replace(within, () => `\n${figures.trim()}\n\n`),
    );
  }
  return visits;
}

import { writeFile } from 'node:fs/promises';
import { Random } from '../../packages/demo/src/random.ts';
import { PLUMBER, SOLAR } from './business.ts';
import { type Axis, chart, type Panel } from './chart.ts';
import { percent, table, writeBetween } from './page.ts';
import { play } from './play.ts';
import { leastRecentlyReleased, type Policy } from './policy.ts';
import { atRandom, firstFree, rival, roundRobin } from './rivals.ts';
import { drawTrace, type Trace } from './trace.ts';

const SIZES = [5, 10, 20, 30, 40, 60, 100, 200, 500, 1000];

const POLICIES: Record<string, (size: number, seed: number) => Policy> = {
  'least recently released': leastRecentlyReleased,
  random: (size, seed) => rival(size, atRandom(new Random(seed, size))),
  'round-robin': (size) => rival(size, roundRobin()),
  'first free': (size) => rival(size, firstFree),
};

/** A business and how it fared. */
interface Column {
  title: string;
  outcomes: Outcome[];
}

interface Outcome {
  size: number;
  policy: string;
  /** Of the calls that visits made, a caller's second aside. */
  right: number;
  /** Of the visits. */
  without: number;
  /** Of the numbers given. */
  early: number;
}

/**
 * Returns which policy attributes how many calls right, by pool size.
 *
 * @param docs where simulation.md and pictures/ are, to be written; null to print only
 * @returns how many visits were played
 */
export async function simulatePolicies(visits: number, seed: number, docs: string | null): Promise<number> {
  const columns: Column[] = [];
  for (const [title, business] of [
    ['plumber', PLUMBER],
    ['solar installer', SOLAR],
  ] as const) {
    const trace = drawTrace(business, visits, seed);
    const outcomes = SIZES.flatMap((size) =>
      Object.entries(POLICIES).map(([policy, make]) => outcomeOf(trace, policy, make(size, seed), size)),
    );
    columns.push({ title, outcomes });
  }

  const text = columns
    .map(({ title, outcomes }) => `**${title}**, calls attributed to the right visit:\n\n${tableOf(outcomes)}`)
    .join('\n\n');
  console.log(text);
  if (docs !== null) {
    await writeBetween(`${docs}/simulation.md`, 'policies', text);
    await writeFile(`${docs}/pictures/simulation.svg`, pictureOf(columns));
  }
  return visits * columns.flatMap(({ outcomes }) => outcomes).length;
}

function outcomeOf(trace: Trace, policy: string, pool: Policy, size: number): Outcome {
  let right = 0;
  let calls = 0;
  const { visitsWithoutNumber, claims, earlyReissues } = play(trace, pool, {
    call(visit, number, again, now) {
      if (again) return;
      calls++;
      if (number !== null && pool.visitOf(number, now) === String(visit)) right++;
    },
  });
  return {
    size,
    policy,
    right: right / calls,
    without: visitsWithoutNumber / trace.visits,
    early: earlyReissues / claims,
  };
}

function pictureOf(columns: readonly Column[]): string {
  return chart('Calls attributed right, by pool size and policy', [
    columns.map(({ title, outcomes }) => panelOf(`${title}: calls attributed right`, outcomes, 'right')),
    columns.map(({ title, outcomes }) => panelOf(`${title}: numbers given again within an hour`, outcomes, 'early')),
  ]);
}

function tableOf(outcomes: Outcome[]): string {
  const policies = Object.keys(POLICIES);
  return table([
    ['numbers', 'visits without one', ...policies, ...policies.map((policy) => `early: ${policy}`)],
    ...SIZES.map((size) => {
      const ofSize = outcomes.filter((outcome) => outcome.size === size);
      return [
        size,
        percent(ofSize[0]?.without ?? 0),
        ...ofSize.map(({ right }) => percent(right)),
        ...ofSize.map(({ early }) => percent(early, 0)),
      ];
    }),
  ]);
}

function panelOf(title: string, outcomes: Outcome[], measure: 'right' | 'early'): Panel {
  const x: Axis = {
    label: 'numbers in the pool',
    from: 5,
    to: 1000,
    ticks: [5, 10, 20, 50, 100, 200, 500, 1000],
    log: true,
    format: String,
  };
  const y: Axis = { label: '', from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], format: (share) => percent(share, 0) };
  const series = Object.keys(POLICIES).map((name) => ({
    name,
    points: outcomes
      .filter(({ policy }) => policy === name)
      .map((outcome) => ({ x: outcome.size, y: outcome[measure] })),
  }));
  return { title, x, y, series };
}

import { writeFile } from 'node:fs/promises';
import { PLUMBER, SOLAR } from './business.ts';
import { bins, brier, calibrationError, type Prediction, rightShare } from './calibration.ts';
import { type Axis, chart, type Panel } from './chart.ts';
import { percent, table, writeBetween } from './page.ts';
import { type Judge, type Judged, predict, SNAPSHOTS } from './predict.ts';
import { drawTrace } from './trace.ts';

const SIZES = [10, 20, 40, 100, 300, 1000];

const BUSINESSES = { plumber: PLUMBER, 'solar installer': SOLAR };
type BusinessName = keyof typeof BUSINESSES;

interface Run extends Judged {
  business: BusinessName;
  size: number;
}

/**
 * Tells whether of the calls given 0.8 four of five are right.
 *
 * @param docs where attribution.md and pictures/ are, to be written; null to print only
 * @returns how many visits were played
 */
export async function simulateCalls(visits: number, seed: number, docs: string | null): Promise<number> {
  const runs: Run[] = [];
  for (const [name, business] of Object.entries(BUSINESSES) as [BusinessName, typeof PLUMBER][]) {
    const trace = drawTrace(business, visits, seed);
    for (const size of SIZES) runs.push({ business: name, size, ...predict(trace, business, size, seed) });
  }
  const text = [
    'All pools together, of the calls that the learned model gave so much:',
    binsTable(runs),
    'By business and pool size (error: mean distance of what was said from what was so, over the ten bins):',
    sizesTable(runs),
    'How soon it is learned, all pool sizes together:',
    learningTable(runs),
  ].join('\n\n');
  console.log(text);
  if (docs !== null) {
    await writeBetween(`${docs}/attribution.md`, 'calibration', text);
    const panels = (Object.keys(BUSINESSES) as BusinessName[]).map((name) => panelOf(name, runs));
    const picture = chart('How often is it right, of the calls given so much?', [panels]);
    await writeFile(`${docs}/pictures/calibration.svg`, picture);
  }
  return visits * runs.length;
}

function said(runs: readonly Run[], judge: Judge): Prediction[] {
  return runs.flatMap((run) => run.said.get(judge) ?? []);
}

function binsTable(runs: readonly Run[]): string {
  const learned = bins(said(runs, 'learned'));
  const prior = bins(said(runs, 'prior'));
  const runnersUp = bins(runs.flatMap((run) => run.runnersUp));
  const cells = (bin: ReturnType<typeof bins>[number]) =>
    bin ? [bin.calls, percent(bin.predicted), percent(bin.actual)] : [0, '', ''];
  return table([
    ['confidence', 'calls', 'said', 'right', 'prior alone: calls', 'said', 'right', 'runners-up', 'said', 'right'],
    ...learned.map((bin, index) => [
      `${index / 10} to ${(index + 1) / 10}`,
      ...cells(bin),
      ...cells(prior[index] ?? null),
      ...cells(runnersUp[index] ?? null),
    ]),
  ]);
}

function scores(runs: readonly Run[]): (string | number)[] {
  const judges = ['learned', 'prior', 'rival'] as const;
  return [
    said(runs, 'learned').length,
    percent(rightShare(said(runs, 'learned'))),
    percent(rightShare(said(runs, 'rival'))),
    ...judges.map((judge) => brier(said(runs, judge)).toFixed(3)),
    ...judges.map((judge) => calibrationError(said(runs, judge)).toFixed(3)),
  ];
}

function sizesTable(runs: readonly Run[]): string {
  const of = (measure: string) => [`${measure}: learned`, 'prior', 'last holder'];
  return table([
    ['business', 'numbers', 'calls', 'right', 'last holder right', ...of('Brier'), ...of('error')],
    ...runs.map((run) => [run.business, run.size, ...scores([run])]),
    ...Object.keys(BUSINESSES).map((name) => [name, 'all', ...scores(runs.filter((run) => run.business === name))]),
    ['both', 'all', ...scores(runs)],
  ]);
}

function learningTable(runs: readonly Run[]): string {
  const names = Object.keys(BUSINESSES);
  const row = (label: string, judge: Judge) => [
    label,
    ...names.flatMap((name) => {
      const predictions = said(
        runs.filter((run) => run.business === name),
        judge,
      );
      return [brier(predictions).toFixed(3), calibrationError(predictions).toFixed(3)];
    }),
  ];
  return table([
    ['calls learned from', ...names.flatMap((name) => [`${name}: Brier`, 'error'])],
    row('none: the prior', 'prior'),
    ...SNAPSHOTS.map((calls) => row(String(calls), calls)),
    row('all so far', 'learned'),
  ]);
}

function panelOf(name: BusinessName, all: readonly Run[]): Panel {
  const runs = all.filter((run) => run.business === name);
  const axis = (label: string): Axis => ({
    label,
    from: 0,
    to: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1],
    format: (share) => percent(share, 0),
  });
  const series = (label: string, judge: Judge) => {
    const filled = bins(said(runs, judge)).filter((bin) => bin !== null);
    const most = Math.max(...filled.map((bin) => bin.calls));
    return {
      name: label,
      dots: judge === 'rival',
      points: filled.map((bin) => ({ x: bin.predicted, y: bin.actual, size: 2 + 6 * Math.sqrt(bin.calls / most) })),
    };
  };
  return {
    title: `${name}: right, of the calls given so much`,
    x: axis('confidence'),
    y: axis(''),
    diagonal: true,
    series: [series('learned', 'learned'), series('prior alone', 'prior'), series('last holder, certain', 'rival')],
  };
}

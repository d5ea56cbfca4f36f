/** The drawings of docs/attribution-explained.md. What they say of numbers is worked out by the code they explain. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  attribute,
  type BindingEvidence,
  type CreditTouch,
  credits,
  DAY,
  type EpochMs,
  HOUR,
  MINUTE,
  type Model,
  SECOND,
} from '@dialmark/shared';

/** Each in light and in dark; which of them is used, the reader's own setting says. */
const PALETTE = {
  ink: ['#1c2526', '#e3eae7'],
  soft: ['#5a696b', '#9fb0ab'],
  line: ['#dfe5e3', '#3a4945'],
  back: ['#ffffff', '#1a2422'],
  rest: ['#f1f4f3', '#27332f'],
  green: ['#0b6b4f', '#5cc49c'],
  blue: ['#2f6fb0', '#7eb1e8'],
  amber: ['#8f6808', '#dcae45'],
  grey: ['#66707b', '#a7b1bb'],
  red: ['#b3362b', '#f08a80'],
  /** Text on the colours. */
  on: ['#ffffff', '#10201b'],
} as const;
const colour = (name: keyof typeof PALETTE) => `var(--${name})`;
const variables = (scheme: 0 | 1) =>
  Object.entries(PALETTE)
    .map(([name, colours]) => `--${name}: ${colours[scheme]};`)
    .join(' ');

const INK = colour('ink');
const SOFT = colour('soft');
const LINE = colour('line');
const ON = colour('on');
const COLOURS = [colour('green'), colour('blue'), colour('amber'), colour('grey')] as const;
const WIDTH = 760;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;
}

function box(x: number, y: number, width: number, height: number, fill: string, more = ''): string {
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}" fill="${fill}" ${more}/>`;
}

/** Returns a picture on a card of its own, so that it reads wherever it stands. */
function drawing(height: number, title: string, parts: string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif" font-size="14" fill="${INK}">
<title>${escaped(title)}</title>
<style>
:root { ${variables(0)} }
@media (prefers-color-scheme: dark) { :root { ${variables(1)} } }
</style>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="12" fill="${colour('back')}" stroke="${LINE}"/>
${parts.join('\n')}
</svg>
`;
}

const percent = (share: number) => (share >= 0.995 ? 'over 99%' : `${Math.round(100 * share)}%`);

/** Returns a visit that was shown the number. */
function hold(
  session: string,
  startedAt: number,
  lastActiveAt: number,
  telClickAt: number | null = null,
): BindingEvidence {
  return {
    kind: 'pool',
    session,
    visitor: session,
    startedAt: startedAt as EpochMs,
    lastActiveAt: lastActiveAt as EpochMs,
    expiresAt: (lastActiveAt + 30 * MINUTE) as EpochMs,
    telClickAt: telClickAt as EpochMs | null,
  };
}

/** One number through a day: who was shown it, when it rested, and whose each call is. */
function lentNumber(): string {
  const day = Date.UTC(2026, 10, 24);
  const at = (hour: number, minute: number) => day + hour * HOUR + minute * MINUTE;
  const [from, to] = [at(9, 0), at(15, 0)];
  const x = (moment: number) => 40 + ((moment - from) / (to - from)) * (WIDTH - 80);
  const visits = [
    { name: 'Anna, from a Google ad', hold: hold('anna', at(9, 10), at(9, 40)), tone: COLOURS[0] },
    { name: 'Ben, from a search', hold: hold('ben', at(12, 30), at(13, 0)), tone: COLOURS[1] },
  ];
  const calls = [at(9, 33), at(10, 30), at(12, 42)].map((moment) => {
    const { chosen, confidence } = attribute(
      visits.map((visit) => visit.hold),
      moment as EpochMs,
    );
    const visit = visits.find((each) => each.hold === chosen);
    return { moment, confidence, name: visit?.name.split(',')[0] ?? 'nobody', tone: visit?.tone ?? SOFT };
  });
  const hours = Array.from({ length: 7 }, (_, i) => at(9 + i, 0));
  return drawing(
    250,
    'One number through a morning: lent to Anna, resting, lent to Ben; three calls and whose they are',
    [
      text(40, 36, 'The number (415) 555-0132', 'font-weight="650" font-size="16"'),
      ...visits.flatMap(({ name, hold: { startedAt, expiresAt }, tone }) => [
        box(x(startedAt), 66, x(expiresAt) - x(startedAt), 34, tone, 'rx="6"'),
        text(x(startedAt), 58, name, `fill="${tone}" font-weight="600"`),
      ]),
      ...visits.map(({ hold: { expiresAt } }) =>
        box(x(expiresAt), 66, x(expiresAt + HOUR) - x(expiresAt), 34, colour('rest'), `rx="6" stroke="${LINE}"`),
      ),
      ...visits.map(({ hold: { expiresAt } }) => text(x(expiresAt) + 10, 88, 'rests', `fill="${SOFT}" font-size="13"`)),
      ...hours.flatMap((moment) => [
        `<line x1="${x(moment)}" y1="108" x2="${x(moment)}" y2="114" stroke="${LINE}"/>`,
        text(
          x(moment),
          130,
          `${new Date(moment).getUTCHours()}:00`,
          `fill="${SOFT}" font-size="12" text-anchor="middle"`,
        ),
      ]),
      `<line x1="40" y1="108" x2="${WIDTH - 40}" y2="108" stroke="${LINE}"/>`,
      ...calls.flatMap(({ moment, confidence, name, tone }) => [
        `<line x1="${x(moment)}" y1="104" x2="${x(moment)}" y2="160" stroke="${tone}" stroke-width="2"/>`,
        `<circle cx="${x(moment)}" cy="172" r="12" fill="${tone}"/>`,
        `<path transform="translate(${x(moment) - 7} 165) scale(0.6)" fill="none" stroke="${ON}" stroke-width="2.6" stroke-linejoin="round" d="M6 4h4l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v4c-8 2-16-6-14-14z"/>`,
        text(x(moment), 206, `${name}’s call`, 'text-anchor="middle" font-weight="600"'),
        text(x(moment), 226, `${percent(confidence)} sure`, `text-anchor="middle" fill="${SOFT}"`),
      ]),
    ],
  );
}

/** Returns what an answer's sureness comes from. */
function howSure(): string {
  const now = Date.UTC(2026, 10, 24, 15);
  const seen = (name: string, ago: number, tapped: number | null = null) =>
    hold(name, now - ago - 5 * MINUTE, now - ago, tapped === null ? null : now - tapped);
  const others = Array.from({ length: 10 }, (_, i) => seen(`other-${i}`, (2 + 2 * i) * HOUR));
  const cases: [string, BindingEvidence[]][] = [
    ['Tapped the number 20 seconds ago', [seen('a', 20 * SECOND, 20 * SECOND)]],
    ['Is reading the page right now', [seen('a', 30 * SECOND)]],
    ['Left two hours ago; the number was shown to nobody since', [seen('a', 2 * HOUR)]],
    ['Left yesterday; shown to nobody since', [seen('a', 26 * HOUR)]],
    ['Left two hours ago; another visit saw it this morning', [seen('a', 2 * HOUR), seen('b', 8 * HOUR)]],
    ['Pool too small: ten visits saw this number since yesterday', others],
  ];
  return drawing(86 + 38 * cases.length, 'How sure the answer is, in six situations', [
    text(40, 38, 'A call comes in. The visit that likely made it …', 'font-weight="650" font-size="16"'),
    ...cases.flatMap(([words, holds], i) => {
      const { confidence } = attribute(holds, now as EpochMs);
      const y = 62 + 38 * i;
      const tone = colour(confidence >= 0.8 ? 'green' : confidence >= 0.5 ? 'amber' : 'red');
      return [
        text(40, y + 19, words),
        box(480, y + 4, 170, 20, colour('rest'), 'rx="4"'),
        box(480, y + 4, 170 * confidence, 20, tone, 'rx="4"'),
        text(662, y + 19, percent(confidence), `font-weight="600" fill="${tone}"`),
      ];
    }),
  ]);
}

const MODELS: [Model, string][] = [
  ['first', 'First'],
  ['last', 'Last'],
  ['last_non_direct', 'Last, not direct'],
  ['linear', 'Linear'],
  ['time_decay', 'Time decay'],
  ['position_based', 'Position'],
];

/** One journey, and how each model shares the credit for the call over it. */
function sharedCredit(): string {
  const called = Date.UTC(2026, 10, 24, 15) as EpochMs;
  const touches = (
    [
      ['Paid Search', 21],
      ['Organic Search', 14],
      ['Email', 7],
      ['Direct', 0],
    ] as const
  ).map(([channel, days]) => ({ channel, days, at: (called - days * DAY) as EpochMs, direct: channel === 'Direct' }));
  const [left, wide] = [190, WIDTH - 230];
  const step = wide / touches.length;
  return drawing(
    176 + 40 * MODELS.length,
    'A journey of four visits, and the credit that six models give each of them',
    [
      text(40, 38, 'Four visits, one call', 'font-weight="650" font-size="16"'),
      `<line x1="${left + step / 2}" y1="70" x2="${left + wide - step / 2}" y2="70" stroke="${LINE}" stroke-width="3"/>`,
      ...touches.flatMap(({ channel, days }, i) => {
        const x = left + step * (i + 0.5);
        return [
          `<circle cx="${x}" cy="70" r="10" fill="${COLOURS[i]}"/>`,
          text(x, 100, channel, 'text-anchor="middle" font-weight="600"'),
          text(
            x,
            118,
            days === 0 ? 'the day of the call' : `${days} days before`,
            `text-anchor="middle" fill="${SOFT}" font-size="12"`,
          ),
        ];
      }),
      ...MODELS.flatMap(([model, name], row) => {
        const y = 144 + 40 * row;
        let x = left;
        const bars = credits(model, touches as CreditTouch[], called).flatMap((credit, i) => {
          if (credit === 0) return [];
          const width = credit * wide;
          const bar = [
            box(x, y, Math.max(0, width - 2), 28, COLOURS[i] as string, 'rx="4"'),
            width > 34
              ? text(
                  x + width / 2,
                  y + 19,
                  `${Math.round(100 * credit)}%`,
                  `fill="${ON}" text-anchor="middle" font-weight="600" font-size="13"`,
                )
              : '',
          ];
          x += width;
          return bar;
        });
        return [text(40, y + 19, name), ...bars];
      }),
    ],
  );
}

export async function draw(folder: string): Promise<void> {
  await Promise.all([
    writeFile(join(folder, 'lent-number.svg'), lentNumber()),
    writeFile(join(folder, 'how-sure.svg'), howSure()),
    writeFile(join(folder, 'shared-credit.svg'), sharedCredit()),
  ]);
}

if (import.meta.main) await draw(join(import.meta.dirname, '../docs/pictures'));

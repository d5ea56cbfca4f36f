import type { E164 } from '@dialmark/shared';
import { printed, printingOf } from '../../packages/edge/src/phones/printed.ts';
import * as sample from '../../packages/snippet/src/core/sample-numbers.ts';
import { launchChromium } from '../../tools/browsers/chromium.ts';
import { PHONES } from '../../tools/phones.ts';
import { partsScript } from '../../tools/snippet-parts.ts';

/**
 * Measures finding and swapping as ratios to a bare TreeWalker that reads every text, in one run. Paragraphs of one
 * text each; `hits` of a hundred print the number. Usage: npm run bench:scan
 */
type Parts = typeof import('../../packages/snippet/src/page/swapper.ts') &
  typeof import('../../packages/snippet/src/core/forms.ts') &
  typeof import('../../packages/snippet/src/core/expression.ts') &
  typeof import('../../packages/snippet/src/page/text-runs.ts');
declare const parts: Parts;

const browser = await launchChromium();
const page = await browser.newPage();
await page.setContent('<body></body>');
await page.evaluate((await partsScript()).replace('var parts', 'window.parts'));

const rows = await page.evaluate(
  ([from, to]) => {
    const words = 'We repair roofs in the Bay Area since 1985 and answer within 24 hours, (see page 12).'.split(' ');
    const fill = (count: number, hits: number) => {
      const root = document.createElement('div');
      for (let at = 0; at < count; at++) {
        const number = at % 100 < hits ? ' (415) 555-0100' : '';
        const p = root.appendChild(document.createElement('p'));
        p.textContent = `Paragraph ${at} ${words.slice(at % 5).join(' ')}${number}`;
      }
      document.body.replaceChildren(root);
    };
    const bare = () => {
      const walker = document.createTreeWalker(document.body, 4);
      let length = 0;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) length += (node.nodeValue as string).length;
      return length;
    };
    // The clock ticks in tenths of a millisecond: short runs are repeated.
    const one = (run: () => unknown, times = 1) => {
      const start = performance.now();
      for (let at = 0; at < times; at++) run();
      return (performance.now() - start) / times;
    };
    // The quickest round is the one that nothing else on the machine disturbed.
    const best = (times: number[]) => Math.min(...times);
    const targets = [{ ...parts.formsOf(from), id: 'main' }];
    return [1_000, 10_000, 100_000, 500_000].map((count) => {
      const repeats = Math.max(1, 20_000 / count);
      const rounds = count > 100_000 ? 7 : 25;
      const times: Record<'bare' | 'texts' | 'scan' | 'again' | 'swap', number[]> = {
        bare: [],
        texts: [],
        scan: [],
        again: [],
        swap: [],
      };
      const { test } = parts.expressionOf(targets);
      fill(count, 0);
      const scanner = parts.createSwapper(targets);
      for (let round = 0; round < rounds; round++) {
        times.bare.push(one(bare, repeats));
        times.texts.push(
          one(
            () =>
              parts.eachRun(
                document.body,
                (node) => node.data,
                test,
                () => {},
              ),
            repeats,
          ),
        );
        times.scan.push(one(() => scanner.scan(document.body), repeats));
      }
      fill(count, 1);
      for (let round = 0; round < rounds; round++) {
        const swapper = parts.createSwapper(targets);
        swapper.show('main', parts.formsOf(to));
        times.swap.push(one(() => swapper.scan(document.body)));
        times.again.push(one(() => swapper.scan(document.body), repeats));
        swapper.restore();
      }
      const base = best(times.bare);
      return {
        texts: count,
        'bare walk, ms': +base.toFixed(3),
        'texts, no hit': +(best(times.texts) / base).toFixed(2),
        'with links and labels': +(best(times.scan) / base).toFixed(2),
        'swap of 1 %': +(best(times.swap) / base).toFixed(2),
        'scan of a swapped page': +(best(times.again) / base).toFixed(2),
      };
    });
  },
  [sample.US, sample.US_TRACKING] as const,
);
console.table(rows);

/** Texts that nearly match, over and over: where the time for a character grows with the text, the cost is not linear. */
const HOSTILE = {
  'a short number, then open brackets': ['131 114 call ', '('],
  'the number without its last digit': ['(415) 555-010 ', ''],
  'digits and dashes without end': ['1-', '4155550100'],
  'blanks between digits': ['4 1 5      ', ' '],
};
const hostile = await page.evaluate(
  ([forms, texts]) => {
    const { find } = parts.expressionOf(forms.map(([number, printing]) => parts.formsOf(number, printing)));
    const nanosecondsEach = (text: string, times: number) => {
      const runs = Array.from({ length: 5 }, () => {
        const start = performance.now();
        for (let at = 0; at < times; at++) find(text);
        return (performance.now() - start) / times;
      });
      return (Math.min(...runs) * 1e6) / text.length;
    };
    return Object.entries(texts).map(([name, [again, end]]) => {
      const [small, large] = [2_000, 80_000].map((count) =>
        nanosecondsEach((again as string).repeat(count) + (end as string).repeat(count), 80_000 / count),
      ) as [number, number];
      return {
        text: name,
        'ns a character': +large.toFixed(1),
        'of a text 40 times as long, x': +(large / small).toFixed(2),
      };
    });
  },
  [
    ['+14155550100', '+61131114'].map(
      (number) => [printed(PHONES, number), printingOf(PHONES, number as E164)] as const,
    ),
    HOSTILE,
  ] as const,
);
console.table(hostile);
await browser.close();

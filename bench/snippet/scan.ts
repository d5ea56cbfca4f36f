import * as sample from '../../packages/snippet/src/sample-numbers.ts';
import { launchChromium } from '../../test/browser/chromium.ts';
import { partsScript } from '../../test/browser/inside.ts';

/**
 * What finding and swapping cost, as ratios to a bare TreeWalker that reads every text, in one run. Paragraphs of one
 * text each; `hits` of a hundred print the number. Usage: node bench/snippet/scan.ts
 */
type Parts = typeof import('../../packages/snippet/src/swapper.ts') &
  typeof import('../../packages/snippet/src/forms.ts');
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
    const one = (run: () => unknown) => {
      const start = performance.now();
      run();
      return performance.now() - start;
    };
    const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1] as number;
    const targets = [{ ...parts.formsOf(from), id: 'main' }];
    return [1_000, 10_000, 100_000, 500_000].map((count) => {
      const rounds = count > 100_000 ? 7 : count > 1000 ? 25 : 200;
      const times: Record<'bare' | 'scan' | 'again' | 'swap', number[]> = { bare: [], scan: [], again: [], swap: [] };
      fill(count, 0);
      const scanner = parts.createSwapper(targets);
      for (let round = 0; round < rounds; round++) {
        times.bare.push(one(bare));
        times.scan.push(one(() => scanner.scan(document.body)));
      }
      fill(count, 1);
      for (let round = 0; round < rounds; round++) {
        const swapper = parts.createSwapper(targets);
        swapper.show('main', parts.formsOf(to));
        times.swap.push(one(() => swapper.scan(document.body)));
        times.again.push(one(() => swapper.scan(document.body)));
        swapper.restore();
      }
      const base = median(times.bare);
      return {
        texts: count,
        'bare walk, ms': +base.toFixed(3),
        'scan, no hit': +(median(times.scan) / base).toFixed(2),
        'swap of 1 %': +(median(times.swap) / base).toFixed(2),
        'scan of a swapped page': +(median(times.again) / base).toFixed(2),
      };
    });
  },
  [sample.US, sample.US_TRACKING] as const,
);
console.table(rows);
await browser.close();

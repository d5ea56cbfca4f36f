import type { Page } from 'playwright-core';
import { launchChromium } from '../../tools/browsers/chromium.ts';
import { servedScript, startEdgeDouble } from '../../tools/edge-double.ts';

/**
 * Measures the cost of the script for a page: insertions with and without it, main-thread time, layout shift, and when
 * the number stands there. Ratios to the same page without the script, in one run. Usage: npm run bench:page
 */
const edge = await startEdgeDouble();
const browser = await launchChromium();
const HEAD = '<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,">';
const paragraphs = Array.from({ length: 300 }, (_, at) => `<p>We have repaired roofs since 1985, street ${at}.</p>`);
const body = (printed: string) =>
  `<header>Call <a href="tel:+14155550100">${printed}</a></header>${paragraphs.join('')}<footer>${printed}</footer>`;
edge.pages.set('/bare', `${HEAD}</head><body>${body('(415) 555-0100')}</body></html>`);
edge.pages.set(
  '/with',
  `${HEAD}<script src="/s/acme.js"></script></head><body>${body('(415) 555-0100')}</body></html>`,
);

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] as number;

/** 10,000 small insertions in one task, then until the frame after it. */
async function insertions(page: Page, path: string): Promise<number> {
  await page.goto(edge.origin + path);
  await page.waitForTimeout(500);
  return page.evaluate(async () => {
    const list = document.body.appendChild(document.createElement('div'));
    const start = performance.now();
    for (let at = 0; at < 10_000; at++) list.appendChild(document.createElement('i')).textContent = `row ${at}`;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const took = performance.now() - start;
    list.remove();
    return took;
  });
}

/** Script time of loading, from the browser's own accounts, and what moved. */
async function load(page: Page, path: string) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.addInitScript(() => {
    Object.assign(window, { shift: 0, shown: Number.NaN });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        (window as unknown as { shift: number }).shift += (entry as never as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    document.addEventListener('dialmark:swap', () => {
      const scope = window as unknown as { shown: number };
      if (Number.isNaN(scope.shown)) scope.shown = performance.now();
    });
  });
  await page.goto(edge.origin + path);
  await page.waitForTimeout(400);
  const { metrics } = await session.send('Performance.getMetrics');
  const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  const seen = await page.evaluate(() => ({
    shift: (window as unknown as { shift: number }).shift,
    shown: (window as unknown as { shown: number }).shown,
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  }));
  return { task: seconds('TaskDuration') * 1000, script: seconds('ScriptDuration') * 1000, ...seen };
}

const times = { bare: [] as number[], with: [] as number[] };
for (let round = 0; round < 9; round++)
  for (const kind of ['bare', 'with'] as const) {
    const page = await browser.newPage();
    times[kind].push(await insertions(page, `/${kind}`));
    await page.close();
  }
console.log(
  `10,000 insertions: ${median(times.bare).toFixed(1)} ms bare, ${(median(times.with) / median(times.bare)).toFixed(2)} × with the script`,
);

const rows: Record<string, Awaited<ReturnType<typeof load>>[]> = {
  'without the script': [],
  'first page': [],
  'later page': [],
};
for (let round = 0; round < 9; round++) {
  const bare = await browser.newPage();
  rows['without the script']?.push(await load(bare, '/bare'));
  await bare.close();
  const context = await browser.newContext();
  for (const name of ['first page', 'later page']) {
    const page = await context.newPage();
    rows[name]?.push(await load(page, '/with'));
    await page.close();
  }
  await context.close();
}
console.table(
  Object.fromEntries(
    Object.entries(rows).map(([name, all]) => [
      name,
      {
        'main thread, ms': +median(all.map(({ task }) => task)).toFixed(1),
        'script, ms': +median(all.map(({ script }) => script)).toFixed(1),
        'layout shift': +Math.max(...all.map(({ shift }) => shift)).toFixed(4),
        'first paint, ms': +median(all.map(({ paint }) => paint)).toFixed(0),
        'number shown, ms': +median(all.map(({ shown }) => shown)).toFixed(0),
      },
    ]),
  ),
);
const { gzipSync, brotliCompressSync } = await import('node:zlib');
const script = servedScript(edge.config);
console.log(
  `served script: ${script.length} B, gzip ${gzipSync(script).length}, brotli ${brotliCompressSync(script).length}`,
);
await browser.close();
await edge.close();

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { animatedPng } from '../tools/animated-png.ts';
import { launchChromium } from '../tools/browsers/chromium.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** A picture of one colour. */
async function plain(colour: string, width = 40): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width, height: 30 } });
  await page.setContent(`<body style="background:${colour}">`);
  const png = await page.screenshot();
  await page.close();
  return png;
}

/** A browser's view: the colour and the time of each frame. */
async function seen(png: Buffer): Promise<[colour: string, ms: number][]> {
  const page = await browser.newPage();
  await page.route('https://pictures.test/', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto('https://pictures.test/');
  const frames = await page.evaluate(async (base64) => {
    const data = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: 'image/png' });
    await decoder.tracks.ready;
    const found: [string, number][] = [];
    for (let frameIndex = 0; frameIndex < (decoder.tracks.selectedTrack?.frameCount ?? 0); frameIndex++) {
      const { image } = await decoder.decode({ frameIndex });
      const context = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      found.push([[...context.getImageData(0, 0, 1, 1).data].join(' '), (image.duration ?? 0) / 1000]);
    }
    return found;
  }, png.toString('base64'));
  await page.close();
  return frames;
}

describe('animatedPng', () => {
  it('is what a browser plays: each picture for its time, in order', async () => {
    const png = animatedPng([
      { png: await plain('rgb(200, 0, 0)'), ms: 1500 },
      { png: await plain('rgb(0, 0, 200)'), ms: 700 },
    ]);
    expect(await seen(png)).toEqual([
      ['200 0 0 255', 1500],
      ['0 0 200 255', 700],
    ]);
  });

  it('refuses pictures of two sizes', async () => {
    const [small, large] = [await plain('red'), await plain('red', 50)];
    const frames = [small, large].map((png) => ({ png, ms: 1 }));
    expect(() => animatedPng(frames)).toThrow(RangeError);
  });
});

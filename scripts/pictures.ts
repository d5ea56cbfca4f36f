/** `npm run pictures`: the README's pictures, taken of the real thing. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchChromium } from '../test/browser/chromium.ts';
import { seedDemo } from './demo/seed.ts';
import { startLocal } from './local.ts';

const folder = join(import.meta.dirname, '../docs/pictures');
await mkdir(folder, { recursive: true });
// Kept to the port that `npm start` prints, so that the addresses in the pictures are those a reader will see.
const local = await startLocal({ port: 8787, adminToken: 'pictures', workerKey: 'pictures', demo: true });
await seedDemo(local.edge, 'pictures');
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });

await page.route('**/s/demo.js', (route) => route.abort());
await page.goto(`${local.edge}/demo/`);
await page.screenshot({ path: join(folder, 'demo-printed.png'), clip: { x: 0, y: 0, width: 1280, height: 480 } });
await page.unroute('**/s/demo.js');

await page.goto(`${local.edge}/demo/?arrive=google-ads`);
await page.waitForFunction(() => document.querySelector('.phone')?.textContent !== '(415) 555-0100');
await page.getByRole('button', { name: 'Place a test call' }).click();
await page.getByText('Paid Search').waitFor();
await page.screenshot({ path: join(folder, 'demo.png') });

await browser.close();
await local.stop();

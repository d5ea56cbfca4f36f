import { describe, expect, it } from 'vitest';
import { stage, TAG } from './browser.ts';

declare const dialmark: { consent(granted: boolean): void };

const BODY = '<p>415-555-0100</p>';
const TAGS = `${TAG}<script async src="/s/acme/ad-ids.js"></script>`;
/** What analytics and pixel have written on the page's host. */
const ANALYTICS = `document.cookie = '_ga=GA1.1.444.555'; document.cookie = '_ga_ABC123DEF4=GS2.1.s1764000000$o3$g1$t1764000100$j60$l0$h0';
  document.cookie = '_ga_OLD4567=GS1.1.1763000000.1.1.1763000100.0.0.0'; document.cookie = '_gat=1';`;
const PIXEL = `document.cookie = '_fbp=fb.1.1764000000000.1234567890'; document.cookie = '_fbc=fb.1.1764000000001.IwAR0_a-b';`;
const IDS = {
  gaClientId: 'GA1.1.444.555',
  gaSessions: { ABC123DEF4: '1764000000', OLD4567: '1763000000' },
  fbp: 'fb.1.1764000000000.1234567890',
  fbc: 'fb.1.1764000000001.IwAR0_a-b',
};

describe('the ids of analytics and ads', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);
  const told = () => at.edge.events('tag').map(({ data }) => data);

  it('are told once a visit', async () => {
    await at.open(`${TAGS}<script>${ANALYTICS}${PIXEL}</script>${BODY}`);
    await expect.poll(told).toEqual([IDS]);
    await at.page.reload();
    await shows('0132');
    await at.page.waitForTimeout(2500);
    expect(told()).toEqual([IDS]);
    expect(at.errors).toEqual([]);
  });

  it('are told when they come late, and before the page is left', async () => {
    await at.open(`${TAGS}<script>${ANALYTICS}</script>${BODY}`);
    await expect.poll(told).toHaveLength(1);
    await at.page.evaluate(PIXEL);
    await at.page.goto('about:blank');
    await expect.poll(told).toHaveLength(2);
    expect(told()[1]).toEqual(IDS);
  });

  it('are not told where there are none', async () => {
    await at.open(
      `${TAGS}<script>document.cookie = '_ga_=1; _ga_X=nonsense'; document.cookie = '=_ga'</script>${BODY}`,
    );
    await shows('0132');
    await at.page.waitForTimeout(2500);
    expect(told()).toEqual([]);
  });

  it('cost a page without cookies nothing', async () => {
    const blocked = `Object.defineProperty(document, 'cookie', { get() { throw new Error('no') }, set() { throw new Error('no') } })`;
    await at.open(`<script>${blocked}</script>${TAGS}${BODY}`);
    await shows('0132');
    await at.page.waitForTimeout(2500);
    expect(at.errors).toEqual([]);
  });

  it('wait for consent, and are not told after it is withdrawn', async () => {
    at.edge.config.consent = 'required';
    await at.open(`${TAGS}<script>${ANALYTICS}</script>${BODY}`);
    await at.page.waitForTimeout(300);
    expect(at.edge.requests).toEqual([]);
    await at.page.evaluate(() => dialmark.consent(true));
    await expect.poll(told).toHaveLength(1);
    await at.page.evaluate(() => dialmark.consent(false));
    await at.page.evaluate(PIXEL);
    await at.page.waitForTimeout(2500);
    expect(told()).toHaveLength(1);
    expect(await at.page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  });
});

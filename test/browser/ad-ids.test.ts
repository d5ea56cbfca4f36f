import { beforeEach, describe, expect, it } from 'vitest';
import { assignment, leased } from '../../tools/edge-double.ts';
import { stage, TAG } from './browser.ts';

declare const dialmark: { consent(granted: boolean): void };

const BODY = '<p>415-555-0100</p>';
/** Cookies that analytics and pixel have written on the page's host. */
const ANALYTICS = `document.cookie = '_ga=GA1.1.444.555'; document.cookie = '_ga_ABC123DEF4=GS2.1.s1764000000$o3$g1$t1764000100$j60$l0$h0';
  document.cookie = '_ga_OLD4567=GS1.1.1763000000.1.1.1763000100.0.0.0'; document.cookie = '_ga_UNUSED=GS1.1.1.1'; document.cookie = '_gat=1';`;
const PIXEL = `document.cookie = '_fbp=fb.1.1764000000000.1234567890'; document.cookie = '_fbc=fb.1.1764000000001.IwAR0_a-b';`;
const IDS = {
  _ga: 'GA1.1.444.555',
  _ga_ABC123DEF4: 'GS2.1.s1764000000',
  _ga_OLD4567: 'GS1.1.1763000000',
  _fbp: 'fb.1.1764000000000.1234567890',
  _fbc: 'fb.1.1764000000001.IwAR0_a-b',
};

describe('the ids of analytics and ads', () => {
  const at = stage();
  const shows = (text: string) => at.page.waitForFunction((text) => document.body.textContent?.includes(text), text);
  const told = () => at.edge.events('tag').map(({ data }) => data);
  /** Past the first look after the number is there. */
  const later = async () => {
    await at.settled();
    await at.page.clock.runFor(10_000);
    await at.settled();
  };
  beforeEach(async () => {
    at.edge.adCookies = Object.keys(IDS);
    await at.page.clock.install();
  });

  it('are told once a page, for their session’s part only, and no others', async () => {
    await at.open(`<script>${ANALYTICS}${PIXEL}</script>${BODY}`);
    await expect.poll(told).toEqual([IDS]);
    // Analytics counts on in the session's cookie.
    await at.page.evaluate("document.cookie = '_ga_ABC123DEF4=GS2.1.s1764000000$o3$g1$t1764000999$j1$l0$h0'");
    await later();
    expect(told()).toEqual([IDS]);
    expect(at.errors).toEqual([]);
  });

  it('are told only once the edge knows the visit', async () => {
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    at.edge.onLease = async (lease) => {
      await held;
      return leased(lease, assignment(0));
    };
    await at.open(`<script>${ANALYTICS}${PIXEL}</script>${BODY}`);
    await later();
    expect(told()).toEqual([]);
    answer();
    await expect.poll(told).toEqual([IDS]);
  });

  it('are told when they come late', async () => {
    await at.open(`<script>setTimeout(() => { ${ANALYTICS} }, 700)</script>${BODY}`);
    await expect.poll(told, { timeout: 5000 }).toHaveLength(1);
  });

  it('are told before the page is left', async () => {
    await at.open(`<script>${ANALYTICS}</script>${BODY}`);
    await expect.poll(told).toHaveLength(1);
    await at.page.evaluate(PIXEL);
    await at.page.goto('about:blank');
    await expect.poll(told).toHaveLength(2);
    expect(told()[1]).toEqual(IDS);
  });

  it('are told again to the visit that follows when this one has ended', async () => {
    at.edge.config.session = { timeoutSeconds: 1 };
    await at.open(`<script>${ANALYTICS}${PIXEL}</script>${BODY}`);
    await expect.poll(told).toHaveLength(1);
    await later();
    await at.page.mouse.click(1, 1);
    await shows('0133');
    await expect.poll(told).toEqual([IDS, IDS]);
    const [first, second] = at.edge.events('tag').map(({ session }) => session);
    expect(second).not.toBe(first);
    expect(second).toBe(at.edge.leases()[1]?.session);
  });

  it('are not told where there are none', async () => {
    await at.open(
      `<script>document.cookie = '_ga_ABC123DEF4='; document.cookie = '_ga_=1'; document.cookie = '=_ga'</script>${BODY}`,
    );
    await shows('0132');
    await later();
    expect(told()).toEqual([]);
  });

  it('are told by no script where no integration uses them', async () => {
    at.edge.adCookies = [];
    await at.open(`<script>${ANALYTICS}${PIXEL}</script>${BODY}`);
    await shows('0132');
    await later();
    expect(told()).toEqual([]);
  });

  it('cost a page without cookies nothing', async () => {
    const blocked = `Object.defineProperty(document, 'cookie', { get() { throw new Error('no') }, set() { throw new Error('no') } })`;
    await at.open(`<script>${blocked}</script>${TAG}${BODY}`);
    await shows('0132');
    await later();
    expect(told()).toEqual([]);
    expect(at.errors).toEqual([]);
  });

  it('are not even read before consent, nor told after it is withdrawn, until it is given again', async () => {
    at.edge.config.consent = 'required';
    const counted = `window.reads = 0; Object.defineProperty(document, 'cookie', {
      ...Object.getOwnPropertyDescriptor(Document.prototype, 'cookie'),
      get() { reads++; return Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').get.call(this); } })`;
    /** Counts reads of cookies when the page is hidden or shown. */
    const readsOnHiding = () =>
      at.page.evaluate('window.reads = 0; document.dispatchEvent(new Event("visibilitychange")); reads');
    await at.open(`<script>${ANALYTICS}${counted}</script>${BODY}`);
    await later();
    expect(await readsOnHiding()).toBe(0);
    expect(at.edge.requests).toEqual([]);

    await at.page.evaluate(() => dialmark.consent(true));
    await expect.poll(told).toHaveLength(1);
    expect(await readsOnHiding()).toBeGreaterThan(0);

    await at.page.evaluate(() => dialmark.consent(false));
    await at.page.evaluate(PIXEL);
    await later();
    expect(await readsOnHiding()).toBe(0);
    expect(told()).toHaveLength(1);

    await at.page.evaluate(() => dialmark.consent(true));
    await expect.poll(told).toHaveLength(2);
    expect(told()[1]).toEqual(IDS);
  });

  it('store nothing', async () => {
    await at.open(`<script>${ANALYTICS}${PIXEL}</script>${BODY}`);
    await expect.poll(told).toHaveLength(1);
    const stored = await at.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(stored).toContain('dialmark_acme');
    expect(stored).not.toMatch(/444\.555|1764000000|IwAR0/);
  });
});

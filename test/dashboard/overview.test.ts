import { expect, it } from 'vitest';
import { edge, logIn, testLayout, violations } from './dashboard.ts';

testLayout('overview', '#/acme/overview', (page) => page.getByRole('link', { name: 'Paid Search' }).first().waitFor());

it('tells the figures of the day at the pointer, and keeps today apart from whole days', async () => {
  const page = await logIn('#/acme/overview');
  const chart = page.getByRole('img', { name: /^Calls by day/ });
  const { width = 0, height = 0 } = (await chart.locator('.u-over').boundingBox()) ?? {};
  await chart.locator('.u-over').hover({ position: { x: width - 2, y: height / 2 } });
  await chart.getByText(/^Today so far: \d+$/).waitFor();
  expect(await chart.getByText(/^Calls: /).count()).toBe(0);
  await chart.locator('.u-over').hover({ position: { x: width / 2, y: height / 2 } });
  await chart.getByText(/^Calls: \d+$/).waitFor();
  await page.getByText(/Today isn’t included yet\.$/).waitFor();
  await page.getByRole('button', { name: /^Cost per call/ }).click();
  await page.getByText('Total cost divided by all calls').waitFor();
  expect(await violations(page)).toEqual([]);
});

it('lists as many calls as the overview counts, whatever link is followed', async () => {
  const page = await logIn('#/acme/overview');
  for (const title of ['Top channels', 'Top campaigns', 'Top keywords', 'Top landing pages']) {
    const rows = page.getByRole('region', { name: title }).getByRole('listitem');
    await rows.getByRole('link').first().waitFor();
    const links = await rows.filter({ has: page.getByRole('link') }).evaluateAll((items) =>
      items.map((item) => ({
        href: (item.querySelector('a') as HTMLAnchorElement).href,
        calls: Number(item.children[1]?.textContent?.split(/\s/)[0]),
      })),
    );
    expect(links.length).toBeGreaterThan(1);
    for (const { href, calls } of links) {
      await page.goto(href);
      await page.getByText(new RegExp(`^${calls} calls?, excluding spam`)).waitFor();
      expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(calls + 1));
    }
    await page.goto(`${edge}/app/#/acme/overview`);
  }
});

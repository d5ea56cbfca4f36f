import type { E164 } from '@dialmark/shared';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printed, printingOf } from '../../packages/edge/src/phones/printed.ts';
import * as sample from '../../packages/snippet/src/core/sample-numbers.ts';
import { launchChromium } from '../../tools/browsers/chromium.ts';
import { PHONES } from '../../tools/phones.ts';
import { partsScript } from '../../tools/snippet-parts.ts';

type Parts = typeof import('../../packages/snippet/src/page/swapper.ts') &
  typeof import('../../packages/snippet/src/core/forms.ts');
declare const parts: Parts;
declare global {
  var swapper: ReturnType<Parts['createSwapper']>;
  var clock: number;
}

const short = (number: string) => ({ ...printed(PHONES, number), printing: printingOf(PHONES, number as E164) });
const LIFELINE = short('+61131114');
const OTHER = short('+61139988');

describe('swapping in a page', () => {
  // One page for all: each case fills it again.
  const at = {} as { browser: Browser; page: Page };
  beforeAll(async () => {
    at.browser = await launchChromium();
    at.page = await at.browser.newPage();
    await at.page.evaluate((await partsScript()).replace('var parts', 'window.parts'));
    // The page's clock is the tests'.
    await at.page.evaluate(() => {
      globalThis.clock = 0;
      performance.now = () => clock;
    });
  });
  afterAll(() => at.browser.close());

  /** Fills the page, swaps `from` for `to`, and gives the markup. */
  const fill = (html: string, from = sample.US, to = sample.US_TRACKING, links?: object) =>
    at.page.evaluate(
      ([html, from, to, links]) => {
        document.body.innerHTML = html;
        globalThis.swapper = parts.createSwapper([{ ...parts.formsOf(from), id: 'main', ...(links && { links }) }]);
        swapper.show('main', parts.formsOf(to));
        swapper.scan(document);
        return document.body.innerHTML;
      },
      [html, from, to, links] as const,
    );
  const restored = () =>
    at.page.evaluate(() => {
      swapper.restore();
      return document.body.innerHTML;
    });
  const text = () => at.page.textContent('body');

  it.each([
    ['<span>+1(415)</span> 555-0100', '<span>+1(628)</span> 555-0132'],
    ['<b>415</b>-555-<i>01</i>00', '<b>628</b>-555-<i>01</i>32'],
    ['415<!-- -->-555-<!-- -->0100', '628<!-- -->-555-<!-- -->0132'],
    ['<span>(</span>415<span>)</span> 555-0100', '<span>(</span>628<span>)</span> 555-0132'],
    ['<p>Since 2024</p><p>415-555-0100</p>', '<p>Since 2024</p><p>628-555-0132</p>'],
    ['<p>Since 2024</p>\n<p>415-555-0100</p>', '<p>Since 2024</p>\n<p>628-555-0132</p>'],
    [
      '<button aria-label="Call (415) 555-0100" title="415.555.0100"></button>',
      '<button aria-label="Call (628) 555-0132" title="628.555.0132"></button>',
    ],
    ['<img alt="Phone 415 555 0100">', '<img alt="Phone 628 555 0132">'],
    ['<p hidden="">415-555-0100</p>', '<p hidden="">628-555-0132</p>'],
    ['<div style="display: none"><b>415</b>-555-0100</div>', '<div style="display: none"><b>628</b>-555-0132</div>'],
    ['<svg><text>415-555-0100</text></svg>', '<svg><text>628-555-0132</text></svg>'],
    ['<a href="TEL:415-555-0100"><i></i></a>', '<a href="TEL:628-555-0132"><i></i></a>'],
    [
      '<a data-dialmark="main" href="/contact">Call us</a>',
      '<a data-dialmark="main" href="tel:+16285550132">(628) 555-0132</a>',
    ],
    [
      '<span data-dialmark="main" data-dialmark-format="international">x</span>',
      '<span data-dialmark="main" data-dialmark-format="international">+1 628-555-0132</span>',
    ],
    [
      '<span data-dialmark="main" data-dialmark-format="e164">x</span>',
      '<span data-dialmark="main" data-dialmark-format="e164">+16285550132</span>',
    ],
    [
      '<a data-dialmark="main"><svg></svg> Call <b>us</b></a>',
      '<a data-dialmark="main" href="tel:+16285550132"><svg></svg>(628) 555-0132<b></b></a>',
    ],
    [
      '<a href="tel:+14155550100">(415) 555-0100</a><a href="/book">Book now</a>',
      '<a href="tel:+16285550132">(628) 555-0132</a><a href="/book">Book now</a>',
    ],
    ['<span>4.9</span><span>415-555-0100</span>', '<span>4.9</span><span>628-555-0132</span>'],
    [
      '415-555-0100 <span data-dialmark-ignore="">415-555-0100</span>',
      '628-555-0132 <span data-dialmark-ignore="">415-555-0100</span>',
    ],
    ['<b>Call</b>415-555-0100<i>now</i>', '<b>Call</b>628-555-0132<i>now</i>'],
    ['415-555-0100<sup>1</sup>', '628-555-0132<sup>1</sup>'],
    ['4155550100<sup>1</sup>', '6285550132<sup>1</sup>'],
    ['4155550100<sup><a href="#n">1</a></sup>', '6285550132<sup><a href="#n">1</a></sup>'],
    ['415-555-0100<sup>a</sup>', '628-555-0132<sup>a</sup>'],
    ['<sup>415<b>555</b>0100</sup>', '<sup>628<b>555</b>0132</sup>'],
    [
      '<svg><a xlink:href="tel:+14155550100"><text>415-555-0100</text></a></svg>',
      '<svg><a xlink:href="tel:+16285550132"><text>628-555-0132</text></a></svg>',
    ],
    ['<p>415-555-0100 / 24.12.2024</p>', '<p>628-555-0132 / 24.12.2024</p>'],
    ['<p>415-555-0100 / 24/7</p>', '<p>628-555-0132 / 24/7</p>'],
    ['<p>415-555-0100, 0 times</p>', '<p>628-555-0132, 0 times</p>'],
    ['<p>415-555-0100 / 0 fees</p>', '<p>628-555-0132 / 0 fees</p>'],
    ['<p>415-555-0100 / 415-555-0101</p>', '<p>628-555-0132 / 415-555-0101</p>'],
    ['<p>415-555-0100 / Fax</p>', '<p>628-555-0132 / Fax</p>'],
    ['<p>415-555-0100, 7 days a week</p>', '<p>628-555-0132, 7 days a week</p>'],
    ['<p>415-555-0100, 94103 San Francisco</p>', '<p>628-555-0132, 94103 San Francisco</p>'],
    ['<p>415-555-0100 or 24 hours by mail</p>', '<p>628-555-0132 or 24 hours by mail</p>'],
    ['<span data-dialmark="main"></span>', '<span data-dialmark="main">(628) 555-0132</span>'],
    ['<span data-dialmark="sales">415-555-0100</span>', '<span data-dialmark="sales">628-555-0132</span>'],
  ])('%s', async (before, after) => {
    expect(await fill(before)).toBe(after);
    expect(await restored()).toBe(before);
  });

  it.each([
    '<p>415</p><p>555-0100</p>',
    '415<br>555-0100',
    '415<img>555-0100',
    '415<hr>555-0100',
    '415<span hidden="">9</span>555-0100',
    '<table><tbody><tr><td>415</td><td>555</td><td>0100</td></tr></tbody></table>',
    '<ul><li>415</li><li>5550100</li></ul>',
    '<p>415-555-0100 / 0101</p>',
    '<p>415-555-0100/01</p>',
    '<p>415-555-0100 /-02</p>',
    '<p>415-555-0100 or 0101</p>',
    '<p>415-555-0100 bis 02</p>',
    '<p>415-555-0100, 0101 office</p>',
    '<p>415-555-0100 / 0</p>',
    '<p>415-555-0100 – 0109</p>',
    '<p>415-555-0100–0109</p>',
    '<p>415-555-0100 / 0101 / 0102</p>',
    '<p>415-555-0100 / 555-0101</p>',
    '<b>415-555-0100</b> / 0101',
    '<b>+52</b> 415-555-0100',
    '415-555-<span data-dialmark-ignore="">0100</span>',
    '<a href="https://wa.me/message/4155550100">x</a>',
    '<a href="https://wa.me/4155550100">x</a>',
    '<b>20</b>4155550100',
    '4155550100<b>20</b>',
    '<script type="application/ld+json">{"telephone":"+1 415 555 0100"}</script>',
    '<style>.a::after{content:"415-555-0100"}</style>',
    '<textarea>415-555-0100</textarea>',
    '<input value="415-555-0100" title="415-555-0100">',
    '<select><option>415-555-0100</option></select>',
    '<noscript>415-555-0100</noscript>',
    '<template>415-555-0100</template>',
    '<div contenteditable="true"><p>415-555-0100 <a href="tel:4155550100">415-555-0100</a></p></div>',
    '<div data-dialmark-ignore=""><p title="415-555-0100">415-555-0100</p></div>',
    '<p data-phone="415-555-0100" class="x-415-555-0100" id="4155550100"></p>',
    '<svg><title>415-555-0100</title></svg>',
    '<a href="https://shop.example/4155550100?tel:4155550100">x</a>',
  ])('leaves alone %s', async (html) => {
    expect(await fill(html)).toBe(html);
  });

  it.each([
    ['<a href="tel:131114">131114</a>', '<a href="tel:139988">139988</a>'],
    ['<a href="tel:131114"><b>Lifeline 131114</b> </a>', '<a href="tel:139988"><b>Lifeline 139988</b> </a>'],
    [
      '<svg><a xlink:href="tel:131114"><text>x 131114</text></a></svg>',
      '<svg><a xlink:href="tel:139988"><text>x 139988</text></a></svg>',
    ],
    ['<p><b>Call</b> <i>131114</i> now</p>', '<p><b>Call</b> <i>139988</i> now</p>'],
    ['<p><b>Tel.:</b> <span>131114</span></p>', '<p><b>Tel.:</b> <span>139988</span></p>'],
    ['<li><span>131114</span></li>', '<li><span>139988</span></li>'],
  ])('reads a short number by what stands around it: %s', async (before, after) => {
    expect(await fill(before, LIFELINE, OTHER)).toBe(after);
    expect(await restored()).toBe(before);
  });

  it.each([
    '<a href="/orders/131114">131114 sold</a>',
    '<p><b>Order</b> <i>131114</i></p>',
    '<p>Call us.</p><p>Order 131114</p>',
    '<div><p>Phone</p><p>131114 sold</p></div>',
    '<p><i>131</i> <i>114</i> likes</p>',
  ])('leaves a short number alone that nothing calls one: %s', async (html) => {
    expect(await fill(html, LIFELINE, OTHER)).toBe(html);
  });

  it('leaves links for messages alone unless the target switches them on', async () => {
    const [sms, whatsapp] = ['<a href="sms:+14155550100?body=hi">x</a>', '<a href="https://wa.me/14155550100">x</a>'];
    const swapped = ['<a href="sms:+16285550132?body=hi">x</a>', '<a href="https://wa.me/16285550132">x</a>'];
    const withLinks = (links?: object) => fill(sms + whatsapp, sample.US, sample.US_TRACKING, links);
    expect(await withLinks()).toBe(sms + whatsapp);
    expect(await withLinks({ sms: false, whatsapp: false })).toBe(sms + whatsapp);
    expect(await withLinks({ sms: true })).toBe(swapped[0] + whatsapp);
    expect(await withLinks({ whatsapp: true })).toBe(sms + swapped[1]);
    expect(await withLinks({ sms: true, whatsapp: true })).toBe(swapped.join(''));
    expect(await restored()).toBe(sms + whatsapp);
  });

  it('puts a number of another length into the first part of a split one', async () => {
    const html = '<b>0351</b> 655<i>772</i>';
    expect(await fill(html, sample.DE, sample.DE_TRACKING)).toBe('<b>0351 4188999</b><i></i>');
    expect(await restored()).toBe(html);
  });

  it('takes vanity letters from a part of their own', async () => {
    expect(await fill('1-800-<b>FLOWERS</b>', sample.US_VANITY)).toBe('(628) 555-0132<b></b>');
  });

  it('restores one half when the page rewrites the other', async () => {
    await fill('<b>415</b>-555-<i>0100</i>');
    await at.page.evaluate(() => {
      (document.querySelector('i')?.firstChild as Text).data = '9999';
      swapper.scan(document);
    });
    expect(await text()).toBe('415-555-9999');
  });

  it('changes nothing when it looks again', async () => {
    const html = '<p>415-555-0100</p><a href="tel:4155550100" title="4155550100">(415) 555-0100</a>';
    const before = await fill(html);
    expect(await at.page.evaluate(() => swapper.scan(document))).toBe(0);
    expect(await at.page.innerHTML('body')).toBe(before);
  });

  it('shows another number when the lease changes, and the printed one when it ends', async () => {
    await fill('<p>415-555-0100</p>');
    const show = (number: typeof sample.GB | null) =>
      at.page.evaluate((number) => {
        swapper.show('main', number && parts.formsOf(number));
        return swapper.scan(document);
      }, number);
    expect(await show(sample.GB)).toBe(1);
    expect(await text()).toBe('+44 20 7946 0958');
    await show(null);
    expect(await text()).toBe('415-555-0100');
  });

  it('knows copies that the page made of swapped text and links', async () => {
    await fill('<p>Call <a href="tel:4155550100">415-555-0100</a></p>');
    await at.page.evaluate((number) => {
      document.body.innerHTML += '<i>more</i>';
      document.body.append(document.querySelector('p')?.cloneNode(true) as Node);
      swapper.show('main', parts.formsOf(number));
      swapper.scan(document);
    }, sample.GB);
    expect(await at.page.innerHTML('body')).toBe(
      '<p>Call <a href="tel:+442079460958">+44 20 7946 0958</a></p><i>more</i><p>Call <a href="tel:+442079460958">+44 20 7946 0958</a></p>',
    );
  });

  it('keeps what the page wrote since when it restores', async () => {
    await fill('<p>415-555-0100</p><p>415-555-0100</p>');
    await at.page.evaluate(() => {
      (document.querySelector('p') as Element).textContent = 'closed';
    });
    expect(await restored()).toBe('<p>closed</p><p>415-555-0100</p>');
  });

  it('restores nodes that are not on the page at the moment', async () => {
    await fill('<p>415-555-0100</p>');
    const html = await at.page.evaluate(() => {
      const p = document.querySelector('p') as Element;
      p.remove();
      swapper.restore();
      return p.outerHTML;
    });
    expect(html).toBe('<p>415-555-0100</p>');
  });

  /** Only the speed of the writes reveals a fight. */
  const writesBack = (milliseconds: readonly number[], last = '415-555-0100') =>
    at.page.evaluate(
      ([milliseconds, last]) => {
        const node = document.querySelector('p')?.firstChild as Text;
        return milliseconds.map((pause, round) => {
          clock += pause;
          node.data = round === milliseconds.length - 1 ? last : '415-555-0100';
          swapper.scan(document);
          return node.data;
        });
      },
      [milliseconds, last] as const,
    );

  it('gives up after five rounds on a text that the page writes back, and goes on when it writes something new', async () => {
    await fill('<p>415-555-0100</p>');
    const rounds = await writesBack(Array(8).fill(0), 'now 415-555-0100');
    expect(rounds).toEqual([...Array(5).fill('628-555-0132'), '415-555-0100', '415-555-0100', 'now 628-555-0132']);
  });

  it('swaps a text that the page sets again at its own pace as often as it does, and recovers from a fight', async () => {
    await fill('<p>415-555-0100</p>');
    const shown = await writesBack([...Array(12).fill(40), ...Array(8).fill(0), 300]);
    expect(shown.slice(0, 12)).toEqual(Array(12).fill('628-555-0132'));
    expect(shown.slice(-2)).toEqual(['415-555-0100', '628-555-0132']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../core/forms.ts';
import { US, US_TRACKING } from '../core/sample-numbers.ts';
import { createSwapper } from './swapper.ts';

const digits = (text: string) => text.replace(/\D/g, '');

/** A number with any punctuation that pages use between its digits. */
const gap = fc.constantFrom(
  '',
  '',
  '',
  ' ',
  '-',
  '.',
  '/',
  ') ',
  ' (',
  '\u00a0',
  '\u2009',
  '\u2011',
  '\u2013',
  '\u2212',
  ' - ',
  '\n  ',
);
const printed = fc
  .tuple(fc.constantFrom('', '+1', '1', '001', '+ 1', '(+1)'), fc.array(gap, { minLength: 10, maxLength: 10 }))
  .map(([code, gaps]) => code + [...'4155550100'].map((digit, at) => (at || code ? gaps[at] : '') + digit).join(''));

/** Text that may surround it without being part of it. */
const before = fc.constantFrom(
  '',
  ' ',
  'Call ',
  'Tel.',
  'Tel:',
  ', ',
  'Open 24/7 ',
  'Since 1991 ',
  '\u96fb\u8a71',
  '\u2022 ',
);
const after = fc.constantFrom('', ' ', ' today', '.', ', ', '!', ' ext. 12', 'x12', ' 24/7', '\u307e\u3067', ' \u2022');

/** The same text over several inline elements, cut anywhere. */
function split(text: string, cuts: readonly number[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const at = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b);
  at.slice(1).forEach((end, index) => {
    const piece = document.createTextNode(text.slice(at[index], end));
    if (index % 2) fragment.appendChild(document.createElement('b')).append(piece);
    else fragment.append(piece);
  });
  return fragment;
}

describe('any number, printed in any way and split anywhere', () => {
  const cases = fc.record({
    before,
    number: printed,
    after,
    cuts: fc.array(fc.nat(60), { maxLength: 5 }),
  });

  it('is swapped without anything else changing, and comes back byte for byte', () => {
    fc.assert(
      fc.property(cases, ({ before, number, after, cuts }) => {
        const p = document.createElement('p');
        const inNumber = cuts.map((cut) => before.length + (cut % number.length));
        p.append(split(before + number + after, inNumber));
        document.body.replaceChildren(p);
        const html = p.innerHTML;
        const swapper = createSwapper([{ ...formsOf(US), id: 'main' }]);
        swapper.show('main', formsOf(US_TRACKING));
        swapper.scan(document.body);
        const text = p.textContent as string;
        expect(text.startsWith(before) && text.endsWith(after)).toBe(true);
        const now = text.slice(before.length, text.length - after.length);
        expect(now.replace(/\d/g, '0')).toBe(number.replace(/\d/g, '0'));
        expect(digits(now)).toBe(digits(number).replace('4155550100', '6285550132'));
        expect(p.innerHTML.replace(/\d/g, '0')).toBe(html.replace(/\d/g, '0'));
        swapper.restore();
        expect(p.innerHTML).toBe(html);
      }),
      { numRuns: 500 },
    );
  });

  it('is left alone where it is part of something longer', () => {
    const glue = fc.constantFrom('7', 'x', '_', '+52 ', '0.', '12-', '0052 ');
    fc.assert(
      fc.property(
        glue,
        printed.filter((number) => /^4/.test(number)),
        (before, number) => {
          document.body.replaceChildren(before + number);
          const swapper = createSwapper([{ ...formsOf(US), id: 'main' }]);
          swapper.show('main', formsOf(US_TRACKING));
          expect(swapper.scan(document.body)).toBe(0);
          expect(document.body.textContent).toBe(before + number);
        },
      ),
    );
  });

  it('in text of any kind never throws, and restores it', () => {
    const noise = fc.array(fc.constantFrom(...'0123456789 +-().,/x\u00a0\uff14', '415', '5550100', '4155550100'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(noise, fc.array(fc.nat(60)), (pieces, cuts) => {
        const p = document.createElement('p');
        p.append(split(pieces.join(''), cuts));
        document.body.replaceChildren(p);
        const html = p.innerHTML;
        const swapper = createSwapper([{ ...formsOf(US), id: 'main' }]);
        swapper.show('main', formsOf(US_TRACKING));
        swapper.scan(document.body);
        expect(swapper.scan(document.body)).toBe(0);
        swapper.restore();
        expect(p.innerHTML).toBe(html);
      }),
      { numRuns: 500 },
    );
  });
});

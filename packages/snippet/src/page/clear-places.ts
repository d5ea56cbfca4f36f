import { formatLike } from '../core/format-like.ts';
import type { Running } from '../running.ts';
import { COMING, CONTAINERS, PERHAPS } from './frameworks.ts';
import { IGNORED } from './ignored.ts';
import type { SwapTarget } from './targets.ts';
import { originalOf, type Traced } from './trace.ts';

/** Characters allowed between two digits. */
const GAP = '[\\s()/.\\u2010-\\u2015-]{0,5}';
/** Significant digits up to which a number may be a date, or has to be called a telephone number. */
const SHORT = 8;

const digits = (text: string) => [...text].join(GAP);

/** A whole text: what is ahead of the number, the number, what is behind. No digits but the number's, nothing glued to it. */
function clearly({ countryCode, trunk, variants }: SwapTarget): RegExp {
  const code = countryCode && `(?:(?:(?:\\+|00|011)${GAP})?${digits(countryCode)}${GAP})?`;
  const zero = trunk && `(?:${digits(trunk)}${GAP})?`;
  return new RegExp(
    `^([^\\p{N}+]*?[^\\p{LC}\\p{N}_@#=+\\p{Sc}]|)([([]?${code}${zero}[([]?${digits(variants[0] as string)})([^\\p{LC}\\p{N}_@%\\p{Sc}][^\\p{N}%\\p{Sc}]*|)$`,
    'u',
  );
}

/**
 * Swaps what leaves nothing to judge: a long number that is all the digits of its block, and `tel:` links that dial a
 * number and nothing else. What is less clear, what stands in a link that is, and what a framework may still come to,
 * waits for the rest of the script.
 */
export function createClearScan(running: Running): (root: Node) => void {
  const { hydration, lease } = running.options;
  const clear = running.targets.targets.flatMap((target) =>
    (target.variants[0] as string).length > SHORT ? [[target, clearly(target)] as const] : [],
  );

  /** Returns whether it was the rest's no more: whether a number was found, and may be swapped. */
  function swap(node: Text | Attr, element: Element, scheme: string, may: () => boolean): boolean {
    const original = originalOf(node, running.key) as string;
    for (const [target, whole] of clear) {
      const [, ahead, number, behind] = whole.exec(original.slice(scheme.length)) ?? [];
      // A decimal may be an amount.
      if (!number || /^[\d\s]*\.\d+$/.test(number) || element.closest(`${IGNORED},[data-dialmark]`) || !may()) continue;
      if (lease !== 'visible') running.seen.add(target.id);
      const from = node.nodeValue as string;
      const to = target.shown
        ? scheme + ahead + formatLike(number, number.replace(/\D/g, ''), target, target.shown, !!scheme) + behind
        : from;
      if (to !== from) {
        (node as Traced)[running.key] = { original, written: to };
        running.touchedNodes.push(node as Traced);
        node.nodeValue = to;
        running.announce('swap', { target: target.id, node, from, to });
      }
      return true;
    }
    return false;
  }

  function inLink(link: Element | null): boolean {
    const href = link?.getAttributeNode?.('href');
    return (
      !href ||
      !/^\s*(?!http)\w+:|wa\.me|whatsapp/i.test(href.value) ||
      (/^tel:/.test(href.value) && swap(href, link as Element, 'tel:', () => true))
    );
  }

  function inText(text: Text): void {
    const element = text.parentElement;
    if (!element || !/\d\d/.test(text.data)) return;
    swap(text, element, '', () => {
      const block = element.closest('p,li,td,div,h1,h2,h3');
      return (
        !!block &&
        !/[\p{N}+(]/u.test((block.textContent as string).replace(text.data, '')) &&
        inLink(element.closest('a')) &&
        (hydration === 'now' ||
          (running.blocked && document.readyState === 'complete') ||
          !(
            hydration ||
            document.querySelector(COMING) ||
            element.closest(CONTAINERS + (document.readyState === 'loading' ? PERHAPS : ''))
          ))
      );
    });
  }

  return (root) => {
    inLink(root as Element);
    for (const link of (root as Element).querySelectorAll?.('a') ?? []) inLink(link);
    const walker = document.createTreeWalker(root, 4);
    for (let node = root.nodeType === 3 ? root : walker.nextNode(); node; node = walker.nextNode())
      inText(node as Text);
  };
}

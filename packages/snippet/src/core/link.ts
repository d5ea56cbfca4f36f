import type { Expression } from './expression.ts';
import type { Forms } from './forms.ts';
import { render } from './render.ts';

/** Scheme or address before the number, the number, and whatever follows: `;ext=`, `,,12`, `?body=`, `&text=`. */
const PARTS =
  /^(\s*(?:(?:tel|callto|(sms)(?:to)?):|((?:(?:https?:)?\/\/)?(?:www\.)?(?:(?:(?:api|web)\.)?whatsapp(?:\.com|:\/)\/send\/?\?(?:[^#]*&)?phone=|wa\.me\/))))((?:(?!%(?:2c|3b|23))[^?&;,#])*)(.*)$/is;

/** Characters at which dialing pauses before the digits of an extension. */
const PAUSE = /[pw](?=[\dpw*]+$)/i;

/** A number in a link. */
export interface LinkFound<Number> {
  number: Number;
  /** The link kinds that write to a number instead of calling it. */
  kind: 'sms' | 'whatsapp' | undefined;
  /** The link for another number. */
  to(other: Forms): string;
}

/** Finds the number that a link dials or writes to; undefined where it is none of ours. */
export function findInLink<Number extends Forms>(
  href: string,
  expression: Expression<Number>,
): LinkFound<Number> | undefined {
  const [, scheme = '', sms, web, raw = '', rest = ''] = PARTS.exec(href) ?? [];
  // wa.me takes the digits of the international form alone: https://faq.whatsapp.com/5913398998672934
  const printed = web ? decoded(raw).replace(/^\s*\+?/, '+') : decoded(raw);
  const find = (text: string) => expression.find(text, () => ['', '', true])[0];
  // Letters may spell a part of the number as well.
  const found = find(printed) ?? find(printed.replace(PAUSE, ' '));
  if (!found) return;
  const { number, start, end } = found;
  // Other addresses there hold codes: wa.me/message/…, wa.me/c/…
  if (web && end - start < printed.length) return;
  const kind = web ? 'whatsapp' : sms ? 'sms' : undefined;
  return {
    number,
    kind,
    to(other) {
      if (other.number === number.number) return href;
      const written = render(printed.slice(start, end), number, other, true);
      const all = printed.slice(0, start) + written + printed.slice(end);
      return scheme + (web ? written.replace(/\D/g, '') : printed === raw ? all : encodeURI(all)) + rest;
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

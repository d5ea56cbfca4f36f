/** Writes the small XML documents that carriers are answered with. */

type Attributes = Record<string, string | number | boolean | null | undefined>;

/** Markup that is already escaped; made by `element` only, so that raw text cannot pass for it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Returns an element. Attributes that are null or undefined are left out; children are elements or text, null is skipped.
 *
 * @example element('Say', { language: 'en-US' }, 'Fish & chips') // <Say language="en-US">Fish &amp; chips</Say>
 */
export function element(name: string, attributes: Attributes, ...children: (Markup | string | null)[]): Markup {
  const attributeText = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  const content = children
    .map((child) => (child === null ? '' : child instanceof Markup ? child.text : escapeXml(child)))
    .join('');
  return new Markup(content === '' ? `<${name}${attributeText}/>` : `<${name}${attributeText}>${content}</${name}>`);
}

/** Returns a whole document. */
export function xmlDocument(root: Markup): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${root.text}`;
}

// Characters that XML 1.0 (section 2.2) cannot express even escaped, and lone surrogates.
const UNWRITABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text made safe for both content and attribute values. */
export function escapeXml(text: string): string {
  return text.replace(UNWRITABLE, '').replace(/[&<>"'\t\n\r]/g, (char) => ESCAPES[char] ?? char);
}

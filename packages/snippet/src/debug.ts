import type { Shown } from './api.ts';
import type { PrintedNumber } from './core/contract.ts';
import { type Place, placesBy } from './page/places.ts';
import type { Internals } from './rest.script.ts';
import type { GlobalDialmark } from './script.ts';

type Debugged = GlobalDialmark & { internals: Internals };

/**
 * The overlay of `?dialmark=debug`, and the preview of `?dialmark=preview:+1…`. Loaded on demand, never with the script
 * itself. It stands in a closed shadow root, so that neither the page nor Dialmark touches it.
 */
const STYLE = `
:host { all: initial; position: fixed; inset: auto 12px 12px auto; z-index: 2147483647; width: min(440px, calc(100vw - 24px));
  max-height: min(70vh, 640px); overflow: auto; font: 13px/1.45 system-ui, sans-serif; color: #16202c; background: #fff;
  border: 1px solid #c9d2dc; border-radius: 10px; box-shadow: 0 8px 32px #0003; }
header { position: sticky; top: 0; display: flex; gap: 8px; align-items: center; padding: 10px 14px; background: #12324f; color: #fff; }
header b { flex: 1; font-weight: 600; }
button { font: inherit; color: inherit; background: #fff2; border: 1px solid #fff6; border-radius: 6px; padding: 2px 10px; cursor: pointer; }
section { padding: 10px 14px; border-top: 1px solid #e6ebf0; }
h2 { margin: 0 0 4px; font: 600 12px/1.4 system-ui, sans-serif; text-transform: uppercase; letter-spacing: .04em; color: #51657a; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 0; }
dt { color: #51657a; } dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0; padding: 0; list-style: none; } li { padding: 3px 0; overflow-wrap: anywhere; }
code { font: 12px ui-monospace, monospace; background: #f0f3f6; border-radius: 4px; padding: 0 4px; }
.swap { color: #0a6b3b; } .left { color: #8a5a00; } .warn { color: #a11; }
@media (prefers-color-scheme: dark) { :host { color: #e8eef4; background: #17212b; border-color: #33424f; } section { border-color: #2a3742; }
  h2, dt { color: #9db0c2; } code { background: #263340; } .swap { color: #5fd39a; } .left { color: #e5b567; } .warn { color: #ff8a8a; } }
`;

type Child = Node | string;

function element(name: string, className: string, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function section(title: string, ...children: Child[]): HTMLElement {
  return element('section', '', element('h2', '', title), ...children);
}

function facts(rows: Record<string, string | null | undefined>): HTMLElement {
  const list = element('dl', '');
  for (const [name, value] of Object.entries(rows))
    list.append(element('dt', '', name), element('dd', '', value || 'none'));
  return list;
}

function list(rows: HTMLElement[], empty: string): HTMLElement {
  return rows.length ? element('ul', '', ...rows) : element('div', '', empty);
}

/** A short way to an element that a person finds it by. */
function pathTo(node: Node | undefined): string {
  let at = node instanceof Attr ? node.ownerElement : (node?.parentElement ?? null);
  const steps: string[] = [];
  for (; at && steps.length < 4; at = at.parentElement) {
    steps.unshift(at.localName + (at.id ? `#${at.id}` : ''));
    if (at.id) break;
  }
  return steps.join(' > ');
}

/** Returns findings that explain why numbers are not swapped, or are swapped by something else as well. */
function warnings(dialmark: Debugged, places: readonly Place[]): string[] {
  const scope = window as unknown as Record<string, unknown>;
  const found: string[] = [];
  if ('_googWcmGet' in scope || document.querySelector('script[src*="gstatic.com/wcm"],script[src*="/wcm/loader"]'))
    found.push(
      'Google’s own number swapping (website call conversions) is on this page: the two will overwrite each other.',
    );
  if ('CallTrk' in scope || 'Invoca' in scope || '__ctm' in scope)
    found.push('Another call tracking script is on this page.');
  const { site } = dialmark.config;
  const tags = document.querySelectorAll(`script[src*="/s/${site}"]:not([src*="/s/${site}/"])`);
  if (tags.length > 1) found.push(`The script is on this page ${tags.length} times. Once is enough.`);
  const known = dialmark.config.targets.map(({ id }) => id);
  for (const named of document.querySelectorAll('[data-dialmark]')) {
    const id = named.getAttribute('data-dialmark') as string;
    if (!known.includes(id)) found.push(`data-dialmark="${id}" names an unknown target. Targets: ${known.join(', ')}.`);
  }
  if (!places.some(({ leftAlone }) => !leftAlone))
    found.push('None of the site’s numbers is on this page, so no tracking number was requested.');
  if (!navigator.cookieEnabled) found.push('Cookies are blocked, so each page counts as a new visit.');
  return found;
}

/** The page as it is printed: numbers that are shown now count as the targets they replace. */
function placesNow(dialmark: Debugged): Place[] {
  const { targets } = dialmark.config;
  const shown = targets.flatMap(({ id }) => {
    const number = dialmark.numbers[id];
    return number?.number ? [{ ...number, id }] : [];
  });
  const { matcher } = dialmark.internals;
  const left = placesBy(matcher, document, targets, true);
  return [...placesBy(matcher, document, shown), ...left];
}

function assignmentRow(id: string, { kind, national, number, binding, expiresAt, ...more }: Shown): HTMLElement {
  const reason = 'reason' in more ? more.reason : null;
  return element(
    'li',
    '',
    element('code', '', id),
    ` ${kind}${reason ? ` (${reason})` : ''}: ${national ?? 'the printed number'}`,
    facts({ number, binding, 'held until': expiresAt && new Date(expiresAt).toLocaleTimeString() }),
  );
}

function placeRow(place: Place, dialmark: Debugged): HTMLElement {
  const target = dialmark.config.targets.find(({ id }) => id === place.target);
  const swapped = !place.leftAlone && dialmark.numbers[place.target]?.number !== target?.number;
  const why = place.leftAlone
    ? `not swapped: ${place.leftAlone}`
    : swapped && dialmark.numbers[place.target]
      ? 'shown'
      : 'as printed';
  return element(
    'li',
    place.leftAlone ? 'left' : 'swap',
    element('code', '', place.text.trim().slice(0, 80)),
    ` ${place.kind}, ${why}${place.nodes.length > 1 ? `, split over ${place.nodes.length} nodes` : ''} · ${pathTo(place.nodes[0])}`,
  );
}

function draw(root: ShadowRoot, dialmark: Debugged, preview: string | null): void {
  const { config, internals } = dialmark;
  const visit = internals.visit();
  const touch = visit?.touch ?? { url: location.href, referrer: document.referrer };
  const places = placesNow(dialmark);
  const again = element('button', '', 'Refresh');
  const close = element('button', '', 'Close');
  again.addEventListener('click', () => draw(root, dialmark, preview));
  close.addEventListener('click', () => {
    root.host.remove();
    // The page as it was printed.
    if (preview) dialmark.stop();
  });
  const [sourceNumbers] = internals.matcher;
  const decided = sourceNumbers(config.sources ?? [], touch);
  root.replaceChildren(
    element('header', '', element('b', '', preview ?? `Dialmark · ${config.site}`), again, close),
    ...warnings(dialmark, places).map((text) => element('section', 'warn', text)),
    section(
      'Visit',
      preview ? 'Preview: nothing is leased, stored or sent.' : '',
      facts({ visitor: visit?.visitor, session: visit?.session, 'landing page': touch.url, referrer: touch.referrer }),
    ),
    section(
      'Numbers',
      list(
        Object.entries(dialmark.numbers).map(([id, shown]) => assignmentRow(id, shown)),
        visit ? 'No response yet.' : 'No consent, so no number was requested.',
      ),
      ...Object.entries(decided).map(([id, number]) =>
        element(
          'div',
          '',
          `Source rule for ${id}: ${number ? `decided in the page, ${number.national}` : 'left to the edge'}`,
        ),
      ),
    ),
    section(
      'On this page',
      list(
        places.map((place) => placeRow(place, dialmark)),
        'No number found.',
      ),
    ),
    section('Script', facts({ edge: config.edge, version: config.version, consent: config.consent ?? 'implied' })),
  );
}

/** A number of the site, and the target that it replaces. */
type Previewed = PrintedNumber & { target: string };

/** Finds a number among those of the site; null where it is none, or the edge does not say. */
async function siteNumber({ config }: Debugged, number: string): Promise<Previewed | null> {
  const known = config.sources?.find((source) => source.number === number);
  if (known) return known;
  const response = await fetch(`${config.edge}/s/${config.site}/preview.json?number=${encodeURIComponent(number)}`);
  return response.ok ? response.json() : null;
}

/** Shows a number on the page as if it had been leased; only one of the site's, or a link could show anybody's. */
async function previewNumber(dialmark: Debugged, number: string): Promise<string> {
  const found = await siteNumber(dialmark, number).catch(() => null);
  if (!found) return `${number} is not a number of this site, so there is no preview`;
  const { target, national, international } = found;
  const source = { kind: 'source', number, national, international, binding: null, expiresAt: null } as const;
  dialmark.internals.show(target, source);
  dialmark.rescan();
  return `Preview of ${number}`;
}

/** Says that a page has pinned a script that this overlay cannot look into, and what to do. */
function drawOtherVersion(root: ShadowRoot, version: string | undefined): void {
  root.replaceChildren(
    element('header', '', element('b', '', 'Dialmark')),
    element(
      'section',
      'warn',
      `The script on this page (version ${version ?? 'unknown'}) does not match this overlay. Debug a page with the current script, or pin the current version.`,
    ),
  );
}

async function start(): Promise<void> {
  const { dialmark } = window as unknown as { dialmark?: Partial<Debugged> };
  const host = document.createElement('dialmark-debug');
  const root = host.attachShadow({ mode: 'closed' });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  root.adoptedStyleSheets = [style];
  document.body.append(host);
  try {
    // A plus in an address means a space, and is written raw all the same.
    const preview = /[?&]dialmark=preview:(?:\+|%2B|%20)?(\d{7,15})/i.exec(location.search)?.[1];
    const debugged = dialmark as Debugged;
    const title = preview ? await previewNumber(debugged, `+${preview}`) : null;
    draw(root, debugged, title);
    for (const event of ['number', 'error'] as const)
      debugged.on(event, () => setTimeout(() => draw(root, debugged, title)));
  } catch {
    drawOtherVersion(root, dialmark?.config?.version);
  }
}

if (document.body) start();
else document.addEventListener('DOMContentLoaded', start);

import type { EventType } from '@dialmark/shared/wire/event';
import type { Assignment, PrintedNumber, SnippetConfig } from './contract.ts';
import { leaseNumbers, postTo } from './edge.ts';
import { mayEdit, mayHydrate } from './hydration.ts';
import { openedBy } from './landing.ts';
import { addressAround } from './link.ts';
import { watchPage } from './living-page.ts';
import { MATCHER, type Matcher } from './matcher.ts';
import { sourceNumbers } from './source-numbers.ts';
import { createSwapper, type Swap } from './swapper.ts';
import { createVisits, type TouchEvidence, type Visit } from './visit.ts';

/** What a target shows, and why; a source number decided in the page has no binding yet. As text the national form. */
export type Shown = Assignment | (PrintedNumber & { kind: 'source'; binding: null; expiresAt: null });

/** What `on`, and the DOM events of the same names with `dialmark:` before them, tell. */
export interface DialmarkEvents {
  number: { target: string; assignment: Shown };
  swap: Swap;
  error: { reason: string };
}

export interface DialmarkOptions extends SnippetConfig {
  /** False: numbers are asked for and told, the page is left to you. */
  autoSwap?: boolean;
  /** Leaves the visitor alone: nothing is stored or sent. For previews. */
  quiet?: boolean;
}

export interface Dialmark {
  /** What it was started with. */
  readonly config: SnippetConfig;
  /** Resolves once numbers are known, or with what there is when none can be had. Never rejects. */
  readonly ready: Promise<Readonly<Record<string, Shown>>>;
  /** What is known now, by target. */
  readonly numbers: Readonly<Record<string, Shown>>;
  /** The number of one target, null while there is none. */
  number(target: string): Shown | null;
  /** Looks at the page, or a part of it, at once; returns how many places changed. */
  rescan(root?: Node): number;
  /**
   * The visitor has agreed, or has withdrawn: then everything stored is deleted and printed numbers come back.
   *
   * @param byDefault it is what holds until the visitor says something, as consent managers state it on each page: it
   * withdraws nothing that was granted, and once the visitor has said something it counts no more
   */
  consent(granted: boolean, byDefault?: boolean): void;
  /**
   * Attaches data to the session: `tag({ plan: 'pro' })`. Anybody can say anything in a page, so `userId` joins visits only
   * together with the `userIdSignature` that the site's server made, and `value` counts only where the site takes values
   * from pages.
   */
  tag(data: Record<string, unknown>): void;
  /** Listens; returns what stops it. */
  on<Name extends keyof DialmarkEvents>(event: Name, listener: (detail: DialmarkEvents[Name]) => void): () => void;
  /** Ends everything and restores the page. */
  stop(): void;
}

/** What the debug overlay may see and do besides. */
export interface Internals {
  visit(): Visit | undefined;
  show(target: string, assignment: Shown): void;
  matcher: Matcher;
}

/** `createDialmark`, with what the debug overlay needs. */
export function startDialmark(options: DialmarkOptions): Dialmark & { internals: Internals } {
  const { site, consent = 'implied', hydration, lease, sources = [], autoSwap = true, quiet } = options;
  const { cookie } = options;
  const timeoutSeconds = options.session?.timeoutSeconds ?? 1800;
  const visits = createVisits(site, timeoutSeconds, cookie?.days ?? 395);
  const post = postTo(options.edge, site, cookie?.firstParty, () => {
    // What was asked before consent was withdrawn may have set a cookie after it.
    if (!granted) visits.forget();
  });
  const ids = options.targets.map(({ id }) => id);
  const numbers: Record<string, Shown> = {};
  /** Targets that are on the page, or wanted wherever they are. */
  const seen = new Set(lease === 'load' || !autoSwap ? ids : []);
  const asked = new Set<string>();
  /** How the page was opened: when a visit begins late, for want of consent say, it began so all the same. */
  let landing: TouchEvidence;
  const end = new AbortController();
  const { signal } = end;
  // Global Privacy Control is a refusal until the visitor says otherwise: https://privacycg.github.io/gpc-spec/
  const gpc = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  const known = visits.known();
  let granted = !quiet && ((consent === 'implied' && !gpc) || known);
  /** Whether the visitor has said something on this page. */
  let said = false;
  let visit: Visit | undefined;
  /** The visit that a default has interrupted: it goes on where the visitor agrees. */
  let held: Visit | undefined;
  let rescan: ((root?: Node) => number) | undefined;
  let asking = false;
  let lastSent = 0;
  let path = '';
  /** When the page was loaded. */
  let loaded = hydration === 'now' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  let coming: boolean | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = 50;
  let resolveReady: (numbers: Record<string, Shown>) => void;
  const ready = new Promise<Record<string, Shown>>((resolve) => {
    resolveReady = resolve;
  });

  const swapper = createSwapper(options.targets, {
    mayEdit(text) {
      const may = mayEdit(
        text,
        performance.now() - loaded,
        () => (coming ??= hydration === 'idle' || mayHydrate(document)),
      );
      // A clean hydration changes nothing that could be observed: the only way is to look again.
      if (!may && !timer && !signal.aborted) {
        wait = Math.min(wait * 1.5, 5000);
        timer = setTimeout(() => {
          timer = undefined;
          rescan?.();
        }, wait);
      }
      return may;
    },
    onSeen(target, element) {
      if (inView && element) {
        targetOf.set(element, target);
        inView.observe(element);
      } else seen.add(target);
    },
    onSwap: (swap) => tell('swap', swap),
  });

  const targetOf = new WeakMap<Element, string>();
  const inView =
    lease === 'visible' &&
    new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) seen.add(targetOf.get(target) as string);
      ask();
    });

  function tell<Name extends keyof DialmarkEvents>(name: Name, detail: DialmarkEvents[Name]): void {
    document.dispatchEvent(new CustomEvent(`dialmark:${name}`, { detail }));
  }

  /** For tag managers and GA4, where the page has them. */
  function measure(event: string, detail: object): void {
    const { dataLayer, gtag } = window as { dataLayer?: unknown[]; gtag?: (...args: unknown[]) => void };
    try {
      if (gtag) gtag('event', event, detail);
      else dataLayer?.push({ event, ...detail });
    } catch {
      // Theirs, not ours.
    }
  }

  function pageNow(referrer = document.referrer) {
    return {
      url: location.href.slice(0, 4096),
      referrer: referrer.slice(0, 4096),
      title: document.title.slice(0, 999),
    };
  }

  function show(target: string, assignment: Shown): void {
    const { number, national, kind } = assignment;
    const before = numbers[target]?.number;
    // Without a prototype: a page may have given every object a `get`.
    numbers[target] = Object.defineProperty({ ...assignment }, 'toString', {
      __proto__: null,
      value: () => national ?? '',
    } as PropertyDescriptor);
    swapper.show(target, number === null ? null : assignment);
    if (before === number) return;
    tell('number', { target, assignment });
    measure('dialmark_number', { dialmark_target: target, dialmark_number: number, dialmark_kind: kind });
  }

  function send(type: EventType, more?: object): void {
    if (!visit) return;
    lastSent = Date.now();
    const { session, visitor } = visit;
    post('events', { type, session, visitor, page: pageNow(), ...more }).catch(() => {});
  }

  /**
   * Enters the session and shows what needs no request: an earlier answer, and what the page's address decides. Numbers
   * that have expired, and those that could not be had, are asked for again.
   */
  function enter(touch: TouchEvidence): void {
    asked.clear();
    if (granted) {
      visit = visits.enter(touch, held);
      held = undefined;
      // Copies of the page from earlier visits show them, and others may be called by them since.
      for (const { target, ...lent } of visit.lent ?? []) {
        const now = numbers[target];
        swapper.show(target, lent);
        swapper.show(target, now?.number ? now : null);
      }
    }
    const decided = sourceNumbers(sources, visit?.touch ?? touch);
    for (const id of ids) {
      const earlier = visit?.answer?.numbers[id];
      const source = decided[id];
      // Not `Date.parse`, which old libraries replace.
      if (earlier && +new Date(earlier.expiresAt as string) > Date.now()) {
        asked.add(id);
        show(id, earlier);
      } else if (source) show(id, { ...source, kind: 'source', binding: null, expiresAt: null });
    }
    if (asked.size) {
      resolveReady(numbers);
      send('pageview');
    }
    rescan?.();
    ask();
  }

  /** Asks for the targets that are on the page and have no number yet. */
  async function ask(): Promise<void> {
    const current = visit;
    const wanted = ids.filter((id) => seen.has(id) && !asked.has(id));
    if (!current || !wanted.length || asking || document.readyState === 'loading') return;
    for (const id of wanted) asked.add(id);
    asking = true;
    const { visitor, session, touch } = current;
    const request = { visitor, session, touch, targets: wanted, page: pageNow() };
    const answer = await leaseNumbers(post, request, () => visit === current);
    asking = false;
    if (visit === current) {
      if (answer) {
        lastSent = Date.now();
        visits.answered(current, answer);
        for (const target of wanted) if (answer.numbers[target]) show(target, answer.numbers[target]);
        rescan?.();
      } else tell('error', { reason: 'no answer' });
      resolveReady(numbers);
    }
    ask();
  }

  /** The visitor is there: `type` says it to the edge, unless the session has ended and another one begins. */
  function stay(type: 'pageview' | 'heartbeat'): void {
    if (!visit) return;
    if (visits.keep(visit)) send(type);
    else enter(pageNow(''));
  }

  function onActivity(): void {
    const pause = Math.min(visit?.answer?.renewAfterSeconds ?? timeoutSeconds, timeoutSeconds);
    if (!document.hidden && Date.now() - lastSent >= pause * 1000) stay('heartbeat');
  }

  function onRoute(): void {
    const before = path;
    path = location.href.replace(/#(?![!/]).*/, '');
    if (before && path !== before) stay('pageview');
  }

  function onClick(event: Event): void {
    const target = swapper.dialled(addressAround(event.composedPath()[0] as Element));
    if (!target) return;
    send('tel_click', { target });
    measure('dialmark_tel_click', { dialmark_target: target });
  }

  function onReadyState(): void {
    // Texts may have waited for the whole page to be there.
    if (timer) rescan?.();
    ask();
    if (document.readyState === 'complete') loaded = Math.min(loaded, performance.now());
  }

  function listen(to: EventTarget | undefined, names: string, listener: (event: never) => void): void {
    for (const name of names.split(' '))
      to?.addEventListener(name, listener as EventListener, { capture: true, passive: true, signal });
  }

  async function start(): Promise<void> {
    // A moment later, so that calls made together with this one, a refusal above all, come first; and where the page is
    // prerendered not before it is shown, for perhaps nobody will see it.
    const { prerendering } = document as { prerendering?: boolean };
    await (prerendering && new Promise((shown) => document.addEventListener('prerenderingchange', shown)));
    if (signal.aborted) return;
    landing = { ...pageNow(), url: openedBy().slice(0, 4096) };
    onRoute();
    if (autoSwap)
      rescan = watchPage(
        document,
        (root) => {
          coming = undefined;
          const swaps = swapper.scan(root);
          // Where there is no Navigation API a change of the page tells of a change of route.
          onRoute();
          ask();
          return swaps;
        },
        signal,
      );
    enter(landing);
    listen(document, 'click auxclick', onClick);
    listen(document, 'pointerdown keydown scroll visibilitychange', onActivity);
    listen(document, 'readystatechange', onReadyState);
    listen(window, 'popstate hashchange', onRoute);
    listen((window as { navigation?: EventTarget }).navigation, 'currententrychange', onRoute);
    listen(window, 'pagehide', () => send('leave'));
    listen(window, 'pageshow', ({ persisted }: PageTransitionEvent) => persisted && stay('pageview'));
    onReadyState();
  }

  start().catch(() => {});

  return {
    config: options,
    ready,
    numbers,
    number: (target) => numbers[target] ?? null,
    rescan: (root: Node = document) => (rescan ? rescan(root === document ? undefined : root) : swapper.scan(root)),
    consent(agreed, byDefault) {
      if (quiet || signal.aborted || (byDefault && (said || known || (agreed && gpc)))) return;
      said ||= !byDefault;
      if (!agreed && said) {
        visit ??= held;
        held = undefined;
      }
      if (agreed === granted && !visit === !agreed) return;
      // Said while there is a visit to say it of: before that is forgotten, or once it has begun.
      const say = () => said && send('consent', { data: { granted: agreed } });
      say();
      granted = agreed;
      if (!agreed) {
        if (byDefault) held = visit;
        visit = undefined;
        visits.forget();
        for (const id of ids) {
          delete numbers[id];
          swapper.show(id, null);
        }
      }
      if (path) enter(landing);
      say();
    },
    // Of a visit that the edge has not answered yet it knows nothing.
    tag: (data) => ready.then(() => send('tag', { data })),
    on(name, listener) {
      const heard = (event: Event) => listener((event as CustomEvent).detail);
      document.addEventListener(`dialmark:${name}`, heard);
      return () => document.removeEventListener(`dialmark:${name}`, heard);
    },
    stop() {
      end.abort();
      visit = undefined;
      if (inView) inView.disconnect();
      swapper.restore();
    },
    internals: { visit: () => visit, show, matcher: MATCHER },
  };
}

/**
 * Starts Dialmark on the current page.
 *
 * @example
 * const dialmark = createDialmark({ site: 'acme', edge: 'https://calls.acme.example', targets: [...] });
 * await dialmark.ready;
 * String(dialmark.number('main')); // '(415) 555-0132'
 */
export function createDialmark(options: DialmarkOptions): Dialmark {
  const { internals, ...dialmark } = startDialmark(options);
  return dialmark;
}

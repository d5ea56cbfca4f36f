import type { EventType } from '@dialmark/shared/wire/event';
import type { Assignment } from '@dialmark/shared/wire/lease';
import type { PrintedNumber, SnippetConfig } from '@dialmark/shared/wire/snippet';
import { createEdge } from './edge.ts';
import { formsOf } from './forms.ts';
import { mayEdit } from './hydration.ts';
import { type LivingPage, watchPage } from './living-page.ts';
import { sourceNumbers } from './source-numbers.ts';
import { createSwapper, type Swap } from './swapper.ts';
import { createVisits, type TouchEvidence, type Visit } from './visit.ts';

/** What a target shows, and why. As text it is the national form. */
export type Shown = Assignment | (PrintedNumber & { kind: 'source'; binding: null; expiresAt: null });

/** What `on` and the DOM events of the same names (with `dialmark:` before them) tell. */
export interface DialmarkEvents {
  number: { target: string; assignment: Shown };
  swap: Swap;
  error: { reason: string };
}

export interface DialmarkOptions extends SnippetConfig {
  /** False: numbers are asked for and told, the page is left to you. */
  autoSwap?: boolean;
}

export interface Dialmark {
  /** Resolves once numbers are known, or with what there is when none can be had. Never rejects. */
  readonly ready: Promise<Readonly<Record<string, Shown>>>;
  /** What is known now, by target. */
  readonly numbers: Readonly<Record<string, Shown>>;
  /** The number of one target, null while there is none. */
  number(target: string): Shown | null;
  /** Looks at the page, or a part of it, at once; returns how many places changed. */
  rescan(root?: Node): number;
  /** The visitor has agreed, or has withdrawn: then everything stored is deleted and printed numbers come back. */
  consent(granted: boolean): void;
  /** Attaches data to the session: `tag({ plan: 'pro' })`. */
  tag(data: Record<string, unknown>): void;
  /** Listens; returns what stops it. */
  on<Name extends keyof DialmarkEvents>(event: Name, listener: (detail: DialmarkEvents[Name]) => void): () => void;
  /** Ends everything and restores the page. */
  stop(): void;
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
  const { site, edge: origin, hydration, lease = 'target' } = options;
  const timeoutSeconds = options.session?.timeoutSeconds ?? 1800;
  const visits = createVisits(site, timeoutSeconds, options.cookie?.days ?? 395);
  const edge = createEdge(origin, site, options.cookie?.firstParty ? 'include' : 'same-origin');
  const targets = options.targets.map((target) => ({ ...formsOf(target), id: target.id, links: target.links }));
  const numbers: Record<string, Shown> = {};
  // Global Privacy Control is a refusal until the visitor says otherwise: https://privacycg.github.io/gpc-spec/
  const must = options.consent === 'required' || (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  let granted = !must || visits.known();
  let visit: Visit | undefined;
  let page: LivingPage | undefined;
  let asking: Promise<void> | undefined;
  const asked = new Set<string>();
  let renewAfterMs = Number.POSITIVE_INFINITY;
  let lastSent = 0;
  let idle = hydration === 'now';
  let waiting = false;
  let wait = 50;
  let stopped = false;
  let resolveReady: (numbers: Record<string, Shown>) => void;
  const ready = new Promise<Record<string, Shown>>((resolve) => {
    resolveReady = resolve;
  });

  const swapper = createSwapper(targets, {
    mayEdit(text) {
      const may = (hydration !== 'idle' || idle) && mayEdit(text, idle);
      if (!may) lookAgain();
      return may;
    },
    onSwap: (swap) => emit('swap', swap),
  });

  function emit<Name extends keyof DialmarkEvents>(name: Name, detail: DialmarkEvents[Name]): void {
    document.dispatchEvent(new CustomEvent(`dialmark:${name}`, { detail }));
  }

  /** A clean hydration changes nothing that could be observed. */
  function lookAgain(): void {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      wait = Math.min(wait * 1.5, 5000);
      if (!stopped) page?.rescan();
    }, wait);
  }

  function evidence(referrer: string): TouchEvidence {
    return { url: location.href.slice(0, 4096), referrer: referrer.slice(0, 4096) };
  }

  function show(target: string, assignment: Shown): void {
    const before = numbers[target];
    numbers[target] = Object.defineProperty({ ...assignment }, 'toString', { value: () => assignment.national ?? '' });
    swapper.show(target, assignment.number === null ? null : formsOf(assignment as PrintedNumber));
    if (before?.number === assignment.number) return;
    emit('number', { target, assignment });
    (window as { dataLayer?: unknown[] }).dataLayer?.push({
      event: 'dialmark_number',
      dialmark: { target, number: assignment.number, kind: assignment.kind },
    });
  }

  function send(type: EventType, more: object = {}, leaving?: boolean): void {
    if (!visit || !granted || stopped) return;
    lastSent = Date.now();
    edge.event({ type, session: visit.session, visitor: visit.visitor, page: pageNow(), ...more }, leaving);
  }

  function pageNow() {
    const { url, referrer } = evidence(document.referrer);
    return { url, referrer, title: document.title.slice(0, 1000) };
  }

  /** Shows what needs no request: numbers decided by the page's address, and the answer of an earlier page. */
  function enter(touch: TouchEvidence): void {
    if (granted) {
      visit = visits.enter(touch);
      for (const [target, assignment] of Object.entries(visit.answer?.numbers ?? {})) {
        if (assignment.expiresAt && Date.parse(assignment.expiresAt) <= Date.now()) continue;
        asked.add(target);
        show(target, assignment);
      }
      renewAfterMs = (visit.answer?.renewAfterSeconds ?? Number.POSITIVE_INFINITY) * 1000;
      if (asked.size) {
        resolveReady(numbers);
        send('pageview');
      }
    }
    for (const [target, number] of sourceNumbers(options.sources ?? [], visit?.touch ?? touch))
      if (!numbers[target]) show(target, { ...number, kind: 'source', binding: null, expiresAt: null });
  }

  /** Asks for the targets that the page shows and that have no number yet. */
  function ask(): void {
    if (!granted || !visit || asking || stopped || document.readyState === 'loading') return;
    const wanted = targets
      .map(({ id }) => id)
      .filter((id) => !asked.has(id) && (lease === 'load' || swapper.seen.has(id)));
    if (!wanted.length) return;
    for (const id of wanted) asked.add(id);
    const current = visit;
    asking = edge
      .lease({
        visitor: current.visitor,
        session: current.session,
        targets: wanted,
        page: pageNow(),
        touch: current.touch,
      })
      .then((answer) => {
        asking = undefined;
        if (stopped || visit !== current) return;
        if (answer) {
          lastSent = Date.now();
          renewAfterMs = answer.renewAfterSeconds * 1000;
          current.answer = { ...answer, numbers: { ...current.answer?.numbers, ...answer.numbers } };
          visits.store(current, current.answer);
          for (const target of wanted) {
            const assignment = answer.numbers[target];
            if (assignment) show(target, assignment);
          }
          page?.rescan();
        } else emit('error', { reason: 'no answer' });
        resolveReady(numbers);
        ask();
      });
  }

  function scan(root: Node): number {
    const swaps = swapper.scan(root);
    ask();
    return swaps;
  }

  function onActivity(): void {
    if (!visit || document.hidden || Date.now() - lastSent < Math.min(renewAfterMs, timeoutSeconds * 1000)) return;
    if (visits.keep(visit)) send('heartbeat');
    else restart('');
  }

  /** A session of its own, as after a long pause. */
  function restart(referrer: string): void {
    asked.clear();
    enter(evidence(referrer));
    page?.rescan();
    ask();
  }

  let path = '';
  function onRoute(): void {
    const now = location.href.replace(/#(?!!|\/).*/, '');
    if (now === path) return;
    path = now;
    if (visit && !visits.keep(visit)) restart('');
    else send('pageview');
  }

  function onClick(event: Event): void {
    const link = (event.composedPath()[0] as Element | null)?.closest?.('a[href]');
    const href = link?.getAttribute('href') ?? '';
    if (!/^(?:tel|callto|sms):/i.test(href)) return;
    const digits = href.replace(/\D/g, '');
    const target = targets.find(
      ({ id, number }) =>
        digits.includes((numbers[id]?.number ?? number).slice(1)) ||
        digits.includes(
          formsOf(
            (numbers[id]?.number ? numbers[id] : { number, national: '', international: number }) as PrintedNumber,
          ).significant,
        ),
    );
    if (target) send('tel_click', { target: target.id });
  }

  const listeners: (() => void)[] = [];
  function listen(to: EventTarget | undefined, names: string, listener: (event: Event) => void): void {
    for (const name of names.split(' ')) {
      to?.addEventListener(name, listener, { capture: true, passive: true });
      listeners.push(() => to?.removeEventListener(name, listener, true));
    }
  }

  function start(): void {
    if (stopped) return;
    path = location.href.replace(/#(?!!|\/).*/, '');
    enter(evidence(document.referrer));
    if (options.autoSwap !== false) {
      page = watchPage(document, scan);
      page.rescan();
    } else {
      for (const { id } of targets) (swapper.seen as Set<string>).add(id);
    }
    listen(document, 'readystatechange', () => {
      ask();
      if (document.readyState === 'complete') rest();
    });
    if (document.readyState === 'complete') rest();
    listen(document, 'click auxclick', onClick);
    listen(document, 'pointerdown keydown scroll visibilitychange', onActivity);
    listen(window, 'pagehide', () => send('leave', {}, true));
    listen(window, 'pageshow', (event) => {
      if (!(event as PageTransitionEvent).persisted || !visit) return;
      if (visits.keep(visit)) send('pageview');
      else restart('');
    });
    const { navigation } = window as { navigation?: EventTarget };
    if (navigation) listen(navigation, 'currententrychange', () => setTimeout(onRoute));
    else {
      listen(window, 'popstate hashchange', onRoute);
      for (const name of ['pushState', 'replaceState'] as const) {
        const original = history[name];
        history[name] = function (...args) {
          original.apply(this, args);
          setTimeout(onRoute);
        };
        listeners.push(() => {
          history[name] = original;
        });
      }
    }
    ask();
  }

  /** Loaded, and a moment of quiet after: frameworks have hydrated what they hydrate at once. */
  function rest(): void {
    setTimeout(() => {
      idle = true;
    }, 300);
  }

  const api: Dialmark = {
    ready,
    numbers,
    number: (target) => numbers[target] ?? null,
    rescan: (root) => page?.rescan(root) ?? swapper.scan(root ?? document),
    consent(agreed) {
      if (agreed === granted) return;
      granted = agreed;
      if (agreed) {
        restart(document.referrer);
        send('consent', { data: { granted: true } });
      } else {
        granted = true;
        send('consent', { data: { granted: false } });
        granted = false;
        visit = undefined;
        visits.clear();
        for (const { id } of targets) {
          delete numbers[id];
          swapper.show(id, null);
        }
        page?.rescan();
      }
    },
    tag: (data) => send('tag', { data }),
    on(name, listener) {
      const heard = (event: Event) => listener((event as CustomEvent).detail);
      document.addEventListener(`dialmark:${name}`, heard);
      return () => document.removeEventListener(`dialmark:${name}`, heard);
    },
    stop() {
      stopped = true;
      page?.stop();
      swapper.restore();
      for (const end of listeners) end();
    },
  };

  // Nobody has seen a prerendered page yet, and perhaps nobody will.
  if ((document as { prerendering?: boolean }).prerendering)
    document.addEventListener('prerenderingchange', start, { once: true });
  else start();
  return api;
}

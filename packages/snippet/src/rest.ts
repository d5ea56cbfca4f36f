import { plainOf } from './core/plain.ts';
import { sourceNumbers } from './core/source-numbers.ts';
import { addressAround } from './page/attributes.ts';
import { createSeeing } from './page/in-view.ts';
import { watchPage } from './page/living-page.ts';
import { createPatience } from './page/patience.ts';
import { createScanner } from './page/scanner.ts';
import { createTraces } from './page/traces.ts';
import type { Rest, Running } from './running.ts';
import { createActivity } from './visit/activity.ts';
import { createConsent } from './visit/consent.ts';
import { createKeeping } from './visit/keeping.ts';
import { measure } from './visit/measuring.ts';
import { createSend } from './visit/sending.ts';
import { isCurrent } from './visit/visits.ts';

/** Joins what the first paint can wait for: every form of a number, keeping the visit, telling what the visitor does. */
export function joinRest(running: Running): void {
  const { options, ids, numbers, targets } = running;
  const { autoSwap = true, session, sources = [], cookie } = options;
  const ending = new AbortController();
  const { signal } = ending;
  let swaps = 0;
  let look: ((root?: Node) => number) | undefined;
  let entered = false;

  const traces = createTraces(
    (swap) => {
      swaps++;
      running.tell('swap', swap);
    },
    running.key,
    running.touched,
  );
  const patience = createPatience(options, signal, () => running.scan());
  const onSeen = createSeeing(running, signal);
  const scanner = createScanner(targets, traces, { mayEdit: patience.mayEdit, onSeen });
  const send = createSend(running);
  const keeping = createKeeping(options.site, session?.timeoutSeconds, cookie?.days);
  const activity = createActivity(running, send, () => !!running.visit && keeping.keep(running.visit));
  const said = createConsent(running, (granted) => send('consent', { data: { granted } }), keeping.forget);

  function scan(root: Node): number {
    swaps = 0;
    patience.refresh();
    scanner.scan(root);
    return swaps;
  }

  function listen(to: EventTarget | undefined, names: string, listener: (event: never) => void): void {
    for (const name of names.split(' '))
      to?.addEventListener(name, listener as EventListener, { capture: true, passive: true, signal });
  }

  function onClick(event: Event): void {
    const target = scanner.dialled(addressAround(event.composedPath()[0] as Element));
    if (!target) return;
    send('tel_click', { target });
    measure('dialmark_tel_click', { dialmark_target: target });
  }

  let isCookieDue = cookie?.firstParty;

  const rest: Rest = {
    opened() {
      if (signal.aborted) return;
      if (autoSwap)
        look = watchPage(
          document,
          (root) => {
            const count = scan(root);
            // Where there is no Navigation API a change of the page tells of a change of route.
            activity.onRoute();
            running.ask();
            return count;
          },
          signal,
        );
      listen(document, 'click auxclick', onClick);
      listen(document, 'pointerdown keydown scroll visibilitychange', activity.onActivity);
      listen(document, 'readystatechange', () => {
        // Texts may have waited for the whole page to be there.
        if (patience.progress()) running.scan();
      });
      listen(window, 'popstate hashchange', activity.onRoute);
      listen((window as { navigation?: EventTarget }).navigation, 'currententrychange', activity.onRoute);
      listen(window, 'pagehide', () => {
        said.leave();
        send('leave');
      });
      listen(window, 'pageshow', ({ persisted }: PageTransitionEvent) => persisted && activity.stay('pageview'));
      patience.progress();
    },
    entered(touch) {
      const { visit } = running;
      entered = true;
      if (visit) keeping.save(visit);
      // Copies of the page from earlier visits show them, and others may be called by them since.
      for (const { target, ...lent } of visit?.lent ?? []) {
        const now = numbers[target];
        targets.show(target, lent);
        targets.show(target, now?.number ? now : null);
      }
      const decided = sourceNumbers(sources, visit?.touch ?? touch);
      for (const id of ids) {
        const source = decided[id];
        if (source && !isCurrent(visit?.answer?.numbers[id]))
          running.show(id, { ...source, kind: 'source', binding: null, expiresAt: null });
      }
      if (running.resumed) send('pageview');
    },
    answered(visit) {
      if (visit) {
        running.lastSent = Date.now();
        keeping.remember(visit);
        // The edge sets the visitor's cookie too: the lease may have been requested before there was one.
        if (isCookieDue && !running.resumed) {
          isCookieDue = false;
          send('heartbeat');
        }
      } else if (!running.allowed) {
        // What was asked before consent was withdrawn may have set a cookie after it.
        keeping.forget();
      }
    },
    shown(target, { number, kind }) {
      measure('dialmark_number', { dialmark_target: target, dialmark_number: number, dialmark_kind: kind });
    },
    late: {
      consent: (...given) => signal.aborted || said.consent(...given),
      rescan: (root = document) => (look ? look(root === document ? undefined : root) : scan(root)),
      // Of a visit that the edge has not answered yet it knows nothing.
      tag: (data) => running.ready.then(() => send('tag', { data: plainOf(data) })).catch(() => {}),
      stop() {
        ending.abort();
        running.stopped = true;
        running.visit = undefined;
        for (const id of ids) targets.show(id, null);
        traces.restore();
      },
    },
  };

  running.unwatch?.();
  running.rest = rest;
  running.scan = () => look?.();
  for (const [target, shown] of Object.entries(numbers)) rest.shown(target, shown);
  if (running.landing) rest.opened();
  // What waited may have been a refusal: a visit that nobody has heard of has not begun yet.
  if (running.waiting.length && !running.asked.size) running.visit = undefined;
  for (const [name, ...given] of running.waiting.splice(0))
    (rest.late[name] as (...given: unknown[]) => void)(...given);
  if (!running.landing || signal.aborted) return;
  if (!entered && running.visit) {
    rest.entered(running.landing);
    if (running.visit.answer) rest.answered(running.visit);
  } else if (!entered) running.enter(running.landing);
  running.scan();
  running.ask();
}

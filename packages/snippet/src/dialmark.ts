import type { Dialmark, DialmarkOptions } from './api.ts';
import { createTargets } from './page/targets.ts';
import type { Late, Running } from './running.ts';
import { createEnterSession } from './visit/enter-session.ts';
import { openedBy, pageNow } from './visit/landing.ts';
import { post } from './visit/post.ts';
import { createNumberRequest } from './visit/request-numbers.ts';
import { stored } from './visit/visits.ts';

/** A number as the API returns it; as a string, its national form. */
class ShownNumber {
  declare national: string | null;
  toString() {
    return this.national ?? '';
  }
}

/**
 * Starts the part that the first paint needs: shows the stored answer in places that are clear, and requests one if
 * there is none. The rest joins through `running`.
 *
 * @param watch swaps clear places until the rest has loaded
 */
export function startDialmark(
  options: DialmarkOptions,
  watch?: (running: Running) => void,
): { dialmark: Dialmark; running: Running } {
  const running = createRunning(options);
  open(running, watch).catch(() => {});
  return { running, dialmark: apiOf(running) };
}

function createRunning(options: DialmarkOptions): Running {
  const { site, edge, cookie, consent, lease, autoSwap = true, quiet } = options;
  const ids = options.targets.map(({ id }) => id);
  const known = !!stored(site)[1];
  const gpc = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  let resolveReady: Running['resolveReady'];
  const ready: Running['ready'] = new Promise((resolve) => {
    resolveReady = () => resolve(running.numbers);
  });
  const running: Running = {
    options,
    ids,
    known,
    gpc,
    ready,
    lastSent: 0,
    // Global Privacy Control means no until the visitor says otherwise: https://privacycg.github.io/gpc-spec/
    allowed: !quiet && ((consent !== 'required' && !gpc) || known),
    numbers: {},
    targets: createTargets(options.targets),
    key: Symbol(),
    touchedNodes: [],
    queuedCalls: [],
    seen: new Set(lease === 'load' || !autoSwap ? ids : []),
    requestedIds: new Set(),
    resolveReady: () => resolveReady(),
    address: (path) => `${edge}/v1/sites/${site}/${path}`,
    post: (path, content) =>
      post(running.address(path), content, cookie?.firstParty).finally(() => running.rest?.answered()),
    scan: () => {},
    announce(name, detail) {
      document.dispatchEvent(new CustomEvent(`dialmark:${name}`, { detail }));
    },
    show(target, assignment) {
      const { number } = assignment;
      const before = running.numbers[target]?.number;
      running.numbers[target] = Object.assign(new ShownNumber(), assignment);
      running.targets.show(target, number === null ? null : assignment);
      if (before === number) return;
      running.announce('number', { target, assignment });
      running.rest?.shown(target, assignment);
    },
    enter: (touch) => enter(touch),
    requestNumbers: () => void requestNumbers(),
  };
  const requestNumbers = createNumberRequest(running);
  const enter = createEnterSession(running);
  return running;
}

/** Begins the visit. Waits a moment, so that calls made together with the start, above all about consent, come first. */
async function open(running: Running, watch?: (running: Running) => void): Promise<void> {
  // Perhaps nobody will see a prerendered page.
  const { prerendering } = document as { prerendering?: boolean };
  await (prerendering && new Promise((shown) => document.addEventListener('prerenderingchange', shown)));
  running.landing = { ...pageNow(), url: openedBy().slice(0, 4096) };
  if (running.isStopped) return;
  if (running.rest) running.rest.pageOpened();
  else if (running.options.autoSwap !== false) watch?.(running);
  running.enter(running.landing);
  document.addEventListener('readystatechange', () => {
    if (!running.rest) running.scan();
    running.requestNumbers();
  });
}

function apiOf(running: Running): Dialmark {
  const { options: config, ready, numbers } = running;
  const late = <Name extends keyof Late>(name: Name) =>
    ((...given: never[]) =>
      running.rest
        ? (running.rest.late[name] as (...given: never[]) => unknown)(...given)
        : void running.queuedCalls.push([name, ...given])) as Late[Name];

  return {
    config,
    ready,
    numbers,
    number: (target) => numbers[target] ?? null,
    on(name, listener) {
      const onEvent = (event: Event) => listener((event as CustomEvent).detail);
      document.addEventListener(`dialmark:${name}`, onEvent);
      return () => document.removeEventListener(`dialmark:${name}`, onEvent);
    },
    consent: late('consent'),
    rescan: late('rescan'),
    stop: late('stop'),
    tag: late('tag'),
  };
}

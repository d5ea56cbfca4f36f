import type { Dialmark, DialmarkOptions, Shown } from './api.ts';
import { createTargets } from './page/targets.ts';
import type { Late, Running } from './running.ts';
import { createAsk } from './visit/asking.ts';
import { post } from './visit/edge.ts';
import { createEnter } from './visit/entering.ts';
import { openedBy, pageNow } from './visit/landing.ts';
import { stored } from './visit/visits.ts';

/** A number as it is told; as text the national form. */
class Told {
  declare national: string | null;
  toString() {
    return this.national ?? '';
  }
}

/**
 * Starts what the first paint needs: shows the stored answer where its places are clear, asks for one where there is
 * none. The rest joins in by `running`.
 *
 * @param watch swaps clear places until the rest has come
 */
export function startDialmark(
  options: DialmarkOptions,
  watch?: (running: Running) => void,
): { dialmark: Dialmark; running: Running } {
  const { site, edge, cookie, consent, lease, autoSwap = true, quiet } = options;
  const ids = options.targets.map(({ id }) => id);
  const known = !!stored(site)[1];
  const gpc = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  let settle: Running['settle'];
  const ready = new Promise<Record<string, Shown>>((resolve) => {
    settle = () => resolve(running.numbers);
  });
  const running: Running = {
    options,
    ids,
    known,
    gpc,
    ready,
    lastSent: 0,
    // Global Privacy Control is a refusal until the visitor says otherwise: https://privacycg.github.io/gpc-spec/
    allowed: !quiet && ((consent !== 'required' && !gpc) || known),
    numbers: {},
    targets: createTargets(options.targets),
    key: Symbol(),
    touched: [],
    waiting: [],
    seen: new Set(lease === 'load' || !autoSwap ? ids : []),
    asked: new Set(),
    settle: () => settle(),
    address: (path) => `${edge}/v1/sites/${site}/${path}`,
    post: (path, content) =>
      post(running.address(path), content, cookie?.firstParty).finally(() => running.rest?.answered()),
    scan: () => {},
    tell(name, detail) {
      document.dispatchEvent(new CustomEvent(`dialmark:${name}`, { detail }));
    },
    show(target, assignment) {
      const { number } = assignment;
      const before = running.numbers[target]?.number;
      running.numbers[target] = Object.assign(new Told(), assignment);
      running.targets.show(target, number === null ? null : assignment);
      if (before === number) return;
      running.tell('number', { target, assignment });
      running.rest?.shown(target, assignment);
    },
    enter: (touch) => enter(touch),
    ask: () => void ask(),
  };
  const ask = createAsk(running);
  const enter = createEnter(running);
  const late = <Name extends keyof Late>(name: Name) =>
    ((...given: never[]) =>
      running.rest
        ? (running.rest.late[name] as (...given: never[]) => unknown)(...given)
        : void running.waiting.push([name, ...given])) as Late[Name];

  async function start(): Promise<void> {
    // A moment later, so that calls made together with this one, a refusal above all, come first; and where the page is
    // prerendered not before it is shown, for perhaps nobody will see it.
    const { prerendering } = document as { prerendering?: boolean };
    await (prerendering && new Promise((shown) => document.addEventListener('prerenderingchange', shown)));
    running.landing = { ...pageNow(), url: openedBy().slice(0, 4096) };
    if (running.stopped) return;
    if (running.rest) running.rest.opened();
    else if (autoSwap) watch?.(running);
    enter(running.landing);
    document.addEventListener('readystatechange', () => {
      if (!running.rest) running.scan();
      ask();
    });
  }

  start().catch(() => {});

  return {
    running,
    dialmark: {
      config: options,
      ready,
      numbers: running.numbers,
      number: (target) => running.numbers[target] ?? null,
      on(name, listener) {
        const heard = (event: Event) => listener((event as CustomEvent).detail);
        document.addEventListener(`dialmark:${name}`, heard);
        return () => document.removeEventListener(`dialmark:${name}`, heard);
      },
      consent: late('consent'),
      rescan: late('rescan'),
      stop: late('stop'),
      tag: late('tag'),
    },
  };
}

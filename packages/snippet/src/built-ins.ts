/**
 * Built-ins as the browser made them. Pages put things of their own in the place of some: `function Set()`,
 * `var URL = '/shop'`, a `fetch` that adds headers. The build puts these in wherever a script that the edge serves uses
 * a name exported here. In the npm module names mean what they mean: those pages, and their tests, are their authors' own.
 */
type Name = 'Date' | 'Set' | 'URL' | 'fetch';

let frame: HTMLIFrameElement | undefined;

/** Returns a built-in of the page's window, or of an empty frame's where the page's is not the browser's. */
function builtIn<N extends Name>(name: N): (typeof globalThis)[N] {
  const here = globalThis[name];
  if (typeof here === 'function' && /\[native code]/.test(Function.prototype.toString.call(here))) return here;
  if (!frame) {
    frame = document.createElement('iframe');
    frame.style.display = 'none';
    // It stays: what belongs to a frame that is gone works no more.
    document.head.append(frame);
  }
  return (frame.contentWindow as unknown as typeof globalThis)[name];
}

const date = /* @__PURE__ */ builtIn('Date');
const set = /* @__PURE__ */ builtIn('Set');
const url = /* @__PURE__ */ builtIn('URL');
const request = /* @__PURE__ */ builtIn('fetch');

export { date as Date, request as fetch, set as Set, url as URL };

import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { stage } from './browser.ts';

const BODY = '<p id="number">415-555-0100</p><a href="tel:+14155550100">Call</a>';

/** Replacements of built-ins by old libraries and pages. */
const PATCHES: [name: string, script: string][] = [
  ['Array.prototype.toJSON', 'Array.prototype.toJSON = function () { return JSON.stringify([].slice.call(this)) }'],
  ['Object.prototype.toJSON', 'Object.prototype.toJSON = function () { return "theirs" }'],
  ['String.prototype.toJSON', 'String.prototype.toJSON = function () { return "theirs" }'],
  ['JSON.stringify', 'JSON.stringify = function () { return "theirs" }'],
  ['JSON.stringify that throws', 'JSON.stringify = function () { throw new Error("theirs") }'],
  ['Date.parse', 'Date.parse = function () { return null }'],
  ['Date', 'window.Date = function () { return "theirs" }; Date.now = function () { return NaN }'],
  ['fetch', 'window.fetch = function () { return Promise.reject(new Error("theirs")) }'],
  ['fetch that throws', 'window.fetch = function () { throw new Error("theirs") }'],
  ['fetch that answers otherwise', 'window.fetch = function () { return { then(f) { f({ ok: true }) } } }'],
  [
    'fetch that adds headers',
    'var theirs = fetch; window.fetch = function (url, init) { return theirs(url, Object.assign({}, init, { headers: { "X-Requested-With": "x" } })) }',
  ],
  ['XMLHttpRequest', 'window.XMLHttpRequest = function () { throw new Error("theirs") }'],
  ['sendBeacon', 'navigator.sendBeacon = function () { throw new Error("theirs") }'],
  ['sendBeacon that does nothing', 'Navigator.prototype.sendBeacon = function () {}'],
  ['Set', 'window.Set = function (values) { this.values = values }'],
  ['Map', 'window.Map = function () { this.center = [0, 0] }'],
  ['URL', 'window.URL = "/shop"'],
  [
    'members of every array',
    'Array.prototype.each = function () {}; Array.prototype.last = function () { return this[this.length - 1] }',
  ],
  [
    'members of every object',
    'Object.prototype.extend = function () { return this }; Object.prototype.path = "/theirs"; Object.prototype.domain = "x"',
  ],
  [
    'accessors of every object',
    'Object.prototype.get = function () { return "theirs" }; Object.prototype.set = function () {}; Object.prototype.value = "theirs"',
  ],
  ['Array.from', 'Array.from = function (list) { return list.toArray ? list.toArray() : [] }'],
  [
    'what Prototype 1.6 has',
    `Object.keys = function (object) { var keys = []; for (var key in object) keys.push(key); return keys };
     Object.values = function (object) { var values = []; for (var key in object) values.push(object[key]); return values };
     Array.prototype.toJSON = function () { return '[' + this.map(Object.toJSON).join(', ') + ']' }; Object.toJSON = function (value) { return '"' + value + '"' };
     Date.prototype.toJSON = function () { return '"' + this.toISOString() + '"' };
     Array.prototype.find = Array.prototype.detect = function (iterator) { for (var i = 0; i < this.length; i++) if (iterator(this[i], i)) return this[i] };
     Array.prototype.reduce = function () { return this.length > 1 ? this : this[0] }; Array.prototype.reverse = function (inline) { return inline === false ? this : this.slice() };
     Array.prototype.entries = function () { return this.slice() };`,
  ],
];

describe('a page that has put its own in the place of built-ins', () => {
  const at = stage();
  /** Asks the page by the debugger alone: Playwright's own script stumbles over some of these pages. */
  const evaluated = async (expression: string) => {
    const session = await at.context.newCDPSession(at.page);
    const { result } = await session.send('Runtime.evaluate', { expression, returnByValue: true });
    await session.detach();
    return result.value;
  };
  const shows = (text: string) => expect.poll(() => evaluated('document.body.textContent')).toContain(text);

  it.each(PATCHES)('%s: gets a number, keeps it, tags and leaves', async (_, patch) => {
    const page = `<script>${patch}</script>${BODY}`;
    at.edge.config.edge = at.edge.origin.replace('127.0.0.1', 'calls.edge.test');
    at.edge.config.sources = [
      {
        number: '+14155550177',
        national: '(415) 555-0177',
        international: '+1 415-555-0177',
        target: 'main',
        match: { landingPage: '/never' },
      },
    ];
    await at.open(page, '/?gclid=abc');
    await shows('415-555-0132');
    expect(at.edge.leases()).toMatchObject([{ targets: ['main'], visitor: expect.stringMatching(/^v_/) }]);
    expect(at.edge.leases()[0]?.touch?.url).toMatch(/gclid=abc$/);
    await evaluated("dialmark.tag({ plan: 'pro', list: [1, { a: null }], at: 'now' })");
    await expect
      .poll(() => at.edge.events('tag').map(({ data }) => data))
      .toEqual([{ plan: 'pro', list: [1, { a: null }], at: 'now' }]);
    at.serve(page, '/second');
    await at.page.goto(`${at.edge.origin}/second`);
    await shows('415-555-0132');
    await expect.poll(() => at.edge.events('pageview')).toHaveLength(1);
    await expect.poll(() => at.edge.events('leave').length).toBeGreaterThan(0);
    expect(at.edge.leases()).toHaveLength(1);
    expect((await at.context.cookies()).map(({ name }) => name)).toEqual(['dialmark_acme']);
    expect(at.errors.filter((error) => !/favicon/.test(error))).toEqual([]);
  });

  it('accessors of every object: the npm module gets a number and writes the cookie', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { createDialmark } from '@dialmark/snippet'; createDialmark(${JSON.stringify(at.edge.config)});`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
      format: 'esm',
    });
    at.serve((outputFiles[0] as { text: string }).text, '/app.js');
    const patch = PATCHES.find(([name]) => name === 'accessors of every object')?.[1];
    await at.open(
      `<html><head><link rel="icon" href="data:,"></head><body>${BODY}<script>${patch}</script><script type="module" src="/app.js"></script></body></html>`,
    );
    await shows('415-555-0132');
    await expect.poll(async () => (await at.context.cookies()).map(({ name }) => name)).toEqual(['dialmark_acme']);
    expect(at.errors).toEqual([]);
  });

  it('adds nothing to a page that has not', async () => {
    await at.open(BODY);
    await shows('415-555-0132');
    expect(await evaluated('document.querySelectorAll("iframe").length')).toBe(0);
  });
});

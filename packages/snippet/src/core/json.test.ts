import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { toJson } from './json.ts';
import { plainOf } from './plain.ts';

const pristine = JSON.stringify;
const added: [prototype: object, name: string][] = [];
/** Adds an enumerable member to a built-in, as old libraries do. */
function add(prototype: object, name: string, value: unknown): void {
  added.push([prototype, name]);
  Object.defineProperty(prototype, name, { value, enumerable: true, configurable: true });
}
const dateToJson = Date.prototype.toJSON;
afterEach(() => {
  for (const [prototype, name] of added.splice(0)) Reflect.deleteProperty(prototype, name);
  Date.prototype.toJSON = dateToJson;
  JSON.stringify = pristine;
});

const written = (value: unknown) => toJson(plainOf(value));

/** Expects the same JSON, whatever the way its characters are escaped. */
function same(value: unknown): void {
  expect(JSON.stringify(JSON.parse(written(value)))).toBe(JSON.stringify(value));
}

describe('JSON of what pages hand over', () => {
  it('says what JSON.stringify says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        same(value);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(toJson(text))).toBe(text);
      }),
    );
  });

  it.each([
    [{ a: undefined, b: () => {}, c: Symbol('c'), d: 1 }],
    [[undefined, () => {}, Number.NaN, Number.NEGATIVE_INFINITY, -0]],
    // biome-ignore lint/suspicious/noSparseArray: a hole is written like undefined
    [[1, , 2]],
    [{ at: new Date(0), never: new Date(Number.NaN) }],
    [{ link: new URL('https://acme.example/?a="b"') }],
    [Object.assign(Object.create({ inherited: 1 }), { own: 2 })],
    [Object.assign(Object.create(null), { own: 2 })],
    [{ '"\\\n': '\u0000\u001f\u2028 </script>' }],
  ])('writes values that pages hand over like JSON.stringify: case %#', (value) => {
    same(value);
  });

  it('heeds nothing that a page has put into built-ins', () => {
    const value = { list: ['main', { a: 1 }], text: 'a', number: 1, at: new Date(0) };
    const expected = pristine(value);
    for (const prototype of [Array, Object, String, Number, Boolean])
      add(prototype.prototype, 'toJSON', () => 'theirs');
    add(Array.prototype, 'each', () => {});
    add(Object.prototype, 'extend', () => {});
    // Prototype 1.6 does this, quotes included.
    Date.prototype.toJSON = function () {
      return `"${this.toISOString()}"`;
    };
    JSON.stringify = () => 'theirs';
    const text = written(value);
    for (const [prototype, name] of added.splice(0)) Reflect.deleteProperty(prototype, name);
    expect(text).toBe(expected);
  });

  it('throws on what contains itself', () => {
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    expect(() => written(circle)).toThrow(RangeError);
  });
});

/** The module form of the package, by its path: the bare name is a deprecated module of Node. */
declare module 'punycode/punycode.es6.js' {
  export function toUnicode(host: string): string;
  export function toASCII(host: string): string;
}

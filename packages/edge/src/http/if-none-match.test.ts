import { expect, it } from 'vitest';
import { hasAlready } from './if-none-match.ts';

const ETAG = '"abc123"';

it.each(['"abc123"', 'W/"abc123"', '"x", "abc123"', 'W/"x",W/"abc123"', ' "a,b" , "abc123" ', '*', ' * '])(
  '%s is a client that has it',
  (header) => {
    expect(hasAlready(header, ETAG)).toBe(true);
    expect(hasAlready(header, `W/${ETAG}`)).toBe(true);
  },
);

it.each([null, undefined, '', 'abc123', '"abc"', '"abc1234"', 'W/"x"', '"a,abc123"', '"*"', '"x" *', '"ABC123"'])(
  '%s is one that does not',
  (header) => expect(hasAlready(header, ETAG)).toBe(false),
);

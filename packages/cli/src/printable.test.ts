import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it('takes the power from escape sequences and leaves the rest', () => {
  expect(printable('a\u001b[2Jb\u009b31m\u0007\r')).toBe('a\uFFFD[2Jb\uFFFD31m\uFFFD\uFFFD');
  expect(printable('Zoë’s roof\n+1 415 ☎')).toBe('Zoë’s roof\n+1 415 ☎');
});

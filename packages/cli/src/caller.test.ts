import { expect, it } from 'vitest';
import { maskCaller } from './caller.ts';

it.each([
  ['+12125550199', '+1212•••••99'],
  ['+4930901820', '+4930••••20'],
  ['+123456', '•••••••'],
  [null, 'withheld'],
])('shows %s as %s', (number, shown) => {
  expect(maskCaller(number)).toBe(shown);
});

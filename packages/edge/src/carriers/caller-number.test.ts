import { expect, it } from 'vitest';
import { e164OrNull } from './caller-number.ts';

it.each([
  ['+12125550199', '+12125550199'],
  ['12125550199', '+12125550199'],
  ['441234567890', '+441234567890'],
])('reads %s as %s', (text, number) => {
  expect(e164OrNull(text)).toBe(number);
});

it.each([
  'anonymous',
  'Restricted',
  'Unavailable',
  '',
  '+266696687',
  '+7378742833',
  '+86282452253',
  'client:jenny',
  'sip:+12125550199@example.com',
  '12345',
  '+0123456789',
  '+1234567890123456',
  '1212555019a',
  '１２１２５５５０１９９',
  null,
  undefined,
  12125550199,
  {},
  ['+12125550199'],
])('takes %j for no number', (value) => {
  expect(e164OrNull(value)).toBeNull();
});

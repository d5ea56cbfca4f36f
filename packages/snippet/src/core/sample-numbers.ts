import type { PrintedNumber } from './contract.ts';

/** Numbers of several countries for tests, in the forms that libphonenumber prints. */
const printed = (national: string, international: string): PrintedNumber => ({
  number: `+${international.replace(/\D/g, '')}`,
  national,
  international,
});

export const US = printed('(415) 555-0100', '+1 415-555-0100');
export const US_TRACKING = printed('(628) 555-0132', '+1 628-555-0132');
export const US_VANITY = printed('(800) 356-9377', '+1 800-356-9377');
export const GB = printed('020 7946 0958', '+44 20 7946 0958');
export const GB_TRACKING = printed('020 7946 0011', '+44 20 7946 0011');
export const DE = printed('0351 655772', '+49 351 655772');
export const DE_TRACKING = printed('0351 4188999', '+49 351 4188999');
export const FR = printed('01 34 53 09 01', '+33 1 34 53 09 01');
export const FR_TRACKING = printed('01 86 65 00 99', '+33 1 86 65 00 99');
export const AT = printed('0800 203088', '+43 800 203088');
export const AT_TRACKING = printed('0800 203099', '+43 800 203099');
export const IT = printed('06 1234 5678', '+39 06 1234 5678');
export const IT_TRACKING = printed('06 1234 0011', '+39 06 1234 0011');
export const CH = printed('032 262 41 19', '+41 32 262 41 19');
export const CH_TRACKING = printed('032 262 99 88', '+41 32 262 99 88');

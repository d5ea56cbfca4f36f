import { expressionOf } from './expression.ts';
import { findInTexts } from './find-in-texts.ts';
import { formsOf } from './forms.ts';
import { findInLink, LINKS } from './link.ts';
import { sourceNumbers } from './source-numbers.ts';
import { surroundingsOf } from './surroundings.ts';
import { ELEMENTS, LABELS } from './swapper.ts';
import { eachRun, isLeftAlone } from './text-runs.ts';

/**
 * What finds numbers, for the debug overlay: it looks with the very functions of the page's script and brings none of its
 * own. In an order instead of by names, which every page would carry.
 */
export const MATCHER = [
  sourceNumbers,
  expressionOf,
  formsOf,
  findInTexts,
  surroundingsOf,
  eachRun,
  isLeftAlone,
  findInLink,
  LINKS,
  LABELS,
  ELEMENTS,
] as const;

export type Matcher = typeof MATCHER;

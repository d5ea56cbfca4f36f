import { expressionOf } from '../core/expression.ts';
import { findInTexts } from '../core/find-in-texts.ts';
import { formsOf } from '../core/forms.ts';
import { findInLink } from '../core/link.ts';
import { sourceNumbers } from '../core/source-numbers.ts';
import { LABELS, LINKS } from './attributes.ts';
import { ELEMENTS } from './scanner.ts';
import { surroundingsOf } from './surroundings.ts';
import { eachRun, isLeftAlone } from './text-runs.ts';

/**
 * Finds numbers for the debug overlay: it looks with the very functions of the page's script and brings none of its
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

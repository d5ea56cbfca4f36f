import { Amount, type EpochMs, landingPath } from '@dialmark/shared';
import * as v from 'valibot';
import { dayAt, hourAt } from '../days.ts';

/** The properties, apart from its touch, that reports group visits by. */
export interface VisitFacts {
  day: number;
  hour: number;
  landingPath: string | null;
  referrerHost: string | null;
  variant: string | null;
}

interface Visit {
  startedAt: number;
  landingPage: string | null;
  referrer: string | null;
  tags: Record<string, unknown> | null;
}

/** The parameter of a landing page that names the variant of a split test. */
const VARIANT = 'dialmark_variant';
const LONGEST_VARIANT = 100;

/** Works out what reports group by. The time zone is the site's at this moment: a later change rewrites no history. */
export function visitFacts({ startedAt, landingPage, referrer, tags }: Visit, timeZone: string): VisitFacts {
  return {
    day: dayAt(startedAt as EpochMs, timeZone),
    hour: hourAt(startedAt as EpochMs, timeZone),
    landingPath: landingPage === null ? null : landingPath(landingPage),
    referrerHost: hostOf(referrer),
    variant: variantIn(landingPage) ?? textOf(tags?.variant)?.slice(0, LONGEST_VARIANT) ?? null,
  };
}

/** The value that a visit's tags give its call, as judged when they came (pool/page-tags.ts); null where they give none. */
export function taggedValue(tags: Record<string, unknown> | null): number | null {
  return v.is(Amount, tags?.countedValue) ? tags.countedValue : null;
}

/** The visitor's user id, as signed by the site's server (pool/page-tags.ts). */
export function taggedUser(tags: Record<string, unknown> | null): string | null {
  return textOf(tags?.signedUserId)?.slice(0, 200) ?? null;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function hostOf(referrer: string | null): string | null {
  if (referrer === null || !URL.canParse(referrer)) return null;
  return new URL(referrer).hostname.replace(/^www\./, '') || null;
}

function variantIn(landingPage: string | null): string | null {
  if (landingPage === null || !landingPage.includes(VARIANT)) return null;
  const query = landingPage.split('#', 1)[0]?.split('?').slice(1).join('?') ?? '';
  return textOf(new URLSearchParams(query).get(VARIANT))?.slice(0, LONGEST_VARIANT) ?? null;
}

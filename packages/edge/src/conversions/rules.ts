import type { CallStatus, ConversionCode, ConversionOn, EpochMs, Integration } from '@dialmark/shared';
import { type Change, isOfLead } from './change.ts';
import type { KindRule } from './destinations/destination.ts';
import { destinationOf } from './destinations/index.ts';
import type { Known } from './integrations.ts';
import type { Occasion } from './occasion.ts';

/** A call or a lead held against an integration. */
export interface Case extends Known {
  change: Change;
  /** Null of a lead that has not reached the stage. */
  occasion: Occasion | null;
  now: EpochMs;
}

/** A case whose stage is reached: what all rules after `stage_not_reached` are asked of. */
type Reached = Case & { occasion: Occasion };

/** A reason to send an integration nothing. */
export interface KeptBack {
  code: ConversionCode;
  reason: string;
}

/** From when on a rule can be asked: of any message, of a call that still rings, of one that is over. */
type From = 'always' | 'ringing' | 'over';

interface Rule {
  code: ConversionCode;
  from: From;
  /** Returns why it keeps a case back; null where it does not. */
  asks(it: Reached): string | null;
}

export const IS_OVER: Record<CallStatus, boolean> = {
  ringing: false,
  'in-progress': false,
  completed: true,
  missed: true,
  busy: true,
  failed: true,
  voicemail: true,
};

const STAGE_IN_WORDS: Record<ConversionOn, string> = {
  call: 'a call',
  lead: 'a lead',
  qualified: 'qualified',
  booked: 'booked',
  won: 'won',
};

/**
 * Every reason to send an integration nothing, in the order in which they are checked. What is sent is decided by
 * this list, and what was not sent is explained by it: the first one that holds is the answer.
 */
const RULES: readonly Rule[] = [
  {
    code: 'before_integration',
    from: 'always',
    asks: ({ integration, occasion }) =>
      occasion.receivedAt < Date.parse(integration.createdAt) ? 'It came in before the integration was created.' : null,
  },
  {
    code: 'disabled',
    from: 'always',
    asks: ({ integration }) => ifOff('disabled', integration),
  },
  {
    code: 'paused',
    from: 'always',
    asks({ integration, off, occasion: { receivedAt } }) {
      const now = ifOff('paused', integration);
      if (now !== null) return now;
      const until = off?.until ?? null;
      const missed = off !== null && until !== null && receivedAt >= off.from && receivedAt < until;
      return missed ? 'It came in while the integration was paused.' : null;
    },
  },
  {
    code: 'spam',
    from: 'ringing',
    asks: ({ integration: { rules }, occasion: { call } }) =>
      call?.spam && !rules.spam ? 'The call is marked as spam.' : null,
  },
  ofKind('not_from_ads', 'over'),
  ofCall('not_answered', ({ rules }, call) =>
    rules.answered && call.status !== 'completed' ? 'Nobody answered the call.' : null,
  ),
  ofCall('too_short', ({ rules }, call) => {
    const seconds = call.durationSeconds ?? 0;
    return seconds < rules.minSeconds ? `The call lasted ${seconds} seconds; ${rules.minSeconds} are required.` : null;
  }),
  {
    ...ofCall('not_first_time', ({ rules }, call) =>
      rules.firstTimeOnly && !call.firstTime ? 'The caller had called before.' : null,
    ),
    from: 'ringing',
  },
  {
    code: 'other_source',
    from: 'ringing',
    asks: ({ integration: { rules }, occasion: { source } }) => among(rules.sources, source, 'source'),
  },
  {
    code: 'other_channel',
    from: 'ringing',
    asks: ({ integration: { rules }, occasion: { channel } }) => among(rules.channels, channel, 'channel'),
  },
  ofKind('reserved_name', 'over'),
  ofKind('outside_window', 'over'),
  {
    code: 'no_click_id',
    from: 'ringing',
    asks: ({ integration: { rules }, change: { clicks } }) =>
      rules.clickId !== null && !clicks.some(({ name }) => name === rules.clickId)
        ? `No ad click with a ${rules.clickId} is known.`
        : null,
  },
  ofKind('no_click_id', 'over'),
  ofKind('no_caller', 'over'),
  {
    code: 'consent',
    from: 'ringing',
    asks: ({ integration, occasion: { visitor } }) =>
      integration.consent === 'required' && visitor === null && !isFromAds(integration)
        ? 'Consent is required, and no visitor with consent is known.'
        : null,
  },
  ofKind('no_visit', 'over'),
];

/** Returns the reason for which nothing at all is sent to an integration now; null if something is. */
export function keptBackNow(integration: Integration): KeptBack | null {
  for (const code of ['disabled', 'paused'] as const) {
    const reason = ifOff(code, integration);
    if (reason !== null) return { code, reason };
  }
  return null;
}

function ifOff(code: 'disabled' | 'paused', { disabled, paused }: Integration): string | null {
  if (code === 'disabled') return disabled && `The integration is disabled: ${disabled.because}.`;
  return paused ? 'The integration is paused.' : null;
}

const RANK: Record<From, number> = { always: 0, ringing: 1, over: 2 };

/** Returns the first rule that keeps a case back, of those that can be asked by then; null if none does. */
export function keptBack(it: Case, from: From): KeptBack | null {
  if (it.change.call?.test) return { code: 'test_call', reason: 'It is a test call.' };
  if (!isReached(it)) {
    const { integration, change } = it;
    if (change.call?.spam && !integration.rules.spam) return { code: 'spam', reason: 'The call is marked as spam.' };
    const stage = STAGE_IN_WORDS[integration.rules.on];
    return { code: 'stage_not_reached', reason: `No lead of this call is ${stage} yet.` };
  }
  for (const { code, from: askedFrom, asks } of RULES) {
    const reason = RANK[askedFrom] <= RANK[from] ? asks(it) : null;
    if (reason !== null) return { code, reason };
  }
  return null;
}

function isReached(it: Case): it is Reached {
  return it.occasion !== null;
}

/** A rule about calls: an integration that waits for leads does not ask it. */
function ofCall(
  code: ConversionCode,
  asks: (integration: Integration, call: NonNullable<Occasion['call']>) => string | null,
): Rule {
  return {
    code,
    from: 'over',
    asks: ({ integration, change, occasion: { call } }) =>
      isOfLead(change) || call === null ? null : asks(integration, call),
  };
}

/** A rule that only some kinds of destination have. */
function ofKind(code: KindRule, from: From): Rule {
  return {
    code,
    from,
    asks: ({ integration, change, occasion, now }) =>
      destinationOf(integration.kind).rules[code]?.(integration as never, change, occasion, now) ?? null,
  };
}

function isFromAds(integration: Integration): boolean {
  return integration.kind === 'google_data_manager' && integration.calls === 'from_ads';
}

function among(wanted: readonly string[] | null, value: string | null, what: string): string | null {
  if (wanted === null || (value !== null && wanted.some((name) => name.toLowerCase() === value.toLowerCase()))) {
    return null;
  }
  return `Its ${what} is ${value ?? 'unknown'}. Required: ${wanted.join(', ')}.`;
}

import type { CallChange, CallRules, Integration } from '@dialmark/shared';

/** Whether a call that is over counts for a destination. */
export function counts(integration: Integration, change: CallChange): boolean {
  const { rules } = integration;
  const { call } = change;
  return (
    isWelcome(integration, change) &&
    !(rules.answered && call.status !== 'completed') &&
    (call.durationSeconds ?? 0) >= rules.minSeconds
  );
}

/** The rules that a call still ringing can be held against already. */
export function isWelcome({ rules, consent }: Integration, change: CallChange): boolean {
  const { call, clicks } = change;
  const { touch, visitor } = call.attribution;
  return (
    (rules.spam || !call.spam) &&
    !(rules.firstTimeOnly && !call.firstTime) &&
    among(rules.sources, touch?.source) &&
    among(rules.channels, touch?.channel) &&
    (rules.clickId === null || clicks.some(({ name }) => name === rules.clickId)) &&
    !(consent === 'required' && visitor === null)
  );
}

function among(wanted: CallRules['sources'], value: string | null | undefined): boolean {
  return (
    wanted === null || (typeof value === 'string' && wanted.some((name) => name.toLowerCase() === value.toLowerCase()))
  );
}

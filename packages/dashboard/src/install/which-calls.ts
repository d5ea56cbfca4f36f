import type { CallEventType, Integration } from '@dialmark/shared';
import { inUnits } from '../components/field.tsx';
import { money } from '../model/format.ts';

const EVENTS: Record<CallEventType, string> = {
  'call.ringing': 'rings',
  'call.completed': 'is over',
  'call.updated': 'changes later',
};

const anyOf = (names: readonly string[]) => new Intl.ListFormat('en', { type: 'disjunction' }).format(names);

/** Which calls a destination is told of, when, and what they are worth there, in words. */
export function whichCalls(integration: Integration, currency: string): string {
  const { rules, consent } = integration;
  const conditions = [
    rules.minSeconds > 0 && `of at least ${inUnits(rules.minSeconds)}`,
    rules.firstTimeOnly && 'by first-time callers',
    rules.sources && `from ${anyOf(rules.sources)}`,
    rules.channels && `that came by ${anyOf(rules.channels)}`,
    rules.clickId && `after a click with ${rules.clickId}`,
    consent === 'required' && 'by visitors who agreed',
    rules.spam && 'spam too',
  ].filter((each) => each !== false && each !== null);
  const calls = [rules.answered ? 'Answered calls' : 'All calls', conditions.join(', ')].filter(Boolean).join(' ');
  if (integration.kind === 'webhook') {
    const moments = integration.events.map((event) => EVENTS[event]);
    return `${calls}: when one ${new Intl.ListFormat('en').format(moments)}.`;
  }
  const { delayMinutes, value } = integration;
  const sent = delayMinutes === 0 ? 'sent when they are over' : `sent ${inUnits(delayMinutes * 60)} after they began`;
  const worth = value === null ? '' : `, worth ${money(value, currency)} where they have no value of their own`;
  return `${calls}: ${sent}${worth}.`;
}

import type { CallEventType, Integration, LeadEventType } from '@dialmark/shared';
import { inUnits } from '../components/field.tsx';
import { money } from '../model/format.ts';

const EVENTS: Record<CallEventType | LeadEventType, string> = {
  'call.ringing': 'ringing',
  'call.completed': 'completed',
  'call.updated': 'updated later',
  'lead.created': 'a lead comes up',
  'lead.qualified': 'it is qualified',
  'lead.booked': 'it is booked',
  'lead.won': 'it is won',
  'lead.lost': 'it is lost',
};

const anyOf = (names: readonly string[]) => new Intl.ListFormat('en', { type: 'disjunction' }).format(names);

/** Describes which calls an integration gets, when, and with what value. */
export function whichCalls(integration: Integration, currency: string): string {
  const { rules, consent } = integration;
  const conditions = [
    rules.minSeconds > 0 && `of at least ${inUnits(rules.minSeconds)}`,
    rules.firstTimeOnly && 'by first-time callers',
    rules.sources && `from ${anyOf(rules.sources)}`,
    rules.channels && `through ${anyOf(rules.channels)}`,
    rules.clickId && `with a ${rules.clickId}`,
    consent === 'required' && 'with consent',
    rules.spam && 'including spam',
  ].filter((each) => each !== false && each !== null);
  const calls = [rules.answered ? 'Answered calls' : 'All calls', conditions.join(', ')].filter(Boolean).join(' ');
  if (integration.kind === 'webhook') {
    const moments = integration.events.map((event) => EVENTS[event]);
    return `${calls}, when ${new Intl.ListFormat('en').format(moments)}.`;
  }
  const { delayMinutes, value } = integration;
  const sent = delayMinutes === 0 ? 'sent when completed' : `sent ${inUnits(delayMinutes * 60)} after they start`;
  const worth = value === null ? '' : `, with a default value of ${money(value, currency)}`;
  return `${calls}, ${sent}${worth}.`;
}

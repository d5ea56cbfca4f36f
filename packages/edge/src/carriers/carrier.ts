import type { EpochMs } from '@dialmark/shared';
import type { CarrierName, SecretsOf } from '@dialmark/shared/wire/forwarding';
import type { CallPlan } from '../calls/call-plan.ts';
import type { CarrierEvent, DialResult } from '../calls/events.ts';
import type { Incoming } from './incoming.ts';

/** The response to a carrier. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Null with status 204. */
  body: string | null;
}

/** A request to be made of a carrier's API. */
export interface CarrierCommand {
  method: 'POST';
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** The context of a response, besides the plan and the event. */
export interface AnswerContext<N extends CarrierName = CarrierName> {
  /** The public address of this carrier's status endpoint: `https://EDGE/v1/sites/SITE/carriers/NAME/status`. */
  statusUrl: string;
  secrets: SecretsOf<N>;
}

/**
 * One carrier: how its requests are proved, read and answered. Pure functions but for WebCrypto; none of them throws,
 * whatever comes in.
 */
export interface Carrier<N extends CarrierName = CarrierName> {
  readonly name: N;
  /** Returns true if the carrier made this request with the site's secret, and recently if it states a time. */
  verify(incoming: Incoming, secrets: SecretsOf<N>, now: EpochMs): Promise<boolean>;
  /** Parses the request; null if it is not about a call. Call it only after `verify`. */
  parse(incoming: Incoming): CarrierEvent | null;
  /** Call control for the plan from step `step` on. */
  answer(plan: CallPlan, event: CarrierEvent, context: AnswerContext<N>, step: number): Answer;
  /** Ends the call. */
  hangUp(): Answer;
  /** Call control for the called party's leg alone: what is said before the caller is put through. */
  whisper(text: string, language: string): Answer;
  /** To events that want no call control back. */
  acknowledge(): Answer;
  /** Returns the API requests that an event calls for, for a carrier that takes commands outside the response. */
  commands?(incoming: Incoming, event: CarrierEvent, plan: CallPlan, context: AnswerContext<N>): CarrierCommand[];
}

/** Call control for a new call. */
export function answer<N extends CarrierName>(
  carrier: Carrier<N>,
  plan: CallPlan,
  event: CarrierEvent,
  context: AnswerContext<N>,
): Answer {
  return carrier.answer(plan, event, context, 0);
}

/**
 * Returns what to say when a dial has ended: an answered call is over; otherwise the step that the dial's address named
 * follows, if the plan still has it.
 */
export function answerDialResult<N extends CarrierName>(
  carrier: Carrier<N>,
  plan: CallPlan,
  event: DialResult,
  context: AnswerContext<N>,
): Answer {
  const step = event.nextStep;
  if (event.status === 'completed' || step === null || step >= plan.steps.length) return carrier.hangUp();
  return carrier.answer(plan, event, context, step);
}

/** Returns the answer to any event: the one entry a route needs. */
export function reply<N extends CarrierName>(
  carrier: Carrier<N>,
  plan: CallPlan,
  event: CarrierEvent,
  context: AnswerContext<N>,
): Answer {
  if (event.kind === 'incoming') return answer(carrier, plan, event, context);
  if (event.kind === 'dial_result') return answerDialResult(carrier, plan, event, context);
  if (event.kind === 'whisper') return carrier.whisper(event.text, plan.language);
  return carrier.acknowledge();
}

/** Returns the address a carrier is to call next, with our own notes in its query, after those it already has. */
export function callback(statusUrl: string, notes: Record<string, string | number | null>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(notes)) if (value !== null) query.set(name, String(value));
  const text = query.toString();
  return text ? `${statusUrl}${statusUrl.includes('?') ? '&' : '?'}${text}` : statusUrl;
}

/** Returns the `step` note of a callback: which step follows; null if none does or it is garbage. */
export function stepNote(query: URLSearchParams): number | null {
  const text = query.get('step');
  return text !== null && /^\d{1,2}$/.test(text) ? Number(text) : null;
}

export const xmlAnswer = (body: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body,
});

export const jsonAnswer = (body: unknown): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const emptyAnswer = (status: 200 | 204 = 204): Answer => ({
  status,
  headers: {},
  body: status === 204 ? null : '',
});

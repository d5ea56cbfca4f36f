import { type CallPlan, stepAfter } from '../calls/call-plan.ts';
import type { CarrierEvent } from '../calls/events.ts';
import type { CarrierCommand } from './carrier.ts';
import { writeNote } from './telnyx-note.ts';

/** The leg that the commands are for. */
export interface LegControl {
  /** Control id of the caller's leg, which commands go to. */
  parentControlId: string;
  /** `call.initiated` and so on. */
  eventType: string;
  /** The step the leg was in, from our own note in `client_state`: `announce`, `greeting`, `record`; null for none. */
  doing: string | null;
  incoming: boolean;
}

/** The commands in use, each with what its body may hold; `command_id` goes along with all of them. */
export interface Commands {
  answer: { webhook_url: string; webhook_url_method: 'POST' };
  speak: { payload: string; voice: string; language: SpokenLanguage; client_state: string };
  transfer: {
    to: string;
    from: string | undefined;
    diversion: string | undefined;
    timeout_secs: number;
    target_leg_client_state: string;
    webhook_url: string;
    webhook_url_method: 'POST';
    record?: 'record-from-answer';
    record_channels?: 'dual';
    record_format?: 'mp3';
  };
  record_start: {
    format: 'mp3';
    channels: 'single';
    play_beep: boolean;
    max_length: number;
    timeout_secs: number;
    client_state: string;
  };
  hangup: object;
}

/** The languages that Telnyx reads aloud in; it refuses a command that names another. */
const SPOKEN_LANGUAGES = [
  ...(['en-US', 'arb', 'cmn-CN', 'cy-GB', 'da-DK', 'de-DE', 'en-AU', 'en-GB', 'en-GB-WLS', 'en-IN'] as const),
  ...(['es-ES', 'es-MX', 'es-US', 'fr-FR', 'fr-CA', 'hi-IN', 'is-IS', 'it-IT', 'ja-JP', 'ko-KR'] as const),
  ...(['nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ro-RO', 'ru-RU', 'sv-SE', 'tr-TR'] as const),
];
export type SpokenLanguage = (typeof SPOKEN_LANGUAGES)[number];

/** Returns the language itself, else the same in another country, else English. */
function spokenLanguage(language: string): SpokenLanguage {
  const [base] = language.split('-', 1);
  return (
    SPOKEN_LANGUAGES.find((known) => known === language) ??
    SPOKEN_LANGUAGES.find((known) => known.startsWith(`${base}-`)) ??
    'en-US'
  );
}

/**
 * Returns what to command Telnyx to do about a Call Control event: answer the caller, announce the recording, transfer to the
 * destination; when a dial was not answered the next step; when all is said, hang up. Empty for events that need
 * nothing. Each command carries the event's id as `command_id`, so that a webhook delivered twice is obeyed once; a
 * command to a leg that is gone meanwhile is refused by Telnyx, and that is all.
 * https://developers.telnyx.com/api-reference/call-commands/transfer-call
 *
 * A whisper needs a recorded file there, so it is left out; TeXML applications have it.
 */
export function callControlCommands(
  event: CarrierEvent,
  control: LegControl,
  plan: CallPlan,
  { apiKey, statusUrl }: { apiKey: string; statusUrl: string },
): CarrierCommand[] {
  if (!control.parentControlId) return [];
  const parties = { from: event.from, to: event.to };

  // As Telnyx's own library writes ids into paths: colons bare, all else that would end the segment escaped.
  const id = encodeURIComponent(control.parentControlId).replaceAll('%3A', ':');
  const command = <A extends keyof Commands>(action: A, body: Commands[A]): CarrierCommand => ({
    method: 'POST',
    url: `https://api.telnyx.com/v2/calls/${id}/actions/${action}`,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, command_id: `${event.eventId}:${action}` }),
  });
  const speak = (payload: string, doing: string) =>
    command('speak', {
      payload,
      language: spokenLanguage(plan.language),
      voice: 'female',
      client_state: writeNote({ doing, ...parties }),
    });
  const hangUp = () => command('hangup', {});

  const begin = (index: number): CarrierCommand => {
    const step = plan.steps[index];
    if (!step) return hangUp();
    if (step.kind === 'message') return speak(step.message, 'farewell');
    if (step.kind === 'voicemail') return speak(step.greeting, 'greeting');
    const note = { leg: 'dial', step: stepAfter(plan, index), parent: control.parentControlId, ...parties } as const;
    return command('transfer', {
      to: step.destination,
      // Shown to the called party. Telnyx takes the caller's number where `diversion` names the call it is on.
      from: (plan.callerId === 'caller' ? event.from : null) ?? event.to ?? undefined,
      diversion: plan.callerId === 'caller' && event.from ? (event.to ?? undefined) : undefined,
      timeout_secs: step.timeoutSeconds,
      target_leg_client_state: writeNote(note),
      webhook_url: statusUrl,
      webhook_url_method: 'POST',
      ...(plan.record ? { record: 'record-from-answer', record_channels: 'dual', record_format: 'mp3' } : {}),
    });
  };

  switch (control.eventType) {
    case 'call.initiated':
      return control.incoming ? [command('answer', { webhook_url: statusUrl, webhook_url_method: 'POST' })] : [];
    case 'call.answered':
      if (event.leg !== 'parent' || control.doing !== null) return [];
      return [plan.record && plan.announcement !== null ? speak(plan.announcement, 'announce') : begin(0)];
    case 'call.speak.ended': {
      if (control.doing === 'announce') return [begin(0)];
      if (control.doing === 'farewell') return [hangUp()];
      if (control.doing !== 'greeting') return [];
      const voicemail = plan.steps.find((step) => step.kind === 'voicemail');
      return [
        command('record_start', {
          format: 'mp3',
          channels: 'single',
          play_beep: true,
          max_length: voicemail?.maxSeconds ?? 120,
          timeout_secs: 5,
          client_state: writeNote({ doing: 'record', ...parties }),
        }),
      ];
    }
    case 'call.hangup': {
      if (event.kind !== 'dial_result') return [];
      return [event.status !== 'completed' && event.nextStep !== null ? begin(event.nextStep) : hangUp()];
    }
    case 'call.recording.saved':
      return control.doing === 'record' ? [hangUp()] : [];
    default:
      return [];
  }
}

import type { Attribution, Binding, Call } from '@dialmark/shared';
import { maskCaller } from './caller.ts';

const time = (at: string) => new Date(at).toTimeString().slice(0, 8);

/** In the dashboard's words: nothing is certain. */
const likelihood = (confidence: number) => (confidence >= 0.995 ? 'over 99%' : `${Math.round(confidence * 100)}%`);

/** Returns where a call came from, in a few words. */
function origin({ match, confidence, session }: Attribution): string {
  if (match === 'none') return 'no visit was shown this number';
  // A call to a source number is known to come from that source; which visit it was, it cannot tell.
  if (!session) return match === 'source' ? 'source number' : `unknown (${match})`;
  const sure = match === 'source' ? 'source number' : `${match}, ${likelihood(confidence)} sure`;
  const source = [session.source, session.medium, session.campaign].filter(Boolean).join(' / ');
  return `${session.channel}: ${source} (${sure})`;
}

const talk = ({ durationSeconds }: Call) => (durationSeconds ? ` ${Math.round(durationSeconds)} s` : '');

/** Returns a call in one line, for `tail`. */
export function callLine(call: Call, showCallers: boolean): string {
  const from = showCallers ? (call.from ?? 'withheld') : maskCaller(call.from);
  return `${time(call.startedAt)}  call     ${call.to ?? 'no number'}  from ${from}  ${call.status}${talk(call)}  ${origin(call.attribution)}${call.test ? '  test' : ''}`;
}

/** Returns a binding in one line, for `tail`. */
export function bindingLine({ startedAt, number, target, kind, session }: Binding): string {
  return `${time(startedAt)}  binding  ${number}  ${kind} for ${target}  session ${session}`;
}

/** Returns everything known of a call's attribution, as labelled lines. */
export function callReport(call: Call): string {
  const { attribution } = call;
  const { session, visitor, binding, candidates } = attribution;
  const rows: [label: string, text: string | null | undefined][] = [
    [
      'Call',
      `${call.id}, ${call.status}${talk(call)}${call.firstTime ? ', new caller' : ''}${call.test ? ', test call' : ''}`,
    ],
    ['To', `${call.to ?? 'a number the carrier didn’t report'}${call.target ? ` (target ${call.target})` : ''}`],
    ['From', call.from ?? 'withheld'],
    ['Attributed', origin(attribution)],
    ['Keyword', session?.term],
    ['Landing page', session?.landingPage],
    ['Referrer', session?.referrer],
    [
      'Click IDs',
      Object.entries(session?.clickIds ?? {})
        .map((pair) => pair.join('='))
        .join(' '),
    ],
    ['Visit', session && `${session.id}, ${session.pages} page${session.pages === 1 ? '' : 's'}`],
    ['Visitor', visitor && `${visitor.id}, ${visitor.sessions} visit${visitor.sessions === 1 ? '' : 's'}`],
    ['Binding', binding?.id],
    ['Other visits', candidates.map((other) => `${other.session} (${likelihood(other.confidence)})`).join(', ')],
  ];
  return rows
    .filter(([, text]) => text)
    .map(([label, text]) => `${label.padEnd(13)} ${text}`)
    .join('\n');
}

import { setTimeout as sleep } from 'node:timers/promises';
import { api, type Binding, type Call } from '@dialmark/shared';
import { bindingLine, callLine } from '../call-text.ts';
import { maskCaller } from '../caller.ts';
import { command } from '../command.ts';
import { CONNECTION, connectToSite, type SiteConnection } from '../connection.ts';
import { isNetworkError, usageFailure } from '../failure.ts';
import { Unseen } from '../unseen.ts';

export const tail = command({
  name: 'tail',
  summary: 'show bindings and calls as they happen',
  usage: ['tail [--calls] [--show-callers] [--json]', 'tail --once'],
  options: {
    calls: { type: 'boolean', text: 'calls only' },
    once: { type: 'boolean', text: 'print the latest and exit' },
    lines: { type: 'string', value: 'N', text: 'number of earlier entries to start with (default: 10)' },
    interval: { type: 'string', value: 'SECONDS', text: 'polling interval (default: 2)' },
    'show-callers': { type: 'boolean', text: "callers' whole numbers; masked otherwise" },
    json: { type: 'boolean', text: 'print one JSON object per line' },
    ...CONNECTION,
  },
  details: ['Stop with Ctrl+C. A call is printed again when its state changes.'],
  async run(given, world) {
    const { values } = given;
    const connection = await connectToSite(given, world);
    const lines = wholeNumber('lines', values.lines ?? '10', 0, 1000);
    const interval = wholeNumber('interval', values.interval ?? '2', 1, 3600) * 1000;
    const showCallers = values['show-callers'] ?? false;
    const write = (kind: string, at: string, line: string, json: object): Line => ({
      at,
      text: values.json ? JSON.stringify({ kind, ...json }) : line,
    });

    const calls = new Unseen<Call>(
      (call) =>
        `${call.id} ${call.status} ${call.durationSeconds} ${call.attribution.match} ${call.attribution.session?.id}`,
    );
    const bindings = new Unseen<Binding>(({ id }) => id);
    const look = async (count: number) => {
      const [newCalls, newBindings] = await Promise.all([
        calls.take((cursor) => callsPage(connection, cursor), count),
        values.calls ? [] : bindings.take((cursor) => bindingsPage(connection, cursor), count),
      ]);
      const found = [
        ...newBindings.map((binding) => write('binding', binding.startedAt, bindingLine(binding), binding)),
        ...newCalls.map((call) =>
          write('call', call.startedAt, callLine(call, showCallers), {
            ...call,
            from: showCallers ? call.from : maskCaller(call.from),
          }),
        ),
      ];
      for (const { text } of found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) world.out(text);
    };

    await look(lines);
    if (values.once) return;
    world.err(`Watching ${connection.site}. Stop with Ctrl+C.`);
    let lost = false;
    while (!world.signal.aborted) {
      await sleep(interval, undefined, { signal: world.signal }).catch(() => {});
      if (world.signal.aborted) return;
      try {
        await look(Number.POSITIVE_INFINITY);
        if (lost) world.err('Reconnected.');
        lost = false;
      } catch (error) {
        if (!isNetworkError(error)) throw error;
        if (!lost) world.err(`${connection.edge} is not responding. Retrying.`);
        lost = true;
      }
    }
  },
});

interface Line {
  at: string;
  text: string;
}

const query = (cursor: string | null) => ({ limit: '100', ...(cursor === null ? {} : { cursor }) });

const callsPage = ({ client, site }: SiteConnection, cursor: string | null) =>
  client.call(api.listCalls, { site, query: { ...query(cursor), test: 'include' } });

const bindingsPage = ({ client, site }: SiteConnection, cursor: string | null) =>
  client.call(api.listBindings, { site, query: query(cursor) });

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= min && number <= max))
    throw usageFailure(`--${option} must be a whole number from ${min} to ${max}.`);
  return number;
}

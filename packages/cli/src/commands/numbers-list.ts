import { api, type TrackingNumber } from '@dialmark/shared';
import { command } from '../command.ts';
import { CONNECTION, connectToSite } from '../connection.ts';
import { table } from '../table.ts';

export const numbersList = command({
  name: 'numbers list',
  summary: 'list the tracking numbers with their current state',
  usage: ['numbers list [--json]'],
  options: { json: { type: 'boolean', text: 'print one JSON object per line' }, ...CONNECTION },
  async run(given, { out, ...world }) {
    const { client, site } = await connectToSite(given, { out, ...world });
    const numbers: TrackingNumber[] = [];
    let cursor: string | null = null;
    do {
      const query: { limit: string; cursor?: string } = { limit: '1000', ...(cursor === null ? {} : { cursor }) };
      const page = await client.call(api.listNumbers, { site, query });
      numbers.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== null);

    if (given.values.json) {
      for (const number of numbers) out(JSON.stringify(number));
      return;
    }
    if (numbers.length === 0) {
      out(`${site} has no numbers yet. Add some with: dialmark numbers import FILE.csv`);
      return;
    }
    const rows = numbers.map(({ number, target, kind, status, state, name, match }) => [
      number,
      target,
      kind,
      status === 'active' ? state : status,
      name ?? ruleText(match),
    ]);
    out(table(['NUMBER', 'TARGET', 'KIND', 'STATE', 'NAME OR RULE'], rows));
  },
});

const ruleText = (match: TrackingNumber['match']) =>
  Object.entries(match ?? {})
    .map((pair) => pair.join('='))
    .join(' ');

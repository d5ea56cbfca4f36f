import { api } from '@dialmark/shared';
import { command } from '../command.ts';
import { CONNECTION, connectToSite } from '../connection.ts';
import { usageFailure } from '../failure.ts';
import { printable } from '../printable.ts';
import { table } from '../table.ts';

export const sql = command({
  name: 'sql',
  summary: "query a site's ledger",
  usage: ['sql "SELECT channel, count(*) FROM sessions GROUP BY channel"', 'sql --json "SELECT …"'],
  options: {
    limit: { type: 'string', value: 'N', text: 'maximum number of rows, up to 10000 (default: 1000)' },
    json: { type: 'boolean', text: 'print one JSON object per line' },
    ...CONNECTION,
  },
  words: 1,
  details: [
    'The token needs the scope sql or admin. Statements cannot change anything.',
    'docs/sql.md describes the tables.',
  ],
  async run(given, world) {
    const { values, positionals } = given;
    const [statement] = positionals;
    if (!statement) throw usageFailure('sql needs one statement, in quotation marks.');
    const limit = Number(values.limit ?? '1000');
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= 10_000)) {
      throw usageFailure('--limit must be a whole number from 1 to 10000.');
    }
    const { client, site } = await connectToSite(given, world);
    const { columns, rows, truncated } = await client.call(api.querySql, { site, body: { sql: statement, limit } });
    if (values.json) {
      for (const row of rows) world.out(JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, row[i]]))));
    } else {
      world.out(
        table(
          columns,
          rows.map((row) => row.map((value) => (value === null ? '' : printable(String(value))))),
        ),
      );
    }
    if (truncated) world.err(`Only the first ${rows.length} rows are shown.`);
  },
});

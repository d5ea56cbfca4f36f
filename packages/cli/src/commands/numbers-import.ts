import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { api } from '@dialmark/shared';
import { NUMBER_COLUMNS, readNumberRows, usualTarget } from '@dialmark/shared/number-rows';
import { phoneMetadata as metadata } from '@dialmark/shared/phone-metadata';
import { TableError } from '@dialmark/shared/table/records';
import type { CarrierAccount } from '../accounts/account.ts';
import { telnyxAccount } from '../accounts/telnyx.ts';
import { twilioAccount } from '../accounts/twilio.ts';
import { addNumbers } from '../add-numbers.ts';
import { command } from '../command.ts';
import { CONNECTION, connectToSite, type SiteConnection } from '../connection.ts';
import { Failure, usageFailure } from '../failure.ts';
import { importFromAccount } from '../import-account.ts';
import type { World } from '../world.ts';

const ACCOUNTS: Record<string, (world: World) => CarrierAccount> = { twilio: twilioAccount, telnyx: telnyxAccount };

export const numbersImport = command({
  name: 'numbers import',
  summary: 'add tracking numbers from a file, or from your account at a carrier',
  usage: [
    'numbers import FILE.csv [--target ID]',
    'numbers import --from twilio|telnyx [--only +1…] [--replace] [--dry-run]',
  ],
  options: {
    from: { type: 'string', value: 'CARRIER', text: 'import the numbers of your account at twilio or telnyx' },
    target: { type: 'string', value: 'ID', text: "target of the numbers (default: main, or the site's only one)" },
    only: { type: 'string', multiple: true, value: '+1…', text: 'only this number of the account; repeatable' },
    replace: { type: 'boolean', text: 'also take numbers whose calls currently go elsewhere' },
    'dry-run': { type: 'boolean', text: 'print the plan and change nothing' },
    ...CONNECTION,
  },
  words: 1,
  details: [
    `A file's first line names its columns: ${NUMBER_COLUMNS.join(', ')}.`,
    'Only number is required. A row with a rule (landingPage to clickId) becomes a source number.',
    "A carrier's own export of its numbers is read as it is.",
    '',
    'From an account: calls to each number are pointed at this site, then it is added to the pool. Credentials come from',
    'the environment: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN; TELNYX_API_KEY and TELNYX_PUBLIC_KEY. What proves the',
    "carrier's webhooks is given to the site, where it is kept encrypted, unless the site has it already.",
  ],
  async run(given, world) {
    const { from, target } = given.values;
    const [file] = given.positionals;
    if ((from === undefined) === (file === undefined)) {
      throw usageFailure('Pass a file, or --from twilio or --from telnyx.');
    }
    const connection = await connectToSite(given, world);
    if (from !== undefined) {
      const open = ACCOUNTS[from];
      if (!open)
        throw usageFailure(`--from must be twilio or telnyx, not "${from}". For other carriers, import a CSV file.`);
      const { only, replace = false, 'dry-run': dryRun = false } = given.values;
      const choice = { target: target ?? null, only: only ?? null, replace, dryRun };
      return importFromAccount(open(world), connection, choice, world);
    }
    await importFile(file as string, connection, target ?? null, world);
  },
});

async function importFile(
  file: string,
  connection: SiteConnection,
  target: string | null,
  world: World,
): Promise<void> {
  const bytes = await readFile(resolve(world.cwd, file)).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${file} cannot be read (${error.code}).`);
  });
  const site = await connection.client.call(api.getSite, { site: connection.site });
  const { rows, errors: unread, ignored } = rowsOf(bytes, target ?? usualTarget(site), site.country);
  const total = rows.length + unread.length;
  if (total === 0) throw new Failure(`${file} has headings but no numbers.`);
  if (ignored.length > 0) world.out(`Ignored columns: ${ignored.join(', ')}.`);
  for (const { line, path, message } of unread) world.err(`${file}:${line}: ${path} ${message}`);
  const { added, errors } = await addNumbers(
    connection,
    rows.map(({ number }) => number),
  );
  for (const { index, message } of errors) world.err(`${file}:${rows[index]?.line}: ${message}`);
  world.out(`${added} of ${total} numbers added to ${connection.site}.`);
  const bad = unread.length + new Set(errors.map(({ index }) => index)).size;
  if (bad > 0)
    throw new Failure(`${bad} ${bad === 1 ? 'row was' : 'rows were'} skipped. Correct them and import the file again.`);
}

function rowsOf(bytes: Uint8Array, target: string, country: string) {
  try {
    return readNumberRows(bytes, { target, country, metadata });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    throw new Failure(error.line === null ? error.message : `Line ${error.line}: ${error.message}`);
  }
}

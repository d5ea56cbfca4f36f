import { api, type Site } from '@dialmark/shared';
import { usualTarget } from '@dialmark/shared/number-rows';
import type { AccountNumber, CarrierAccount, Webhooks } from './accounts/account.ts';
import { addNumbers } from './add-numbers.ts';
import type { SiteConnection } from './connection.ts';
import { Failure } from './failure.ts';
import type { World } from './world.ts';

export interface Choice {
  target: string | null;
  /** These numbers alone. */
  only: string[] | null;
  /** Also numbers whose calls go elsewhere now. */
  replace: boolean;
  dryRun: boolean;
}

/**
 * Points an account's numbers at the site and adds them to its pool. In this order, so that no visitor is shown a number
 * before its calls are answered; and only once the site can prove the webhooks, for the same reason.
 */
export async function importFromAccount(
  account: CarrierAccount,
  connection: SiteConnection,
  choice: Choice,
  world: World,
): Promise<void> {
  const { client, edge, site: id } = connection;
  const site = await client.call(api.getSite, { site: id });
  const base = `${edge}/v1/sites/${encodeURIComponent(id)}/carriers/${account.carrier}`;
  const webhooks: Webhooks = { voice: `${base}/voice`, status: `${base}/status` };
  if (!edge.startsWith('https:') && !choice.dryRun) {
    world.err(`${edge} is not https. ${account.carrier} can only reach it if it is public.`);
  }

  const taken: AccountNumber[] = [];
  let listed = 0;
  for await (const number of account.numbers(webhooks)) {
    listed++;
    const reason = reasonToLeave(number, site, choice);
    if (reason === null) taken.push(number);
    else if (reason !== '') world.err(`Skipped ${number.number}: ${reason}`);
  }
  for (const wanted of choice.only ?? []) {
    if (!taken.some(({ number }) => number === wanted))
      world.err(`${wanted} is not among the account's ${listed} numbers, or was skipped.`);
  }
  if (taken.length === 0) throw new Failure(`None of the account's ${listed} numbers can be imported.`);
  if (choice.dryRun) {
    for (const { number, usedBy } of taken)
      world.out(`${number} would be pointed here${usedBy ? `, away from ${usedBy}` : ''}`);
    world.out(`${taken.length} of ${listed} numbers would be added to ${id}. Nothing was changed.`);
    return;
  }

  await giveSecret(account, site, connection, world);
  await account.prepare(webhooks);
  const pointed: AccountNumber[] = [];
  let failed = 0;
  for (const number of taken) {
    try {
      await account.point(number, webhooks);
      pointed.push(number);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed++;
      world.err(`${number.number}: ${error.message}`);
    }
  }
  const target = choice.target ?? usualTarget(site);
  const { added, errors } = await addNumbers(
    connection,
    pointed.map(({ number }) => ({ number, target, kind: 'pool' })),
  );
  for (const { index, message } of errors) world.err(`${pointed[index]?.number}: ${message}`);
  world.out(`${pointed.length} of ${listed} numbers pointed at ${webhooks.voice}`);
  world.out(`${added} numbers added to ${id}, target ${target}.`);
  const bad = failed + new Set(errors.map(({ index }) => index)).size;
  if (bad > 0) throw new Failure(`${bad} of ${taken.length} numbers could not be imported.`);
}

/** Returns null if it is taken, and nothing if nobody asked for it. */
function reasonToLeave({ number, usedBy, unfit }: AccountNumber, site: Site, { only, replace }: Choice): string | null {
  if (only && !only.includes(number)) return '';
  if (unfit !== null) return unfit;
  const printed = site.targets.find((target) => [target.number, target.destination].some((own) => own === number));
  if (printed) return `it is the printed number of target ${printed.id}`;
  if (usedBy !== null && !replace) return `its calls go to ${usedBy} (to take it, use --replace)`;
  return null;
}

/** Without it every webhook would be refused, and callers with it. */
async function giveSecret(
  account: CarrierAccount,
  site: Site,
  connection: SiteConnection,
  world: World,
): Promise<void> {
  const { client, site: id } = connection;
  const { carrier, secret, secretHint } = account;
  const { id: _, ...config } = site;
  if (site.carriers[carrier]?.configured) return;
  if (!secret)
    throw new Failure(`${id} could not verify ${carrier}'s webhooks, so nothing was changed. Set ${secretHint}.`);
  const body = { ...config, carriers: { ...site.carriers, [carrier]: secret } };
  const kept = await client.call(api.putSite, { site: id, body });
  if (!kept.carriers[carrier]?.configured) {
    throw new Failure(
      `This Worker cannot store secrets of ${carrier}, so nothing was changed. Update it: npm run deploy`,
    );
  }
  world.out(`Stored ${carrier}'s secret at ${id}, encrypted.`);
}

import type { EpochMs, Site, Target } from '@dialmark/shared';
import type { CarrierName, Forwarding } from '@dialmark/shared/wire/forwarding';
import { type CallPlan, planFor } from './call-plan.ts';
import type { EncryptedSecrets } from './carrier-secrets.ts';
import type { CarrierEvent } from './events.ts';

/** The part of a site's configuration that a call needs, as last sent by one of its pools. Secrets stay encrypted. */
export interface LastKnown {
  /** Another for each state of the configuration. */
  version: string;
  shard: number;
  encrypted: EncryptedSecrets;
  timeZone: string;
  /** In the site's order: an unknown number rings the first. */
  targets: Destination[];
  /** The numbers that are not the first target's, with the index of theirs. */
  numbers: Record<string, number>;
}

/** A carrier's webhook as the Worker hands it to a pool: read, and checked with the secrets that the Worker last knew. */
export interface CheckedWebhook {
  carrier: CarrierName;
  /** Null if the webhook says nothing of a call. */
  event: CarrierEvent | null;
  /** The tracking number it is about; null if it names none. */
  number: string | null;
  receivedAt: EpochMs;
  /** Whoever made it says that the call is a test. */
  test: boolean;
  /** Null if the Worker knew no secrets of the carrier. */
  checked: {
    /** The encrypted secrets it was checked with. */
    with: string;
    result: 'genuine' | 'forged' | 'unreadable';
    /** The same secrets under the Worker's current key; null if they are under it already. */
    renewed: string | null;
  } | null;
}

interface Destination {
  destination: NonNullable<Target['destination']>;
  forwarding: Forwarding;
}

export function destinationOf({ number, destination, forwarding }: Target): Destination {
  return { destination: destination ?? number, forwarding };
}

export function lastKnown(
  site: Site,
  shard: number,
  numbers: Iterable<{ number: string; target: string }>,
  encrypted: EncryptedSecrets,
): LastKnown {
  const index = new Map(site.targets.map((target, i) => [target.id, i]));
  const others = [...numbers].flatMap(({ number, target }) => {
    const at = index.get(target) ?? 0;
    return at === 0 ? [] : [[number, at] as const];
  });
  return {
    version: crypto.randomUUID(),
    shard,
    encrypted,
    timeZone: site.timeZone,
    targets: site.targets.map(destinationOf),
    numbers: Object.fromEntries(others),
  };
}

/** Sites remembered by one isolate. */
const REMEMBERED = 500;

/**
 * An isolate's memory of sites, so that a call rings even if the site's pool cannot be reached. Each shard of a site
 * knows its own numbers.
 */
export class LastKnownSites {
  readonly #sites = new Map<string, Map<number, LastKnown>>();

  remember(site: string, known: LastKnown): void {
    const shards = this.#sites.get(site) ?? new Map<number, LastKnown>();
    // Set again, so that the first in the map is the site with the oldest news.
    this.#sites.delete(site);
    this.#sites.set(site, shards.set(known.shard, known));
    const [oldest] = this.#sites.keys();
    if (this.#sites.size > REMEMBERED && oldest !== undefined) this.#sites.delete(oldest);
  }

  forget(site: string): void {
    this.#sites.delete(site);
  }

  versions(site: string): string[] {
    return [...(this.#sites.get(site)?.values() ?? [])].map(({ version }) => version);
  }

  /** Returns the last known configuration, from the shard that knows the number if one does; null for an unknown site. */
  recall(site: string, number: string | null): LastKnown | null {
    const shards = [...(this.#sites.get(site)?.values() ?? [])];
    return shards.find(({ numbers }) => number !== null && Object.hasOwn(numbers, number)) ?? shards.at(-1) ?? null;
  }
}

/**
 * Returns the plan by what was last known. Where a call came from is not known then, so a whisper says "your website".
 *
 * @returns null only for a site without targets, which there are none of
 */
export function planFromMemory(known: LastKnown, number: string | null, event: CarrierEvent): CallPlan | null {
  const index = number !== null && Object.hasOwn(known.numbers, number) ? known.numbers[number] : 0;
  const target = known.targets[index ?? 0];
  return target ? planFor(target, event.startedAt ?? event.at, known.timeZone, null, number) : null;
}

import type { Site, SiteConfig } from '@dialmark/shared';
import { decrypt, encrypt, type WorkerKeys } from '../platform/encryption.ts';

/**
 * Secrets in a site's own configuration: what alerts and user ids are signed with. A stored configuration holds them
 * encrypted, as one text each; a shown one says only that they are there.
 */
type Purpose = 'alerts' | 'users';
type Given = NonNullable<SiteConfig['alerts']>['signingSecret'];

function secretOf({ alerts, signedUsers }: Pick<SiteConfig, 'alerts' | 'signedUsers'>, purpose: Purpose): Given {
  if (purpose === 'alerts') return alerts?.signingSecret;
  return signedUsers === undefined ? undefined : (signedUsers?.secret ?? null);
}

const isKept = (given: Given) =>
  given === undefined || (typeof given === 'object' && given !== null && 'configured' in given);

/** Returns whether a configuration brings a secret that would have to be encrypted. */
export function bringsSiteSecrets(config: SiteConfig): boolean {
  return (['alerts', 'users'] as const).some((purpose) => {
    const given = secretOf(config, purpose);
    return !isKept(given) && given !== null;
  });
}

/** Returns a configuration as it is stored. What is left out or `{ configured: true }` stays as it is. */
export async function encryptSiteSecrets<C extends SiteConfig | Site>(
  keys: WorkerKeys,
  id: string,
  config: C,
  known: Site | undefined,
): Promise<C> {
  const encrypted = async (purpose: Purpose): Promise<string | null> => {
    const given = secretOf(config, purpose);
    const secrets = isKept(given) ? known && (await decryptSiteSecrets(keys, known, purpose)) : given && [given].flat();
    if (!isKept(given) || secrets?.length) {
      return secrets?.length ? encrypt(keys, { purpose, owner: id }, secrets) : null;
    }
    // Under neither key: as it is, until a new one comes.
    return (known && (secretOf(known, purpose) as string | null | undefined)) ?? null;
  };
  const users = await encrypted('users');
  return {
    ...config,
    signedUsers: users === null ? null : { secret: users },
    alerts: config.alerts && { ...config.alerts, signingSecret: await encrypted('alerts') },
  };
}

/** Returns the secrets of a stored configuration; none if none were given, or neither key opens them. */
export async function decryptSiteSecrets(keys: WorkerKeys, site: Site, purpose: Purpose): Promise<string[]> {
  const encrypted = secretOf(site, purpose);
  if (typeof encrypted !== 'string') return [];
  return ((await decrypt(keys, { purpose, owner: site.id }, encrypted))?.value as string[] | undefined) ?? [];
}

/**
 * Returns a site as it is shown. A reader who may not change it does not see where alerts go either: such addresses are often
 * secrets themselves.
 */
export function shownSite(site: Site, mayChange: boolean): Site {
  const configured = { configured: true as const };
  const { alerts, signedUsers, ...rest } = site;
  return {
    ...rest,
    signedUsers: signedUsers ? { secret: configured } : null,
    alerts: alerts && {
      ...alerts,
      url: mayChange ? alerts.url : '',
      signingSecret: alerts.signingSecret ? configured : null,
    },
  };
}

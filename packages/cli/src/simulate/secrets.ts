import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import { readSecretFile } from '../connection.ts';
import { usageFailure } from '../failure.ts';
import type { World } from '../world.ts';
import { type Secrets, SIGNERS } from './sign.ts';

/**
 * Returns the secrets a carrier signs with: from a file, which holds the secret alone or an object of them in JSON, else from
 * the environment.
 */
export async function signingSecrets(carrier: CarrierName, file: string | undefined, world: World): Promise<Secrets> {
  const { variables } = SIGNERS[carrier];
  const names = Object.keys(variables);
  const given = file === undefined ? {} : read(await readSecretFile(file, world), names);
  const secrets = Object.fromEntries(
    names.map((name) => [name, given[name] ?? world.env[variables[name] as string] ?? '']),
  );
  const missing = names.filter((name) => !secrets[name]);
  if (missing.length > 0) {
    const wanted = missing.map((name) => variables[name]).join(' and ');
    throw usageFailure(`${carrier}'s secret is required to sign the call. Set ${wanted}, or use --secret-file FILE.`);
  }
  if (secrets.privateKey && Buffer.from(secrets.privateKey, 'base64').length !== 32) {
    throw usageFailure('TELNYX_PRIVATE_KEY must be the 32 bytes of an Ed25519 private key in base64.');
  }
  return secrets;
}

function read(text: string, names: string[]): Record<string, string | undefined> {
  const [only] = names;
  if (!text.trimStart().startsWith('{')) return only && names.length === 1 ? { [only]: text.trim() } : {};
  try {
    const given = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string')) as Record<
      string,
      string
    >;
  } catch {
    throw usageFailure('The secret file is not valid JSON.');
  }
}

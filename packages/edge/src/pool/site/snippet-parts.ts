import type { SnippetConfig } from '@dialmark/shared';
import type { Memory } from '../store/memory.ts';

/** A script's configuration as the pool gives it: the Worker adds how its numbers are printed. */
type Unprinted = Omit<SnippetConfig, 'edge' | 'version' | 'targets' | 'sources'> & {
  targets: Omit<SnippetConfig['targets'][number], 'national' | 'international' | 'printing'>[];
  sources?: Omit<NonNullable<SnippetConfig['sources']>[number], 'national' | 'international'>[];
};

/** The parts of a site's script. */
export interface SnippetParts {
  config: Unprinted;
  /** The site's own. */
  origins: readonly string[];
  /** Names of the cookies of Analytics and Meta that the script sends; if none, it has no part for that. */
  adCookies: readonly string[];
}

/** After which a session ends where the configuration says nothing. */
const TIMEOUT_SECONDS = 1800;

/** @param adCookies those that the site's integrations use */
export function snippetParts({ site, sources }: Memory, adCookies: readonly string[]): SnippetParts {
  const { adIds = true, ...options } = site.snippet;
  const rules = [...sources.values()]
    .flat()
    .flatMap(({ number, target, match }) => (match ? [{ number, target, match }] : []));
  return {
    config: {
      site: site.id,
      targets: site.targets.map(({ id, number, links }) => ({
        id,
        number,
        ...((links.sms || links.whatsapp) && { links }),
      })),
      // Defaults are left out: these bytes come before the first paint.
      ...(rules.length > 0 && { sources: rules }),
      ...(site.session.timeoutSeconds !== TIMEOUT_SECONDS && { session: site.session }),
      ...(site.consent !== 'implied' && { consent: site.consent }),
      ...(site.forms !== 'off' && { forms: site.forms }),
      ...(options as Partial<SnippetConfig>),
    },
    origins: site.origins,
    adCookies: adIds ? adCookies : [],
  };
}

import type { Site } from '@dialmark/shared';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SessionGrant } from './session.ts';

/** The site that every page is about. */
export interface SiteContext {
  site: Site;
  grant: SessionGrant;
}

export const CurrentSite = createContext<SiteContext | null>(null);

/** Only under a page of a site. */
export function useSite(): SiteContext {
  return useContext(CurrentSite) as SiteContext;
}

import type { Call } from '@dialmark/shared';
import { pagePath, phone, plural } from '../model/format.ts';
import { hrefOf } from '../model/route.ts';
import { useSite } from '../model/site.ts';
import { useNumberNames } from './use-number-names.ts';
import { isLive, originOf, STATUS, sureness } from './wording.ts';

/** A call that was never reported as ended rings no longer than this. */
const RINGS_MS = 3 * 3_600_000;

/** Live calls with all that is known about the caller, for the person who picks up. */
export function Ringing({ calls }: { calls: readonly Call[] }) {
  const { site } = useSite();
  const names = useNumberNames(site.id);
  const live = calls.filter((call) => isLive(call) && Date.now() - Date.parse(call.startedAt) < RINGS_MS);
  return (
    <div class="ringing" role="status" aria-label="Live calls">
      {live.map((call) => {
        const { attribution } = call;
        const { session, visitor } = attribution;
        const { channel, detail } = originOf(call, names);
        return (
          <article class="ring" key={call.id}>
            <div class="top">
              <a href={hrefOf(site.id, 'calls', call.id)}>{phone(call.from, site.country)}</a>
              <span class="pulse">{STATUS[call.status].text}</span>
            </div>
            <div>
              {channel}
              {detail && ` · ${detail}`}
            </div>
            {session?.landingPage && (
              <div>
                Landed on {pagePath(session.landingPage)}, {plural(session.pages, 'page')} viewed
              </div>
            )}
            <div class="soft">
              {[
                call.firstTime ? 'New caller' : 'Returning caller',
                visitor && visitor.sessions > 1 && `${visitor.sessions} visits`,
                session && sureness(attribution),
              ]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </article>
        );
      })}
    </div>
  );
}

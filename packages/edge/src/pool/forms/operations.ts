import { type EpochMs, type Form, type FormReport, rfc3339 } from '@dialmark/shared';
import { isInFuture } from '../../calls/events.ts';
import { done, fail, type Outcome, unknownSite } from '../../platform/result.ts';
import type { PoolCore } from '../core.ts';
import { homeOf, type Redirect } from '../shards/layout.ts';
import type { FormRow } from '../store/rows.ts';
import { type KeptContact, keptContact, presentContact } from './contact.ts';
import { keptPage } from './form-event.ts';

/** Forms that a server reports. */
export class FormOperations {
  readonly #core: PoolCore;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  /** Records a form, or what a later report of the same one names. One whose sender was erased stays as it is. */
  async report(report: FormReport): Promise<Outcome<{ form: Form; created: boolean }> | Redirect> {
    const core = this.#core;
    const { memory } = core;
    if (!memory) return unknownSite;
    // Each id has one shard, so that the same form twice is one.
    if (homeOf(report.id, memory.layout.shards) !== memory.shard && !core.store.forms.get(report.id)) {
      return { redirect: memory.layout };
    }
    const now = Date.now() as EpochMs;
    if (report.at !== null && isInFuture(Date.parse(report.at) as EpochMs, now)) {
      return fail('invalid_request', 'A form cannot be reported before it is sent.', [
        { path: 'at', code: 'in_the_future', message: 'must not be in the future' },
      ]);
    }
    const contact = await keptContact(memory.site, core.env.WORKER_KEY, report.contact);
    return core.withSite(({ site }) => {
      if (site.forms === 'off') return fail('forms_off');
      const known = core.store.forms.get(report.id);
      const given = site.forms === 'count' ? { ...report, visitor: null, page: null } : report;
      const row = stated(known, given, site.forms === 'count' ? NOBODY : contact, now);
      if (JSON.stringify(row) !== JSON.stringify(known)) core.change(() => core.store.forms.save(row));
      return done({ form: present(row), created: known === null });
    });
  }
}

const NOBODY: KeptContact = { email: null, phone: null, name: null };

/** Returns a form as a report leaves it: what that names replaces what was known. */
function stated(known: FormRow | null, report: FormReport, contact: KeptContact, now: EpochMs): FormRow {
  if (known?.erased) return known;
  return {
    id: report.id,
    at: report.at === null ? (known?.at ?? now) : (Date.parse(report.at) as EpochMs),
    session: report.session ?? known?.session ?? null,
    visitor: report.visitor ?? known?.visitor ?? null,
    form: report.form ?? known?.form ?? { id: null, name: null, action: null },
    page: report.page ? keptPage(report.page) : (known?.page ?? null),
    email: contact.email ?? known?.email ?? null,
    phone: contact.phone ?? known?.phone ?? null,
    name: contact.name ?? known?.name ?? null,
    erased: false,
  };
}

function present({ email, phone, name, erased: _, ...row }: FormRow): Form {
  return { ...row, at: rfc3339(row.at), contact: presentContact({ email, phone, name }), touch: null };
}

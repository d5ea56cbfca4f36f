/** A call or a form of somebody who can be found again, as leads know it. */
export interface Contact {
  kind: 'call' | 'form';
  id: string;
  at: number;
  /** When it was first received. */
  receivedAt: number;
  /** As the site keeps it. */
  phone: string | null;
  /** In lower case. */
  email: string | null;
  name: string | null;
  visitor: string | null;
  /** Whether it is one that makes a lead. One that does not stays known: it may turn out to be one. */
  makes: boolean;
  /** Of a call: whether somebody picked up, or nobody did; both false while it rings. */
  answered: boolean;
  missed: boolean;
  /** Whether the conversation was long enough to qualify its lead. */
  qualifies: boolean;
}

/** A call or form as it was told, with all that decides whether it makes a lead. */
export interface Told {
  phone: string | null;
  email: string | null;
  spam: boolean;
  test: boolean;
}

/**
 * Tells whether a call or form makes a lead: somebody who can be found again, and neither spam nor a test. Reports, lists,
 * conversions and notifications know leads by this and nothing else.
 */
export function makesALead({ phone, email, spam, test }: Told): boolean {
  return !spam && !test && (phone !== null || email !== null);
}

/** The order of contacts, the same whichever comes in first. */
export function byTime(a: Pick<Contact, 'at' | 'kind' | 'id'>, b: Pick<Contact, 'at' | 'kind' | 'id'>): number {
  return a.at - b.at || compare(a.kind, b.kind) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A contact's name among contacts. */
export function refOf({ kind, id }: Pick<Contact, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

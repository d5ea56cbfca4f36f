import { byTime, type Contact, refOf } from './contact.ts';
import { isClosed, type Said, type Standing, standingOf } from './stages.ts';

/** A contact of a person, with the id that a lead has by it, once it had one. */
export type PersonsContact = Contact & { anchor: string | null };

/** What was said of a person's leads. */
export interface Statement extends Said {
  key: string;
  /** The contact whose lead it is about (`refOf`); null of an outcome that names a telephone number or an address. */
  of: string | null;
  /** What a person wrote; what is left out stays as it was. */
  name?: string | null;
  email?: string | null;
  note?: string | null;
  assignee?: string | null;
  reviewed?: boolean;
}

/** A lead as all that is known makes it. */
export interface LeadFound extends Standing {
  /** The contact whose anchor is its id, or shall be. */
  anchor: PersonsContact;
  first: PersonsContact;
  last: PersonsContact;
  /** All of its contacts, and those that would be if they made leads. */
  contacts: readonly PersonsContact[];
  calls: number;
  forms: number;
  missed: boolean;
  phone: string | null;
  email: string | null;
  name: string | null;
  visitor: string | null;
  note: string | null;
  assignee: string | null;
  reviewed: boolean;
  /** The statements about it. */
  statements: readonly Statement[];
}

interface Group {
  contacts: PersonsContact[];
  made: PersonsContact[];
  statements: Set<Statement>;
}

type Event = { at: number; contact: PersonsContact } | { at: number; statement: Statement };

/**
 * Works out one person's leads from all their contacts and all that was said of them. A function of these sets: in which
 * order anything came in makes no difference, but for which contact gives a lead its id.
 *
 * @param reopenMs how long a lead is quiet before the next contact opens a new one
 * @param calledBackAt when somebody last reached the person by a call of the site's own
 */
export function leadsOf(
  contacts: readonly PersonsContact[],
  statements: readonly Statement[],
  reopenMs: number,
  calledBackAt = 0,
): LeadFound[] {
  const groups = grouped([...contacts].sort(byTime), statements, reopenMs);
  const reachedAt = contacts.reduce((last, { at, answered }) => (answered && at > last ? at : last), calledBackAt);
  return groups.map((group) => leadOf(group, reachedAt));
}

function grouped(contacts: readonly PersonsContact[], statements: readonly Statement[], reopenMs: number): Group[] {
  const events: Event[] = [
    ...contacts.map((contact) => ({ at: contact.at, contact })),
    ...statements.map((statement) => ({ at: statement.at, statement })),
    // A lead that began at the moment it is spoken of has begun before.
  ].sort((a, b) => a.at - b.at || Number('statement' in a) - Number('statement' in b));
  const groups: Group[] = [];
  /** Contacts that make no lead, until they are taken along by the next one. */
  let silent: PersonsContact[] = [];
  const groupOf = new Map<string, Group>();
  const statementsOf = Map.groupBy(statements, ({ of }) => of);
  const take = (group: Group, contact: PersonsContact, now: number) => {
    group.contacts.push(contact);
    groupOf.set(refOf(contact), group);
    // What was said of this contact's lead before there was one.
    for (const statement of statementsOf.get(refOf(contact)) ?? []) {
      if (statement.at < now) group.statements.add(statement);
    }
  };
  for (const event of events) {
    const current = groups.at(-1);
    if ('statement' in event) {
      const { statement } = event;
      const group = statement.of === null ? current : groupOf.get(statement.of);
      group?.statements.add(statement);
      continue;
    }
    const { contact } = event;
    const isOpen = current && !isClosed(current.statements) && contact.at - lastOf(current).at <= reopenMs;
    if (!contact.makes) {
      if (isOpen) take(current, contact, contact.at);
      else silent.push(contact);
      continue;
    }
    const group: Group = isOpen ? current : { contacts: [], made: [], statements: new Set() };
    if (!isOpen) {
      groups.push(group);
      for (const earlier of silent) if (contact.at - earlier.at <= reopenMs) take(group, earlier, contact.at);
      silent = [];
    }
    group.made.push(contact);
    take(group, contact, contact.at);
  }
  return groups;
}

const lastOf = ({ made }: Group) => made.at(-1) as PersonsContact;

function leadOf({ contacts, made, statements: said }: Group, reachedAt: number): LeadFound {
  const statements = [...said];
  const [first, last] = [made[0] as PersonsContact, made.at(-1) as PersonsContact];
  const calls = made.filter(({ kind }) => kind === 'call');
  const lastCall = calls.at(-1);
  const qualified = made.find(({ qualifies }) => qualifies) ?? null;
  const written = statements.filter(({ by }) => by === 'person').sort((a, b) => a.at - b.at || order(a, b));
  const wrote = <K extends 'name' | 'email' | 'note' | 'assignee' | 'reviewed'>(field: K) =>
    written.findLast((statement) => statement[field] !== undefined)?.[field];
  const latest = (field: 'phone' | 'email' | 'name') => made.findLast((contact) => contact[field] !== null)?.[field];
  const [name, email] = [wrote('name'), wrote('email')];
  return {
    ...standingOf(first, qualified, statements),
    anchor: contacts.find(({ anchor }) => anchor !== null) ?? first,
    first,
    last,
    contacts,
    calls: calls.length,
    forms: made.length - calls.length,
    missed: lastCall?.missed === true && reachedAt < lastCall.at,
    phone: latest('phone') ?? null,
    email: (email === undefined ? latest('email') : email) ?? null,
    name: (name === undefined ? latest('name') : name) ?? null,
    visitor: made.find(({ visitor }) => visitor !== null)?.visitor ?? null,
    note: wrote('note') ?? null,
    assignee: wrote('assignee') ?? null,
    reviewed: wrote('reviewed') ?? false,
    statements,
  };
}

function order(a: Statement, b: Statement): number {
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
}

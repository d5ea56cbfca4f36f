import {
  countsAs,
  type E164,
  type EpochMs,
  type FieldError,
  hasSource,
  type ListPage,
  type NewNumber,
  type NumberPatch,
  rfc3339,
  type Site,
  type Target,
  type TrackingNumber,
} from '@dialmark/shared';
import { done, fail, type Outcome, unknownTarget } from '../../platform/result.ts';
import type { Allocator } from '../leases/allocator.ts';
import { bindingId } from '../leases/binding-id.ts';
import type { NumberRow } from '../store/rows.ts';

/** A site's numbers, in memory. */
interface Numbers {
  readonly site: Site;
  readonly numbers: ReadonlyMap<E164, NumberRow>;
  readonly allocator: Allocator;
}

/** Why one row of a request was not taken. */
export interface RowError extends FieldError {
  index: number;
}

/**
 * Sorts the rows of a request, whose form is already checked, into those to store and those the site cannot take.
 *
 * @param request identifies this request; null if it cannot be a repetition. Numbers that are there just so
 *   are then not refused, and those that it added before stay as they are by now: retired, say
 */
export function newNumbers(
  { site, numbers }: Numbers,
  rows: readonly { index: number; row: NewNumber }[],
  request: string | null,
  now: EpochMs,
): { good: NumberRow[]; repeated: number; errors: RowError[] } {
  const errors: RowError[] = [];
  const taken = new Set<string>();
  const good: NumberRow[] = [];
  let repeated = 0;
  let position = [...numbers.values()].reduce((highest, row) => Math.max(highest, row.position), 0);
  for (const { index, row } of rows) {
    const known = numbers.get(row.number);
    if (request !== null && known && (known.addedBy === request || isSame(known, row))) {
      repeated++;
      continue;
    }
    const error = numberError(row, site, numbers, taken);
    if (error) errors.push({ index, ...error });
    else {
      taken.add(row.number);
      good.push({ ...row, status: 'active', addedAt: now, addedBy: request, position: ++position });
    }
  }
  return { good, repeated, errors };
}

const SOURCE_FIELDS = ['match', 'preset', 'counts'] as const;

/** Returns a number with changes made to it; refuses those that do not go with it. */
export function patchedNumber({ site, numbers }: Numbers, number: string, patch: NumberPatch): Outcome<NumberRow> {
  const known = numbers.get(number as E164);
  if (!known) return fail('number_not_found');
  if (patch.target !== undefined && !site.targets.some((target) => target.id === patch.target)) {
    return unknownTarget();
  }
  const unfit = known.kind === 'pool' ? SOURCE_FIELDS.filter((name) => patch[name] != null) : [];
  if (unfit.length > 0) {
    return fail(
      'invalid_request',
      'A pool number has no source of its own.',
      unfit.map((path) => ({ path, code: 'not_applicable', message: 'is only for source numbers' })),
    );
  }
  const source = {
    match: patch.match === undefined ? known.match : patch.match,
    preset: patch.preset === undefined ? known.preset : patch.preset,
    counts: patch.counts === undefined ? known.counts : patch.counts,
  };
  if (known.kind === 'source' && !hasSource(source)) {
    return fail('invalid_request', 'A source number needs `match`, `preset` or `counts`.', [
      {
        path: 'match',
        code: 'required',
        message: 'must say when the number is shown, because nothing else identifies the source of its calls',
      },
    ]);
  }
  const comesBack = known.status === 'retired' && patch.status !== undefined && patch.status !== 'retired';
  const clash = comesBack ? clashOf(known, site) : null;
  if (clash !== null)
    return fail('invalid_request', 'The number cannot be used for tracking.', [
      { path: 'status', code: 'in_use', message: `the number ${clash}` },
    ]);
  return done({
    ...known,
    status: patch.status ?? known.status,
    name: patch.name === undefined ? known.name : patch.name,
    target: patch.target ?? known.target,
    ...source,
  });
}

/** One page of the numbers in their order, from after the cursor on. */
export function pageOfNumbers(
  pool: Numbers,
  limit: number,
  cursor: string | null,
  now: EpochMs,
): ListPage<TrackingNumber> {
  const after = [...pool.numbers.values()]
    .filter((row) => cursor === null || row.number > cursor)
    .sort((a, b) => (a.number < b.number ? -1 : 1));
  const page = after.slice(0, limit);
  return {
    items: page.map((row) => presentNumber(pool, row, now)),
    cursor: after.length > limit ? (page.at(-1)?.number ?? null) : null,
  };
}

/** Returns a number as the API gives it, with who holds it at a moment, or held it last. */
export function presentNumber({ allocator }: Numbers, row: NumberRow, now: EpochMs): TrackingNumber {
  allocator.expireDue(now);
  const entry = allocator.get(row.number);
  const binding = entry?.bindings.at(-1) ?? entry?.last ?? null;
  const state =
    row.status === 'retired'
      ? 'retired'
      : row.kind === 'source' || !entry
        ? 'fixed'
        : entry.bindings.length > 0
          ? 'leased'
          : allocator.cooling(entry, now)
            ? 'cooling'
            : 'free';
  return {
    number: row.number,
    target: row.target,
    kind: row.kind,
    name: row.name,
    match: row.match,
    preset: row.preset,
    counts: row.counts,
    countsAs: row.kind === 'source' ? countsAs(row) : null,
    status: row.status,
    addedAt: rfc3339(row.addedAt),
    state,
    session: binding?.session ?? null,
    binding: binding && bindingId(binding.seq),
    leasedAt: rfc3339(binding?.startedAt ?? null),
    expiresAt: rfc3339(binding?.expiresAt ?? null),
  };
}

/**
 * Returns why a configuration does not go with the numbers that track: a number cannot be printed and leased at once, and a call
 * to one that rings another would come back here and ring nobody.
 */
export function targetErrors(targets: readonly Target[], numbers: ReadonlyMap<E164, NumberRow>): FieldError[] {
  return targets.flatMap((target, index) =>
    namedBy(target).flatMap(({ path, number, rings }) => {
      const known = numbers.get(number);
      if (!known || known.status === 'retired' || !(rings || known.kind === 'pool')) return [];
      return [{ path: `targets.${index}.${path}`, code: 'in_use', message: `is a ${known.kind} number of this site` }];
    }),
  );
}

/** Returns the numbers that a target names, each with where, and whether calls are forwarded to it. */
function namedBy({ number, fallback, destination, forwarding }: Target): Named[] {
  const { overflow, hours } = forwarding;
  const closed = hours?.whenClosed.kind === 'destination' ? hours.whenClosed.destination : null;
  const named = [
    { path: 'number', number, rings: false },
    { path: 'fallback', number: fallback, rings: false },
    { path: 'destination', number: destination ?? null, rings: true },
    { path: 'forwarding.overflow.destination', number: overflow?.destination ?? null, rings: true },
    { path: 'forwarding.hours.whenClosed.destination', number: closed, rings: true },
  ];
  return named.filter((each): each is Named => each.number !== null);
}

interface Named {
  path: string;
  number: E164;
  rings: boolean;
}

function numberError(
  row: NewNumber,
  site: Site,
  numbers: ReadonlyMap<E164, NumberRow>,
  taken: ReadonlySet<string>,
): FieldError | null {
  if (!site.targets.some((target) => target.id === row.target)) {
    return { path: 'target', code: 'unknown_target', message: `this site has no target "${row.target}"` };
  }
  if (taken.has(row.number)) return { path: 'number', code: 'duplicate', message: 'appears twice in this request' };
  const known = numbers.get(row.number);
  if (known && known.status !== 'retired')
    return { path: 'number', code: 'already_exists', message: 'is already a number of this site' };
  const message = clashOf(row, site);
  return message === null ? null : { path: 'number', code: 'in_use', message };
}

/** Returns why a number cannot track, by what the site's targets name; null if it can. */
function clashOf({ number, kind }: Pick<NewNumber, 'number' | 'kind'>, site: Site): string | null {
  const named = site.targets.flatMap(namedBy).filter((each) => each.number === number);
  if (named.some(({ path }) => path === 'number')) return "is a target's printed number: it cannot also track";
  if (named.some(({ rings }) => rings)) return 'is where calls are forwarded to: it cannot also track';
  if (named.length > 0 && kind === 'pool') return "is a target's fallback number: it cannot also be leased";
  return null;
}

function isSame(known: NumberRow, row: NewNumber): boolean {
  const key = ({ target, kind, name, match, preset, counts }: NewNumber | NumberRow) =>
    JSON.stringify([target, kind, name, match, preset, counts]);
  return known.status === 'active' && key(known) === key(row);
}

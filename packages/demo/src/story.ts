import {
  type CallPatch,
  type CallStatus,
  type CostRow,
  DAY,
  type EpochMs,
  HOUR,
  MINUTE,
  SECOND,
} from '@dialmark/shared';
import { ADDRESS } from './business.ts';
import { type Day, daysUntil, isNight, isOpen, momentOf, nextMorning } from './calendar.ts';
import {
  CALL_CAMPAIGN,
  drawReturn,
  drawSource,
  FLYER_DAYS,
  FURTHER_PAGES,
  LEAFLET,
  NEWSLETTERS,
  type Need,
  newsletter,
  pick,
  pickEarly,
  RADIO,
  RADIO_DAYS,
  type Source,
  SPLIT_TEST,
  SPOT,
} from './market.ts';
import {
  CALL_ASSET,
  CALLERS,
  caller,
  FLYER,
  LISTING,
  POOL,
  PRINTED,
  RADIO_NUMBER,
  RESERVE,
  ROBOCALLER,
} from './numbers.ts';
import { Random } from './random.ts';

/** Something somebody does at a moment. */
export type Deed = { at: EpochMs } & (
  | { does: 'arrive'; visit: Visit; url: string; referrer: string }
  | { does: 'read' | 'tap' | 'leave'; visit: Visit; url: string }
  | { does: 'call'; call: PlannedCall }
  | { does: 'note'; call: string; patch: CallPatch }
);

export interface Visit {
  session: string;
  visitor: string;
  device: string;
  country: string;
}

export interface PlannedCall {
  id: string;
  from: string | null;
  /** The number dialled, or the visit that was shown one. */
  to: string | Pick<Visit, 'session'>;
  status: CallStatus;
  durationSeconds: number | null;
}

export interface Story {
  days: Day[];
  /** By day, in order of time. */
  deeds: Deed[][];
  costs: CostRow[];
}

/** First visits on an ordinary day. */
const VISITORS_A_DAY = 68;

/** Habits that everybody shares; all of it made up. */
const PAGES = 2.4;
const PAGE_MS = 62 * SECOND;
const LEAVE_HEARD = 0.86;
const COMES_BACK = 0.26;
const VISITS_MOST = 6;
const BACK_AFTER = { median: 22 * HOUR, sigma: 1.3 };
/** Call rate of this town, relative to the market's. */
const CALLS = 0.68;
/** Of visits that do not call. */
const IDLE_TAPS = { mobile: 0.03, desktop: 0.003 };
const TAPS_BEFORE_CALLING = 0.68;
const DIAL_MS = 9 * SECOND;
const SOON = { median: 9 * MINUTE, sigma: 1 };
const LATE = { median: 11 * HOUR, sigma: 1.1 };
const WAITS_FOR_MORNING = 0.85;
/** Share of visitors who wait until the business opens; and of those who see no number. */
const WAITS_FOR_OPENING = 0.55;
const NO_NUMBER_SHOWN = 0.04;
const SECOND_CALL = { median: 26 * HOUR, sigma: 1 };
const TRIES_AGAIN = { share: 0.46, median: 21 * MINUTE, sigma: 1.2 };

/** Calls a day that no visit led to. */
const UNSEEN = { printed: 0.6, listing: 2.1, callAsset: 0.5, radio: 0.7, flyer: 0.6 };
/** What a call from an ad costs, as a click does. */
const CALL_COST = 14;
const ROBOCALLS = [11, 33, 52];
const TO_THE_RESERVE = [21, 40, 55];

const COUNTRIES = [
  ['US', 965],
  ['CA', 14],
  ['MX', 8],
  ['IN', 8],
  ['GB', 5],
] as const;

/**
 * Sixty days of a roofer's site and telephone up to a moment. The same seed and moment make the same story; it knows
 * nothing of which number is shown to whom, nor of what attribution will make of the calls.
 */
export function writeStory(seed: number, now: EpochMs, timeZone: string): Story {
  const days = daysUntil(now, timeZone);
  const deeds: Deed[] = [];
  const spent = new Map<string, CostRow>();
  let persons = 0;
  let calls = 0;
  let visits = 0;
  /** Callers in a shuffled order: one step that has no divisor in common with their count visits each once. */
  const phoneOf = (person: number) => caller((person * 1357) % CALLERS);
  const nearPhoneOf = (person: number) => caller((person * 137) % 500);

  for (const day of days) {
    const random = new Random(seed, day.index);
    const favoured = new Map(
      day.storm ? Object.entries({ repair: 1.6, listing: 1.5, replacement: 0.6, chatgpt: 0.8 }) : [],
    );
    const arrive = (source: Source, at: EpochMs) => {
      persons++;
      livePerson(new Random(seed, 1000 + persons), persons, source, at, 1, null);
    };
    for (let i = countOf(random, VISITORS_A_DAY * day.busyness); i > 0; i--) {
      arrive(drawSource(random, favoured), momentOf(day, random.uniform()));
    }
    const sent = NEWSLETTERS.find((letter) => letter.day === day.index);
    for (let i = sent?.visits ?? 0; sent && i > 0; i--) {
      const at = day.startsAt + 9.5 * HOUR + random.logNormal(3 * HOUR, 1);
      arrive(newsletter(sent.campaign), at as EpochMs);
    }
    if (isWithin(RADIO_DAYS, day)) {
      for (let i = countOf(random, RADIO_DAYS.visitsPerDay); i > 0; i--) {
        arrive(RADIO, momentOf(day, random.uniform()));
      }
    }
    unseen(day, random);
  }

  deeds.sort((a, b) => a.at - b.at);
  const byDay: Deed[][] = days.map(() => []);
  let index = 0;
  for (const deed of deeds) {
    if (deed.at > now) break;
    while (index + 1 < days.length && deed.at >= (days[index + 1] as Day).startsAt) index++;
    byDay[index]?.push(deed);
  }
  const today = days.at(-1) as Day;
  const costs = [...spent.values()].filter(({ date }) => date < today.date);
  return { days, deeds: byDay, costs: costs.map((row) => ({ ...row, cost: Math.round(row.cost * 100) / 100 })) };

  /** Returns a visit of somebody, what comes of it, and the visits after it. */
  function livePerson(
    random: Random,
    person: number,
    source: Source,
    at: EpochMs,
    nth: number,
    first: Person | null,
  ): void {
    const known = first ?? drawPerson(random, person, source);
    const { visit, landing } = drawVisit(random, known, source, at);
    const { url } = landing;
    deeds.push({ at, does: 'arrive', visit, url, referrer: source.referrer });
    pay(source, landing, at, random);

    let end = at as number;
    let page = url;
    const pageStarts = [at as number];
    while (random.chance(1 - 1 / PAGES) && pageStarts.length < 12) {
      end += 4 * SECOND + random.exponential(PAGE_MS);
      page = ADDRESS + FURTHER_PAGES[random.below(FURTHER_PAGES.length)];
      pageStarts.push(end);
      deeds.push({ at: end as EpochMs, does: 'read', visit, url: page });
    }
    end += 3 * SECOND + random.exponential(PAGE_MS);

    const mobile = known.device === 'mobile';
    const abroad = known.country !== 'US';
    const callRate =
      source.callRate * (landing.lift ?? 1) * (mobile ? 1.15 : 0.85) * (abroad ? 0.1 : 1) * (nth > 1 ? 1.5 : 1) * CALLS;
    let called = false;
    if (!known.hasCalled && random.chance(callRate)) {
      called = true;
      known.hasCalled = true;
      const { tappedAt, dialledAt } = drawDialling(random, mobile, at, end);
      if (tappedAt !== null) {
        deeds.push({ at: tappedAt as EpochMs, does: 'tap', visit, url: page });
        end = Math.max(end, dialledAt);
      }
      const withheld = random.chance(NO_NUMBER_SHOWN);
      talk(random, {
        from: withheld ? null : known.phone,
        to: visit,
        at: dialledAt as EpochMs,
        need: known.need,
        nth: 1,
      });
    } else if (random.chance(mobile ? IDLE_TAPS.mobile : IDLE_TAPS.desktop)) {
      deeds.push({ at: (at + random.uniform() * (end - at)) as EpochMs, does: 'tap', visit, url: page });
    }
    if (random.chance(LEAVE_HEARD)) deeds.push({ at: end as EpochMs, does: 'leave', visit, url: page });

    if (nth < VISITS_MOST && random.chance(called ? COMES_BACK / 2 : COMES_BACK + (nth > 1 ? 0.14 : 0))) {
      const back = end + 40 * MINUTE + random.logNormal(BACK_AFTER.median, BACK_AFTER.sigma);
      const awake = isNight(back as EpochMs, timeZone) && random.chance(0.7) ? back + 9 * HOUR : back;
      if (awake < now) livePerson(random, person, drawReturn(random, source), awake as EpochMs, nth + 1, known);
    }
  }

  interface Person {
    visitor: string;
    phone: string;
    device: string;
    country: string;
    need: Need;
    hasCalled: boolean;
  }

  function drawPerson(random: Random, person: number, source: Source): Person {
    const device = random.chance(source.mobile) ? 'mobile' : random.chance(0.08) ? 'tablet' : 'desktop';
    const need = source.need === 'any' ? (random.chance(0.72) ? 'repair' : 'replacement') : source.need;
    return {
      visitor: `v_demo${id(random, 16)}`,
      phone: phoneOf(person),
      device,
      country: pick(random, COUNTRIES),
      need,
      hasCalled: false,
    };
  }

  function drawVisit(random: Random, { visitor, device, country }: Person, source: Source, at: EpochMs) {
    visits++;
    const visit: Visit = { session: `s_demo${id(random, 12)}${visits.toString(36)}`, visitor, device, country };
    const keyword = source.keywords
      ? pick(
          random,
          Object.keys(source.keywords).map((word, index) => [word, 1 / (1 + index * 0.6)] as const),
        )
      : null;
    const content = source.contents ? pickEarly(random, source.contents) : null;
    const query = new URLSearchParams(source.tags);
    if (keyword) query.set('utm_term', keyword);
    if (content) query.set('utm_content', content);
    let lift: number | null = null;
    if (source.name === SPLIT_TEST.source && at >= (days[SPLIT_TEST.from] as Day).startsAt) {
      const variant = random.chance(0.5) ? 'quote-form' : 'phone-first';
      query.set('dialmark_variant', variant);
      lift = SPLIT_TEST.variants[variant];
    }
    if (source.clickId) query.set(source.clickId, `${CLICK_PREFIX[source.clickId]}${id(random, 40)}_demo`);
    const search = query.size > 0 ? `?${query}` : '';
    return { visit, landing: { url: ADDRESS + pickEarly(random, source.pages) + search, keyword, content, lift } };
  }

  function pay(
    source: Source,
    { keyword, content }: { keyword: string | null; content: string | null },
    at: EpochMs,
    random: Random,
  ): void {
    const click = keyword === null ? source.click : source.keywords?.[keyword];
    const day = days.findLast(({ startsAt }) => startsAt <= at);
    if (click === undefined || !day || !source.tags) return;
    const { utm_source, utm_medium, utm_campaign } = source.tags;
    // Not every click is a visit: some leave before the page is there.
    const paid = random.chance(0.12) ? 2 : 1;
    const cost = paid * click * (0.75 + 0.5 * random.uniform()) * (content === null ? 1 : 1.1);
    spend(day, [utm_source, utm_medium, utm_campaign], cost, keyword);
  }

  function spend(
    { date }: Day,
    [source, medium, campaign]: readonly (string | undefined)[],
    cost: number,
    term: string | null = null,
  ): void {
    const row = { date, source, medium, campaign, term };
    const key = JSON.stringify(row);
    const known = spent.get(key) ?? ({ ...row, cost: 0 } as CostRow);
    known.cost += cost;
    spent.set(key, known);
  }

  function drawDialling(random: Random, mobile: boolean, start: number, end: number) {
    const onPage = start + (0.25 + 0.75 * random.uniform()) * (end - start);
    if (mobile && random.chance(TAPS_BEFORE_CALLING)) {
      return { tappedAt: onPage, dialledAt: onPage + 3 * SECOND + random.exponential(DIAL_MS) };
    }
    const way = random.uniform();
    if (way < 0.5) return { tappedAt: null, dialledAt: onPage };
    if (way < 0.78)
      return { tappedAt: null, dialledAt: inWakingHours(random, end + random.logNormal(SOON.median, SOON.sigma)) };
    return { tappedAt: null, dialledAt: inWakingHours(random, end + random.logNormal(LATE.median, LATE.sigma)) };
  }

  function inWakingHours(random: Random, at: number): number {
    if (isOpen(at as EpochMs, timeZone)) return at;
    if (!random.chance(isNight(at as EpochMs, timeZone) ? WAITS_FOR_MORNING : WAITS_FOR_OPENING)) return at;
    return nextMorning(at as EpochMs, timeZone) + random.exponential(95 * MINUTE);
  }

  /** Returns a call, how it went, and what came of it. */
  function talk(
    random: Random,
    { from, to, at, need, nth }: { from: string | null; to: PlannedCall['to']; at: EpochMs; need: Need; nth: number },
  ): void {
    const call = `demo-${(++calls).toString().padStart(4, '0')}-${id(random, 6)}`;
    const status = drawStatus(random, isOpen(at, timeZone));
    const answered = status === 'completed';
    const brief = random.chance(0.12);
    const seconds = brief ? 8 + random.exponential(18) : 25 + random.logNormal(150, 0.75);
    const durationSeconds = answered ? Math.round(Math.min(seconds, 2400)) : null;
    deeds.push({ at, does: 'call', call: { id: call, from, to, status, durationSeconds } });

    if (!answered) {
      if (nth < 3 && random.chance(TRIES_AGAIN.share)) {
        const again = inWakingHours(random, at + random.logNormal(TRIES_AGAIN.median, TRIES_AGAIN.sigma));
        talk(random, { from, to, at: again as EpochMs, need, nth: nth + 1 });
      }
      return;
    }
    if (brief || durationSeconds === null || durationSeconds < 60) return;
    const won = random.chance(need === 'replacement' ? 0.09 : 0.36);
    const value = won ? (need === 'replacement' ? random.logNormal(11_400, 0.3) : random.logNormal(690, 0.5)) : null;
    const decidedAt =
      nextMorning((at + random.logNormal(1.5 * DAY, 0.8)) as EpochMs, timeZone) + random.uniform() * 9 * HOUR;
    if (won || random.chance(0.55)) {
      const outcome = won
        ? 'job won'
        : pick(random, [
            ['quoted', 6],
            ['no job', 3],
            ['outside our area', 1],
          ] as const);
      const patch: CallPatch = { tags: { outcome }, ...(value === null ? {} : { value: Math.round(value / 10) * 10 }) };
      deeds.push({ at: decidedAt as EpochMs, does: 'note', call, patch });
    }
    if (nth < 3 && random.chance(0.17)) {
      const again = inWakingHours(random, at + random.logNormal(SECOND_CALL.median, SECOND_CALL.sigma));
      talk(random, { from, to, at: again as EpochMs, need, nth: 3 });
    }
  }

  /** Calls that no visit led to: from a van, a listing, the radio; robots; a number that nobody was shown. */
  function unseen(day: Day, random: Random): void {
    const ring = (to: string, expected: number, pay?: () => void) => {
      for (let i = countOf(random, expected * day.busyness); i > 0; i--) {
        persons++;
        const at = inWakingHours(random, momentOf(day, random.uniform())) as EpochMs;
        talk(random, { from: nearPhoneOf(persons), to, at, need: 'repair', nth: 1 });
        pay?.();
      }
    };
    ring(PRINTED, UNSEEN.printed);
    ring(LISTING, UNSEEN.listing);
    ring(CALL_ASSET, UNSEEN.callAsset, () => spend(day, ['google', 'cpc', CALL_CAMPAIGN], CALL_COST));
    if (isWithin(RADIO_DAYS, day)) {
      ring(RADIO_NUMBER, UNSEEN.radio);
      spend(day, ['radio', 'offline', SPOT], RADIO_DAYS.cost);
    }
    if (isWithin(FLYER_DAYS, day)) ring(FLYER, UNSEEN.flyer);
    if (day.index === FLYER_DAYS.from) spend(day, ['direct_mail', 'offline', LEAFLET], FLYER_DAYS.cost);
    if (TO_THE_RESERVE.includes(day.index)) ring(RESERVE, 1);
    if (ROBOCALLS.includes(day.index)) {
      const start = day.startsAt + 10 * HOUR + random.uniform() * 6 * HOUR;
      for (let i = 0; i < 7; i++) {
        const to = POOL[(i * 5 + day.index) % POOL.length] as string;
        const call: PlannedCall = {
          id: `demo-robot-${day.index}-${i}`,
          from: ROBOCALLER,
          to,
          status: 'completed',
          durationSeconds: 1 + random.below(3),
        };
        deeds.push({ at: (start + i * 48 * SECOND) as EpochMs, does: 'call', call });
      }
    }
  }
}

function isWithin({ from, to }: { from: number; to: number }, { index }: Day): boolean {
  return index >= from && index <= to;
}

const CLICK_PREFIX = { gclid: 'Cj0KCQ', msclkid: '', fbclid: 'IwY2xjaw' } as const;

function drawStatus(random: Random, open: boolean): CallStatus {
  return open
    ? pick(random, [
        ['completed', 85],
        ['missed', 8],
        ['busy', 3],
        ['voicemail', 4],
      ] as const)
    : pick(random, [
        ['voicemail', 58],
        ['missed', 32],
        ['completed', 10],
      ] as const);
}

/** Returns a count of independent events, so many of which are expected (Poisson: exponential gaps). */
function countOf(random: Random, mean: number): number {
  let count = 0;
  for (let left = random.exponential(1); left < mean; left += random.exponential(1)) count++;
  return count;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function id(random: Random, length: number): string {
  return Array.from({ length }, () => LETTERS[random.below(LETTERS.length)]).join('');
}

import type { Attestation, SpamEvidence } from '@dialmark/shared';

/** The facts about a call and its caller that spam is judged by. */
export interface SpamFacts {
  attestation: Attestation | null;
  /** Different tracking numbers of this site the caller dialled in the ten minutes up to this call, this one included. */
  numbersInTenMinutes: number;
  /** Calls of this caller in the day up to this call that ended within three seconds, this one included. */
  hangUpsInADay: number;
  /** Talk time of this call; null while it is unknown. */
  talkSeconds: number | null;
}

export interface SpamScore {
  /** 0 to 1. */
  score: number;
  spam: boolean;
  evidence: SpamEvidence[];
}

/** What is said of a call that is not judged. */
export const NOT_SPAM: SpamScore = { score: 0, spam: false, evidence: [] };

/** From here on a call is flagged. No single weak sign reaches it. */
export const SPAM_FROM = 0.5;

/**
 * Returns how much a call looks like spam, and why. Pieces of evidence count as independent: the score is the chance that at
 * least one of them is right. A failed attestation alone is not enough, since honest forwarded calls often fail it;
 * a withheld number is no evidence at all; a conversation of a minute speaks against all of it.
 */
export function spamScore(facts: SpamFacts): SpamScore {
  const evidence: SpamEvidence[] = [];
  const add = (kind: SpamEvidence['kind'], weight: number, detail: string) => evidence.push({ kind, weight, detail });

  if (facts.attestation === 'failed') add('attestation_failed', 0.4, 'caller ID failed verification (STIR/SHAKEN)');
  if (facts.attestation === 'C') add('attestation_gateway', 0.15, 'caller ID verified by a gateway only');
  const { numbersInTenMinutes: numbers, hangUpsInADay: hangUps } = facts;
  if (numbers >= 3)
    add('many_numbers', numbers >= 5 ? 0.8 : 0.4, `dialed ${numbers} of the site's numbers in ten minutes`);
  if (hangUps >= 2) add('hang_ups', hangUps >= 4 ? 0.6 : 0.3, `hung up immediately ${hangUps} times in a day`);

  let innocent = evidence.reduce((product, { weight }) => product * (1 - weight), 1);
  if (evidence.length > 0 && (facts.talkSeconds ?? 0) >= 60) {
    add('conversation', 0.25, `talked for ${facts.talkSeconds} seconds`);
    innocent = 1 - (1 - innocent) * 0.25;
  }
  const score = Math.round((1 - innocent) * 1000) / 1000;
  return { score, spam: score >= SPAM_FROM, evidence };
}

import { betaBelow } from './beta.ts';

/** Calls of so many visits; calls may be fractions, as shared credits are. */
export interface RateCounts {
  successes: number;
  trials: number;
}

/**
 * Returns the probability that the true rate of `a` is above that of `b`, each known by its counts and nothing else: Beta
 * posteriors on a uniform prior, Beta(1 + successes, 1 + failures). So a split test can be read off at any time,
 * without a sample size fixed beforehand (see E. Miller, "Formulas for Bayesian A/B Testing", 2015, whose closed form
 * takes whole numbers only; this agrees with it).
 *
 * P(A > B) is the expectation of P(A > b) over the narrower of the two, taken on the logit scale, where the density is
 * smooth and fades exponentially, so that the plain trapezoidal rule is exact to some ten digits. Ties in width are
 * broken by the counts: both questions about a pair take the same integral, and their answers add up to exactly one.
 */
export function probabilityBetter(a: RateCounts, b: RateCounts): number {
  const [p, q] = [posterior(a), posterior(b)];
  const narrower = spread(p) - spread(q) || p.alpha - q.alpha || p.beta - q.beta;
  if (narrower === 0) {
    return 0.5;
  }
  return narrower < 0 ? expectedBelow(p, q) : 1 - expectedBelow(q, p);
}

interface Beta {
  alpha: number;
  beta: number;
}

function posterior({ successes, trials }: RateCounts): Beta {
  const known = Math.max(trials, 0) || 0;
  const good = Math.min(Math.max(successes, 0) || 0, known);
  return { alpha: 1 + good, beta: 1 + known - good };
}

/** Returns the variance of the logit, nearly. */
function spread({ alpha, beta }: Beta): number {
  return 1 / alpha + 1 / beta;
}

/** P(other < one), as the mean over `one` of the probability that `other` lies below it. */
function expectedBelow(one: Beta, other: Beta): number {
  const { alpha, beta } = one;
  const mode = Math.log(alpha / beta);
  const deviation = Math.sqrt(spread(one));
  const density = (logit: number) =>
    Math.exp(-alpha * Math.log1p(Math.exp(-logit)) - beta * Math.log1p(Math.exp(logit)) - peak);
  const peak = -alpha * Math.log1p(Math.exp(-mode)) - beta * Math.log1p(Math.exp(mode));
  // Gaussian in the middle; beyond it fades as exp(-alpha·|logit|) to the left and exp(-beta·|logit|) to the right.
  const from = mode - 9 * deviation - 40 / alpha;
  const to = mode + 9 * deviation + 40 / beta;
  const step = deviation / 8;
  let total = 0;
  let below = 0;
  for (let logit = from; logit <= to; logit += step) {
    const weight = density(logit);
    total += weight;
    below += weight * betaBelow(logit, other.alpha, other.beta);
  }
  return below / total;
}

/** Returns the logarithm of the gamma function for x > 0, by Lanczos' approximation (1964; g = 7, nine terms). */
function logGamma(x: number): number {
  let sum = 0.9999999999998099;
  for (let i = 0; i < LANCZOS.length; i++) sum += (LANCZOS[i] as number) / (x + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/**
 * Returns the probability that a Beta(a, b) variable is at most `x`, where `x` is given by its logit, log(x / (1 - x)), so that
 * both tails keep their digits. By the continued fraction DLMF 8.17.22 in Lentz's form, on the side where it converges
 * fast; its steps grow with √(a + b).
 */
export function betaBelow(logit: number, a: number, b: number): number {
  const x = 1 / (1 + Math.exp(-logit));
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(-logit, b, a);
  const front =
    -a * Math.log1p(Math.exp(-logit)) - b * Math.log1p(Math.exp(logit)) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(front) * fraction(x, a, b)) / a;
}

function fraction(x: number, a: number, b: number): number {
  const TINY = 1e-300;
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  const limit = 100 + 10 * Math.sqrt(a + b);
  for (let m = 1; m < limit; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}

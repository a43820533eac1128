/** Where the asymptotic series of {@linkcode gammaRatio} is as exact as a double. */
const MIN_ASYMPTOTIC = 20;

/** Steps of the continued fraction at most; it needs about the square root of the degrees of freedom. */
const MAX_STEPS = 100_000;

/**
 * How probable it is that a variable of Student's t distribution is `t` or more.
 *
 * @param degrees Degrees of freedom, above 0; they need not be whole.
 * @returns From 0 to 1, to about 12 digits, in the far tail too; NaN where an argument is NaN or `degrees` is not above 0.
 */
export function upperTail(t: number, degrees: number): number {
  if (Number.isNaN(t) || !(degrees > 0)) return NaN;
  if (t < 0) return 1 - upperTail(-t, degrees);
  if (t === Infinity) return 0;
  return incompleteBetaOfHalf(degrees / 2, t * t / degrees) / 2;
}

/** How probable it is that such a variable is as far from 0 as `t`, on either side. */
export function bothTails(t: number, degrees: number): number {
  return Math.min(1, 2 * upperTail(Math.abs(t), degrees));
}

/**
 * The regularised incomplete beta function I(a, 1/2) at 1 / (1 + ratio): what Student's t distribution needs of it. The
 * ratio is given, not the place, so that nothing is lost where the place is near 0 or 1.
 */
function incompleteBetaOfHalf(a: number, ratio: number): number {
  if (ratio === 0) return 1;
  const x = 1 / (1 + ratio);
  const rest = ratio / (1 + ratio);
  // x^a · (1 - x)^(1/2) / B(a, 1/2)
  const front = Math.exp(-a * Math.log1p(ratio)) * Math.sqrt(rest / Math.PI) * gammaRatio(a);
  return x < (a + 1) / (a + 2.5)
    ? front * continuedFraction(x, a, 0.5) / a
    : 1 - front * continuedFraction(rest, 0.5, a) / 0.5;
}

/** The gamma function at a + 1/2, divided by that at a: from the asymptotic series (DLMF 5.11.13), moved up where a is small. */
function gammaRatio(a: number): number {
  let factor = 1;
  for (; a < MIN_ASYMPTOTIC; a++) factor *= a / (a + 0.5);
  const series = 1 - 1 / (8 * a) + 1 / (128 * a ** 2) + 5 / (1024 * a ** 3) - 21 / (32768 * a ** 4) -
    399 / (262144 * a ** 5) + 869 / (4194304 * a ** 6) + 39325 / (33554432 * a ** 7) -
    334477 / (2147483648 * a ** 8) - 28717403 / (17179869184 * a ** 9) + 59697183 / (274877906944 * a ** 10);
  return factor * Math.sqrt(a) * series;
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated by the method of Lentz. */
function continuedFraction(x: number, a: number, b: number): number {
  const notZero = (value: number) => Math.abs(value) < Number.MIN_VALUE ? Number.MIN_VALUE : value;
  let c = 1;
  let d = 1 / notZero(1 - (a + b) * x / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MAX_STEPS; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / notZero(1 + even * d);
    c = notZero(1 + even / c);
    fraction *= d * c;
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / notZero(1 + odd * d);
    c = notZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < Number.EPSILON) break;
  }
  return fraction;
}

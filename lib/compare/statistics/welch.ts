import type { Sample } from "./sample.ts";
import { bothTails, upperTail } from "./students_t.ts";

/** What Welch's t-test says of two samples, whose deviations need not be equal. */
export interface WelchTest {
  readonly t: number;
  /** By the formula of Welch and Satterthwaite; not a whole number. */
  readonly degrees: number;
  /** How probable a difference of the means as large as this one is, on either side, if there is none. */
  readonly p: number;
  /** How probable it is that the first mean exceeds the second by as much as here, if it does not at all. */
  readonly pGreater: number;
}

/**
 * Compares two means by Welch's t-test.
 *
 * @param shift What the first mean is expected to exceed the second by. Default 0.
 * @returns undefined where a sample has fewer than two values, or a value is NaN: then there is nothing to test by.
 */
export function welchTest(a: Sample, b: Sample, shift = 0): WelchTest | undefined {
  if (a.count < 2 || b.count < 2) return undefined;
  const [own, other] = [a.sd ** 2 / a.count, b.sd ** 2 / b.count];
  const difference = a.mean - b.mean - shift;
  if (Number.isNaN(difference) || Number.isNaN(own + other)) return undefined;
  // Without any deviation, the means are what they are.
  if (own + other === 0) {
    const t = difference === 0 ? 0 : Math.sign(difference) * Infinity;
    const degrees = a.count + b.count - 2;
    return { t, degrees, p: difference === 0 ? 1 : 0, pGreater: difference === 0 ? 0.5 : difference > 0 ? 0 : 1 };
  }
  const t = difference / Math.sqrt(own + other);
  const degrees = (own + other) ** 2 / (own ** 2 / (a.count - 1) + other ** 2 / (b.count - 1));
  return { t, degrees, p: bothTails(t, degrees), pGreater: upperTail(t, degrees) };
}

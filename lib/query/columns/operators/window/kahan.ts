/** A sum with what rounding took from it; of an infinite sum that is nothing. */
export function kahanTotal(sum: number, error: number): number {
  return Number.isFinite(error) ? sum + error : sum;
}

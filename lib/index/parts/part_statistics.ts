/** What the points of a series in one part come down to. `steps` holds NaN where the index in the series is the step. */
export function statisticsOf(values: Float64Array, steps: Float64Array, rows: Float64Array | undefined, base: number) {
  const count = values.length;
  let numbers = 0;
  let sum = 0;
  let sumError = 0;
  let min = NaN;
  let max = NaN;
  let minAt = 0;
  let maxAt = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value !== value) continue;
    if (numbers++ === 0) {
      min = max = value;
      minAt = maxAt = i;
    } else if (value < min) {
      min = value;
      minAt = i;
    } else if (value > max) {
      max = value;
      maxAt = i;
    }
    // Neumaier's sum, as SQLite adds.
    const next = sum + value;
    sumError += Math.abs(sum) > Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  const stepAt = (i: number) => {
    const step = steps[rows === undefined ? i : rows[i]];
    return step === step ? step : base + i;
  };
  return {
    numbers,
    sum,
    sumError,
    min,
    max,
    minStep: stepAt(minAt),
    maxStep: stepAt(maxAt),
    first: values[0],
    last: values[count - 1],
    firstStep: stepAt(0),
    lastStep: stepAt(count - 1),
  };
}

/** An exponential mean, divided by the weight that its values have had so far, as TensorBoard smooths. */
export function smoothValues(values: Float64Array, weight: number): Float64Array {
  const out = new Float64Array(values.length);
  let mean = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      out[i] = value;
      continue;
    }
    mean = mean * weight + value * (1 - weight);
    total = total * weight + 1 - weight;
    out[i] = mean / total;
  }
  return out;
}

/** Larger numbers are written with a letter. */
const LETTERS = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]] as const;

/** The texts of the numbers along an axis: all with as many digits as distinguish them. */
export function numberTexts(values: readonly number[], areFar = false): string[] {
  if (areFar) return values.map(alone);
  const greatest = Math.max(...values.map(Math.abs));
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) : greatest;
  if (greatest === 0) return values.map(() => "0");
  if (greatest >= 1e15 || greatest < 1e-4) return values.map((value) => exponential(value, step));
  if (greatest < 1e4) return values.map((value) => value.toFixed(decimals(step)));
  const [unit, letter] = LETTERS.find(([unit]) => greatest >= unit)!;
  if (step / unit < 1e-3) return values.map((value) => value.toFixed(decimals(step)));
  return values.map((value) => value === 0 ? "0" : (value / unit).toFixed(decimals(step / unit)) + letter);
}

/** How many digits after the point distinguish multiples of a step. */
function decimals(step: number): number {
  if (!(step > 0)) return 0;
  const most = Math.min(15, Math.max(0, Math.ceil(-Math.log10(step)) + 2));
  for (let digits = 0; digits < most; digits++) {
    if (Math.abs(step - Number(step.toFixed(digits))) < step * 1e-6) return digits;
  }
  return most;
}

function exponential(value: number, step: number): string {
  if (value === 0) return "0";
  const digits = Math.floor(Math.log10(Math.abs(value)) + 1e-9) - Math.floor(Math.log10(step) + 1e-9);
  return value.toExponential(Math.max(0, Math.min(15, digits))).replace("e+", "e");
}

/** A number that stands far from its neighbours, as on a logarithmic axis. */
function alone(value: number): string {
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e15) return value.toExponential().replace("e+", "e");
  if (size < 1e4) return String(value);
  const [unit, letter] = LETTERS.find(([unit]) => size >= unit)!;
  return `${value / unit}${letter}`;
}

/** Whether two columns of as many rows hold the same. NaN is equal to itself. */
export function areEqual(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at] && (a[at] === a[at] || b[at] === b[at])) return false;
  return true;
}

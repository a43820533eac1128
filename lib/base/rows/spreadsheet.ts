/** Where a spreadsheet could take a formula to begin: at the start, and where one that cuts cells otherwise begins another. */
const FORMULA = /(?<=^|[\r\n\t;])[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/g;
/** A number is not a formula, whatever its sign. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A value that a spreadsheet does not calculate: `'` stands before what begins as a formula (OWASP, "CSV Injection"). Numbers
 * stay what they are.
 */
export function withoutFormula<Value>(value: Value): Value | string {
  if (typeof value !== "string" || NUMBER.test(value)) return value;
  return value.replace(FORMULA, "'$&");
}

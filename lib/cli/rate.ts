import { parseBytes } from "../base/parse_bytes.ts";
import { UsageError } from "../base/errors.ts";

/**
 * A rate such as `2M` in bytes a second. It needs a unit: a bare number is mostly meant as megabytes, and would let nearly nothing
 * through.
 *
 * @param option Its name, for messages.
 */
export function rateOf(word: string, option: string): number {
  const plain = word.replace(/\/s$/, "");
  if (/^\d+$/.test(plain) && Number(plain) > 0) {
    throw new UsageError(
      `Cannot use "${word}" as --${option} without a unit: ${plain}M is ${plain} megabytes a second, ${plain}B is ${plain} bytes a second`,
    );
  }
  const rate = parseBytes(plain);
  if (rate !== undefined && rate >= 1) return rate;
  throw new UsageError(`Cannot use "${word}" as --${option}: expected bytes a second, such as 500k or 2M`);
}

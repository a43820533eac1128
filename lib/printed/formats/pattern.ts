import { UsageError } from "../../base/errors.ts";
import { toNumber } from "./numbers.ts";
import type { LineFormat, Scalars } from "./recogniser.ts";

/** The named groups of a regular expression, as often as it matches in a line. */
export function pattern(text: string): LineFormat {
  let expression: RegExp;
  try {
    expression = new RegExp(text, "g");
  } catch (error) {
    throw new UsageError(`Cannot use --scalars "${text}": ${(error as Error).message}`);
  }
  if (!/\(\?<[\p{L}_$]/u.test(text)) {
    throw new UsageError(`Cannot use --scalars "${text}": it has no named group, such as (?<loss>[0-9.]+)`);
  }
  return {
    format: "--scalars",
    recognise(line) {
      const found: Scalars = {};
      for (const match of line.matchAll(expression)) {
        for (const [name, text] of Object.entries(match.groups ?? {})) {
          const value = toNumber(text ?? "");
          if (value !== undefined) found[name] = value;
        }
      }
      return Object.keys(found).length > 0 ? found : undefined;
    },
  };
}

import { toNumber } from "./numbers.ts";
import { withStep } from "./pairs.ts";
import { type LineFormat, orNothing, type Scalars } from "./recogniser.ts";

const ENTRY = /'([^'\\]+)':\s*(?:'([^'\\]*)'|([^,'{}[\]]+))(?=[,}])/g;

/**
 * The dicts that the Hugging Face Trainer prints: `{'loss': 0.5, 'learning_rate': 1e-05, 'epoch': 0.1}`, in newer versions
 * with the numbers in quotes. `any`: dicts without a loss or an epoch too.
 */
export function pythonDict({ any }: { readonly any: boolean }): LineFormat {
  return {
    format: any ? "a dict of numbers" : "Hugging Face Trainer",
    recognise(line) {
      const start = line.indexOf("{'");
      if (start < 0 || !line.trimEnd().endsWith("}")) return undefined;
      const text = line.slice(start);
      if (!any && !/'(?:epoch|loss|(?:train|eval|test|predict)_\w+)': '?(?:[-+.\d]|nan|inf)/.test(text)) {
        return undefined;
      }
      const found: Scalars = {};
      for (const [, name, quoted, bare] of text.matchAll(ENTRY)) {
        const value = toNumber(quoted ?? bare);
        if (value !== undefined && name !== "__proto__") found[name] = value;
      }
      return orNothing(withStep(found, ""));
    },
  };
}

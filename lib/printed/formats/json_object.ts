import { toNumber } from "./numbers.ts";
import { withStep } from "./pairs.ts";
import { type LineFormat, orNothing, type Scalars } from "./recogniser.ts";

/**
 * Lines of JSON with numbers, also in texts, as fairseq prints them: `{"epoch": 1, "train_loss": "4.2"}`. Known are those
 * that name a step or an epoch; `any`: all.
 */
export function jsonObject({ any }: { readonly any: boolean }): LineFormat {
  return {
    format: any ? "JSON" : "JSON with a step",
    recognise(line) {
      const start = line.indexOf('{"');
      if (start < 0 || !line.trimEnd().endsWith("}")) return undefined;
      const text = line.slice(start);
      if (!any && !/"(?:epoch|step|global_step|num_updates|iter|iteration)":/.test(text)) return undefined;
      let json: Record<string, unknown>;
      try {
        json = JSON.parse(text);
      } catch {
        return undefined;
      }
      const found: Scalars = {};
      for (const [name, value] of Object.entries(json)) {
        const number = typeof value === "number" ? value : typeof value === "string" ? toNumber(value) : undefined;
        if (number !== undefined && name !== "__proto__") found[name] = number;
      }
      return orNothing(withStep(found, ""));
    },
  };
}

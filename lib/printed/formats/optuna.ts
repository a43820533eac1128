import { toNumber } from "./numbers.ts";
import type { LineFormat, Scalars } from "./recogniser.ts";

const TRIAL =
  /Trial (\d+) finished with values?: (\[[^\]]*\]|\S+) and parameters: \{(.*?)\}\.(?: Best is trial \d+ with value: (\S+?)\.?$)?/;

/** optuna: `Trial 0 finished with value: 2.0 and parameters: {'x': 0.1}. Best is trial 0 with value: 2.0.` */
export function optuna(): LineFormat {
  return {
    format: "optuna",
    recognise(line) {
      if (!line.includes("finished with value")) return undefined;
      const match = TRIAL.exec(line);
      if (match === null) return undefined;
      const found: Scalars = { step: Number(match[1]) };
      const put = (name: string, text: string | undefined) => {
        const value = toNumber(text ?? "");
        if (value !== undefined) found[name] = value;
      };
      if (match[2].startsWith("[")) {
        match[2].slice(1, -1).split(",").forEach((text, at) => put(`value_${at}`, text));
      } else put("value", match[2]);
      put("best_value", match[4]);
      for (const [, name, text] of match[3].matchAll(/'([^']+)': ([^,'[\]{}]+)/g)) put(`params/${name}`, text);
      return found;
    },
  };
}

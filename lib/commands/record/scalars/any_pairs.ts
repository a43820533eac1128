import { pairsIn, withStep } from "./pairs.ts";
import { orNothing, type Recogniser } from "./recogniser.ts";

/** `name=1.5` and `name: 1.5` in any line. */
export function anyPairs(): Recogniser {
  return {
    format: "name=number",
    recognise(line) {
      if (!/[=:]\s*[-+.\dni]/i.test(line)) return undefined;
      const pairs = pairsIn(line);
      return orNothing(pairs) && orNothing(withStep(pairs, line));
    },
  };
}

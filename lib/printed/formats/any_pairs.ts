import { NUMBER, toRatio } from "./numbers.ts";
import { pairsIn, withStep } from "./pairs.ts";
import { type LineFormat, orNothing, type Scalars } from "./recogniser.ts";

/** Names whose numbers are not measurements: those of versions, addresses and processes. */
const LABEL = /(?:^|_)(?:version|port|pid|ppid|cuda|cudnn|nccl|python|torch|driver)$/i;
/** `Namespace(lr=0.1)`, `TrainingArguments(seed=1)`: options that are printed at the start. */
const OPTIONS = /^\s*[\w.]*(?:namespace|config|arguments|args|params|options|settings)\(.*=/i;
/** `loss 0.3` between bars: `| epoch 1 step 200 | 200 batches | lr 0.0003 | loss 7.4`. */
const CELL = new RegExp(String.raw`^\s*([\p{L}_][\p{L}\p{N}_./@-]*)\s+(${NUMBER}\s?%?)\s*$`, "iu");
const CELLS_AT_LEAST = 2;

/** `name=1.5` and `name: 1.5` in any line, and `name 1.5` between bars. */
export function anyPairs(): LineFormat {
  return {
    format: "name=number",
    recognise(line) {
      const isTable = line.includes(" | ");
      if (!isTable && !/[=:]\s*[-+.\dni]/i.test(line) || OPTIONS.test(line)) return undefined;
      const pairs = { ...isTable && cellsIn(line), ...pairsIn(line) };
      for (const name of Object.keys(pairs)) if (LABEL.test(name)) delete pairs[name];
      return orNothing(pairs) && orNothing(withStep(pairs, line));
    },
  };
}

function cellsIn(line: string): Scalars {
  const found: Scalars = {};
  for (const cell of line.split("|")) {
    const [, name, text] = CELL.exec(cell) ?? [];
    const value = text === undefined ? undefined : toRatio(text);
    if (value !== undefined && name !== "__proto__") found[name] ??= value;
  }
  return Object.keys(found).length < CELLS_AT_LEAST ? {} : found;
}

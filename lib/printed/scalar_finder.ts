import { anyPairs } from "./formats/any_pairs.ts";
import { catboost, lightgbm, xgboost } from "./formats/boosting.ts";
import { brackets } from "./formats/brackets.ts";
import { detectron2, nanoGpt, scikitLearn } from "./formats/iterations.ts";
import { mayBeKnown, mayBePair } from "./format_gate.ts";
import { jsonObject } from "./formats/json_object.ts";
import { keras } from "./formats/keras.ts";
import { withoutPrefix } from "./logging_prefix.ts";
import { optuna } from "./formats/optuna.ts";
import { pattern } from "./formats/pattern.ts";
import { progressBar } from "./formats/progress_bar.ts";
import { pythonDict } from "./formats/python_dict.ts";
import type { LineFormat } from "./formats/recogniser.ts";
import { yolo } from "./formats/yolo.ts";

/** Numbers that a printed line has. */
export interface FoundScalars {
  /** The name of the event; `scalars` where it is not given. */
  readonly event?: string;
  readonly data: Record<string, number>;
  /** Whose format the line is in, as people know it. */
  readonly format: string;
}

/** The formats of known programs, the more particular ones first. */
function knownFormats(): LineFormat[] {
  return [
    jsonObject({ any: false }),
    pythonDict({ any: false }),
    xgboost(),
    lightgbm(),
    catboost(),
    optuna(),
    keras(),
    yolo(),
    progressBar(),
    ...brackets(),
    nanoGpt(),
    detectron2(),
    scikitLearn(),
  ];
}

/** Lines longer than this are not looked at: they are dumps, not metrics. */
const MAX_LINE = 64 * 1024;

/** Finds numbers in the printed lines of one stream; it remembers what some formats say in lines before. */
export class ScalarFinder {
  readonly #recognisers: readonly LineFormat[];
  readonly #strips: boolean;
  readonly #isKnownOnly: boolean;

  /**
   * @param how Undefined: only lines in a known format. `auto`: also any `name=number` and `name: number`. Else a regular
   * expression, whose named groups are the numbers.
   * @param onFound Called with the format of each line that has numbers.
   * @throws {UsageError} Where the expression is not one, or names no group.
   */
  constructor(how?: string, private readonly onFound?: (format: string) => void) {
    this.#isKnownOnly = how === undefined;
    this.#strips = how === undefined || how === "auto";
    this.#recognisers = how === undefined
      ? knownFormats()
      : how === "auto"
      ? [...knownFormats(), jsonObject({ any: true }), pythonDict({ any: true }), anyPairs()]
      : [pattern(how)];
  }

  /** The numbers in the next line; undefined if there are none. */
  push(line: string): FoundScalars | undefined {
    if (line.length > MAX_LINE) return undefined;
    if (this.#strips && !mayBeKnown(line) && (this.#isKnownOnly || !mayBePair(line))) return undefined;
    const text = this.#strips ? withoutPrefix(line) : line;
    for (const recogniser of this.#recognisers) {
      const data = recogniser.recognise(text);
      if (data === undefined) continue;
      this.onFound?.(recogniser.format);
      return { data, format: recogniser.format };
    }
    return undefined;
  }
}

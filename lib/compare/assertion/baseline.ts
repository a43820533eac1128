import { DamageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import type { Sample } from "../statistics/sample.ts";

/** What is compared with: values, as they are named in conditions. */
export interface Baseline {
  /** What it is, for people. */
  readonly name: string;
  readonly values: ReadonlyMap<string, Sample>;
  /** Some of the experiments, for plots; none of a file. */
  readonly experiments: readonly string[];
}

/** The key that says what the file is, and the version of its format. */
const MARK = "dbx-baseline";

/** How many ids a file names. */
const MAX_IDS = 20;

/**
 * A baseline as the text of a file that is kept in git: one line per value, sorted, without a time or anything else that
 * changes although the values do not.
 */
export function serializeBaseline({ values, experiments }: Omit<Baseline, "name">): string {
  const lines = [...values].sort(([a], [b]) => a < b ? -1 : 1).map(([name, { count, mean, sd }]) => {
    const fields = [`"count": ${count}`, `"mean": ${mean}`, ...Number.isNaN(sd) ? [] : [`"sd": ${sd}`]];
    return `    ${JSON.stringify(name)}: { ${fields.join(", ")} }`;
  });
  const ids = experiments.toSorted().slice(0, MAX_IDS).map((id) => JSON.stringify(id));
  return `{\n  "${MARK}": 1,\n  "experiments": [${ids.join(", ")}],\n  "values": {\n${lines.join(",\n")}\n  }\n}\n`;
}

/**
 * The baseline of a file's text.
 *
 * @param name The path of the file, for messages.
 * @throws {DamageError} Where it is not one.
 */
export function parseBaseline(text: string, name: string): Baseline {
  const fail = (why: string) => new DamageError(`Cannot read the baseline "${name}": ${why}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw fail("it is not valid JSON");
  }
  if (!isObject(json) || json[MARK] === undefined) {
    throw fail(`it has no "${MARK}"; dbx assert --write-baseline makes one`);
  }
  if (json[MARK] !== 1) throw fail(`this dbx does not know version ${JSON.stringify(json[MARK])} of the format`);
  if (!isObject(json.values)) throw fail('its "values" are missing');
  const values = new Map<string, Sample>();
  for (const [key, value] of Object.entries(json.values)) {
    if (!isObject(value) || typeof value.mean !== "number" || !isCount(value.count)) {
      throw fail(`the value "${key}" needs a "mean" and a "count"`);
    }
    const sd = value.sd ?? NaN;
    if (typeof sd !== "number" || sd < 0) throw fail(`the "sd" of "${key}" is not a number that can be a deviation`);
    values.set(key, { count: value.count, mean: value.mean, sd });
  }
  return { name, values, experiments: [] };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

import type { Value } from "../../values/value.ts";
import { UnsupportedAtRuntime } from "../fallback.ts";
import type { Compute } from "./by_value.ts";

/** Shorter texts do not count. */
const LONG = 256;
/** Characters (of blobs: bytes) of long texts that one function may make for one query, as some batches of them are held at once. */
const MAX_BYTES = 128 * 1024 * 1024;

/**
 * A function of which the long texts are counted: what makes more of them than memory should hold is left to SQLite, which holds
 * one row at a time, has a limit of memory in a server, and can be stopped within a batch.
 */
export function boundedTexts(compute: Compute, most: number = MAX_BYTES): Compute {
  let made = 0;
  const counted = (value: Value): Value => {
    const isText = typeof value === "string" || value instanceof Uint8Array;
    if (isText && value.length > LONG && (made += value.length) > most) {
      throw new UnsupportedAtRuntime("texts that are too long for memory");
    }
    return value;
  };
  const one = (...values: readonly Value[]): Value => counted(compute(...values));
  const { many } = compute;
  if (many === undefined) return one;
  return Object.assign(one, {
    many: (args: readonly Value[], varying: number, values: readonly Value[]) => {
      const answers = many(args, varying, values);
      answers.forEach(counted);
      return answers;
    },
  });
}

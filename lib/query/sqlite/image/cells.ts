import type { Affinity } from "../../bind/bound.ts";
import type { Vector } from "../../vectors/vector.ts";
import type { Value } from "../../values/value.ts";
import { applyAffinity } from "../../values/convert.ts";
import type { Cells } from "./cell_types.ts";
import { numberCells } from "./number_cells.ts";
import { constantCells, textCells, type WordBytes } from "./text_cells.ts";
import { valueCells } from "./value_cells.ts";

/**
 * The cells of a vector in a column with an affinity: with the conversions that an INSERT makes.
 *
 * @param words The bytes of the words of the column's last batch, for they often come again.
 */
export function cellsOf(vector: Vector, affinity: Affinity, words: WordBytes): Cells {
  switch (vector.kind) {
    case "constant":
      return constantCells(stored(affinity, vector.value));
    case "number":
      if (affinity === "text") return valueCells(textsOf(vector));
      return numberCells(
        vector.data,
        affinity === "real" ? "real" : vector.type,
        isWhole(affinity),
      );
    case "text":
      if (affinity === "text" || affinity === "none") return textCells(vector.codes, vector.words, words);
      return valueCells(Array.from(vector.codes, (code) => code < 0 ? null : stored(affinity, vector.words[code])));
    case "any":
      return valueCells(affinity === "none" ? vector.values : vector.values.map((value) => stored(affinity, value)));
  }
}

function isWhole(affinity: Affinity): boolean {
  return affinity === "integer" || affinity === "numeric";
}

/** What a column with an affinity keeps of a value. */
export function stored(affinity: Affinity, value: Value): Value {
  const applied = applyAffinity(affinity, value);
  if (affinity === "real") return typeof applied === "bigint" ? Number(applied) : applied;
  const isMadeWhole = isWhole(affinity) && typeof applied === "number" && Number.isInteger(applied) &&
    applied > -(2 ** 63) && applied < 2 ** 63;
  return isMadeWhole ? BigInt(applied) : applied;
}

function textsOf({ data, type }: Vector & { readonly kind: "number" }): Value[] {
  return Array.from(data, (number) => {
    if (Number.isNaN(number)) return null;
    const isInteger = type === "integer" || type === "numeric" && Number.isSafeInteger(number);
    return applyAffinity("text", isInteger ? BigInt(number) : number);
  });
}

import type { ValueSet } from "../../plan/scalar.ts";
import type { Value } from "../../result/value.ts";
import { valueAt } from "../../tables/gather.ts";
import { applyAffinity } from "../../values/convert.ts";
import type { Vector } from "../vector.ts";
import type { ScalarContext } from "./context.ts";
import { FALSE, type State, TRUE, type Truth, UNKNOWN } from "./truth.ts";

/** The members of an IN, to be looked up. */
export class Members {
  /** Numbers; those that no REAL is equal to as bigint. */
  readonly numbers = new Set<number | bigint>();
  readonly texts = new Set<string>();
  /** As hexadecimal digits. */
  readonly blobs = new Set<string>();
  readonly hasNull: boolean;
  readonly isEmpty: boolean;

  constructor(values: readonly Value[]) {
    let hasNull = false;
    for (const value of values) {
      if (value === null) hasNull = true;
      else if (typeof value === "string") this.texts.add(value);
      else if (typeof value === "object") this.blobs.add(value.toHex());
      else this.numbers.add(numberKey(value));
    }
    this.hasNull = hasNull;
    this.isEmpty = values.length === 0;
  }

  /** What IN gives for what is not a member. */
  get missing(): State {
    return this.hasNull ? UNKNOWN : FALSE;
  }

  find(value: Value): State {
    if (this.isEmpty) return FALSE;
    if (value === null) return UNKNOWN;
    return this.#has(value) ? TRUE : this.missing;
  }

  #has(value: Exclude<Value, null>): boolean {
    if (typeof value === "string") return this.texts.has(value);
    if (typeof value === "object") return this.blobs.has(value.toHex());
    return this.numbers.has(numberKey(value));
  }
}

/** Equal for an INTEGER and a REAL that are equal. */
function numberKey(value: bigint | number): bigint | number {
  if (typeof value === "number") return value;
  const number = Number(value);
  return BigInt(number) === value ? number : value;
}

/** The members of a set; of a query's rows when they are first needed. */
export function membersOf(set: ValueSet, context: ScalarContext): Members {
  if (set.kind === "values") return new Members(set.values);
  const { affinity } = set;
  return new Members(context.members(set.plan).map((value) => applyAffinity(affinity, value)));
}

/** Which values of a vector are members. */
export function isMember(vector: Vector, members: Members, count: number): Truth {
  if (vector.kind === "constant") return members.find(vector.value);
  if (members.isEmpty) return FALSE;
  const out = new Uint8Array(count);
  for (let row = 0; row < count; row++) out[row] = members.find(valueAt(vector, row));
  return out;
}

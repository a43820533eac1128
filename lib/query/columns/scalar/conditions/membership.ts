import type { Scalar, ValueSet } from "../../../plan/plan.ts";
import type { Value } from "../../../values/value.ts";
import { applyAffinity } from "../../../values/convert.ts";
import type { ScalarContext } from "../context.ts";
import type { Compiler, TruthKernel } from "../kernel.ts";
import { FALSE, type State, TRUE, UNKNOWN } from "../state.ts";
import { testWords } from "../words.ts";

/** The members of an IN, to be looked up. */
class Members {
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

/** The members of a set. */
function membersOf(set: ValueSet, context: ScalarContext): Members {
  if (set.kind === "values") return new Members(set.values);
  const { affinity } = set;
  return new Members(context.members(set.plan).map((value) => applyAffinity(affinity, value)));
}

/** `IN` a list of constants or the rows of a query, which are looked at when they are first needed. */
export function memberKernel({ operand, set }: Scalar & { kind: "in" }, compiler: Compiler): TruthKernel {
  const kernel = compiler.vector(operand);
  let members: Members | undefined;
  const ofWords = testWords((text) => members!.find(text));
  return (batch) => {
    const { count } = batch;
    members ??= membersOf(set, compiler.context);
    const vector = kernel(batch);
    if (members.isEmpty) return FALSE;
    if (vector.kind === "constant") return members.find(vector.value);
    if (vector.kind === "text") return ofWords(vector, count);
    const out = new Uint8Array(count);
    if (vector.kind === "number") findNumbers(members, vector.data, out);
    else for (let row = 0; row < count; row++) out[row] = members.find(vector.values[row]);
    return out;
  };
}

/** As many numbers are compared one by one. */
const FEW = 6;

function findNumbers(members: Members, data: Float64Array, out: Uint8Array): void {
  const { numbers, missing } = members;
  const count = out.length;
  if (numbers.size > FEW) {
    for (let row = 0; row < count; row++) {
      const x = data[row];
      out[row] = x !== x ? UNKNOWN : numbers.has(x) ? TRUE : missing;
    }
    return;
  }
  for (let row = 0; row < count; row++) out[row] = data[row] === data[row] ? missing : UNKNOWN;
  for (const number of numbers) {
    if (typeof number === "bigint") continue;
    for (let row = 0; row < count; row++) if (data[row] === number) out[row] = TRUE;
  }
}

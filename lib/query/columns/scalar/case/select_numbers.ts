import type { Value } from "../../../values/value.ts";
import type { NumberType, Vector } from "../../../vectors/vector.ts";
import { TRUE, type Truth } from "../state.ts";

/** Numbers of one vector where something is true, of another elsewhere; undefined where they are not of one type. */
export function selectNumbers(truth: Truth, yes: Vector, no: Vector, count: number): Vector | undefined {
  if (typeof truth === "number") return truth === TRUE ? yes : no;
  const type = typeOf(yes) ?? typeOf(no);
  if (type === undefined || !isOf(type, yes) || !isOf(type, no)) return undefined;
  const data = new Float64Array(count);
  const a = yes.kind === "number" ? yes.data : undefined;
  const b = no.kind === "number" ? no.data : undefined;
  const x = numberOf(yes);
  const y = numberOf(no);
  if (a !== undefined && b !== undefined) {
    for (let row = 0; row < count; row++) data[row] = truth[row] === TRUE ? a[row] : b[row];
  } else if (a !== undefined) {
    for (let row = 0; row < count; row++) data[row] = truth[row] === TRUE ? a[row] : y;
  } else if (b !== undefined) {
    for (let row = 0; row < count; row++) data[row] = truth[row] === TRUE ? x : b[row];
  } else {
    const either = new Float64Array([y, x]);
    for (let row = 0; row < count; row++) data[row] = either[truth[row] >> 1];
  }
  return { kind: "number", type, data };
}

/** Numbers of one vector, and of another where they are NULL; undefined where they are not of one type. */
export function fillNumbers(vector: Vector, other: Vector, count: number): Vector | undefined {
  if (vector.kind !== "number" || !isOf(vector.type, other)) return undefined;
  const data = new Float64Array(count);
  const a = vector.data;
  if (other.kind === "number") {
    const b = other.data;
    for (let row = 0; row < count; row++) data[row] = a[row] === a[row] ? a[row] : b[row];
  } else {
    const y = numberOf(other);
    for (let row = 0; row < count; row++) data[row] = a[row] === a[row] ? a[row] : y;
  }
  return { kind: "number", type: vector.type, data };
}

function typeOf(vector: Vector): NumberType | undefined {
  if (vector.kind === "number") return vector.type;
  if (vector.kind !== "constant") return undefined;
  return typeof vector.value === "number" ? "real" : typeof vector.value === "bigint" ? "integer" : undefined;
}

/** Whether all values can stand in a vector of a type. */
function isOf(type: NumberType, vector: Vector): boolean {
  if (vector.kind === "number") return vector.type === type || (type === "numeric" && vector.type === "integer");
  if (vector.kind !== "constant") return false;
  const { value } = vector;
  if (value === null) return true;
  if (typeof value === "bigint") return type !== "real" && Number.isSafeInteger(Number(value));
  return typeof value === "number" && (type === "real" || (type === "numeric" && !Number.isSafeInteger(value)));
}

function numberOf(vector: Vector): number {
  const value: Value = vector.kind === "constant" ? vector.value : null;
  return value === null ? NaN : Number(value);
}

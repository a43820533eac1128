import type { Value } from "../../../values/value.ts";
import { numberOf, toReal } from "../../../values/convert.ts";
import type { Vector } from "../../../vectors/vector.ts";
import type { GroupIds } from "../groups/groups.ts";
import type { Accumulator } from "./accumulator.ts";
import { Sums } from "./sums.ts";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** `sum`, `total` and `avg`. A text or blob counts as the number that it begins with. */
export class Sum implements Accumulator {
  readonly #sums = new Sums();

  constructor(readonly name: "sum" | "total" | "avg") {}

  add([vector]: readonly Vector[], count: number, ids: GroupIds, groups: number): number {
    this.#sums.reserve(groups);
    if (vector.kind === "number") this.#addNumbers(vector.data, vector.type, count, ids);
    else this.#addValues(vector, count, ids);
    return 0;
  }

  finish(groups: number): Vector {
    const sums = this.#sums;
    sums.reserve(groups);
    if (this.name === "sum") return sumVector(sums, groups);
    const data = new Float64Array(groups);
    const isMean = this.name === "avg";
    for (let group = 0; group < groups; group++) {
      data[group] = isMean ? sums.total(group) / sums.counts[group] : sums.total(group);
    }
    return { kind: "number", type: "real", data };
  }

  #addNumbers(data: Float64Array, type: "integer" | "real" | "numeric", count: number, ids: GroupIds): void {
    if (type === "real") {
      if (typeof ids === "number") addRealsToOne(this.#sums, data, count, ids);
      else addReals(this.#sums, data, count, ids);
    } else if (type === "integer") {
      if (typeof ids === "number") addWholesToOne(this.#sums, data, count, ids);
      else addWholes(this.#sums, data, count, ids);
    } else addNumeric(this.#sums, data, count, ids);
  }

  #addValues(vector: Exclude<Vector, { kind: "number" }>, count: number, ids: GroupIds): void {
    const of = typeof ids === "number" ? () => ids : (row: number) => ids[row];
    if (vector.kind === "constant") {
      const number = summand(vector.value);
      for (let row = 0; row < count; row++) this.#addValue(number, of(row));
    } else if (vector.kind === "any") {
      for (let row = 0; row < count; row++) this.#addValue(summand(vector.values[row]), of(row));
    } else {
      const known: (bigint | number)[] = [];
      for (let row = 0; row < count; row++) {
        const code = vector.codes[row];
        if (code >= 0) this.#addValue(known[code] ??= summand(vector.words[code])!, of(row));
      }
    }
  }

  #addValue(number: bigint | number | null, group: number): void {
    if (typeof number === "bigint") this.#sums.addInteger(group, number);
    else if (number !== null) this.#sums.addReal(group, number);
  }
}

/** What a value adds. A text that is a number from end to end keeps its type; another is REAL, as is a blob. */
export function summand(value: Value): bigint | number | null {
  if (value === null || typeof value === "bigint" || typeof value === "number") return value;
  return (typeof value === "string" ? numberOf(value) : undefined) ?? toReal(value);
}

function addReals(sums: Sums, data: Float64Array, count: number, ids: Int32Array): void {
  const { isReal, real, error, counts } = sums;
  for (let row = 0; row < count; row++) {
    const number = data[row];
    if (number !== number) continue;
    const group = ids[row];
    if (isReal[group] === 0) sums.becomeReal(group);
    counts[group]++;
    const sum = real[group];
    const next = sum + number;
    error[group] += Math.abs(sum) > Math.abs(number) ? (sum - next) + number : (number - next) + sum;
    real[group] = next;
  }
}

function addRealsToOne(sums: Sums, data: Float64Array, count: number, group: number): void {
  let added = 0;
  let sum = 0;
  let error = 0;
  for (let row = 0; row < count; row++) {
    const number = data[row];
    if (number !== number) continue;
    if (added++ === 0) {
      if (sums.isReal[group] === 0) sums.becomeReal(group);
      sum = sums.real[group];
      error = sums.error[group];
    }
    const next = sum + number;
    error += Math.abs(sum) > Math.abs(number) ? (sum - next) + number : (number - next) + sum;
    sum = next;
  }
  if (added === 0) return;
  sums.counts[group] += added;
  sums.real[group] = sum;
  sums.error[group] = error;
}

function addWholes(sums: Sums, data: Float64Array, count: number, ids: Int32Array): void {
  const { isReal, whole, counts } = sums;
  for (let row = 0; row < count; row++) {
    const number = data[row];
    if (number !== number) continue;
    const group = ids[row];
    const sum = whole[group] + number;
    if (sum <= MAX_SAFE && sum >= -MAX_SAFE && isReal[group] === 0) {
      whole[group] = sum;
      counts[group]++;
    } else sums.addWhole(group, number);
  }
}

function addWholesToOne(sums: Sums, data: Float64Array, count: number, group: number): void {
  let row = 0;
  if (sums.isReal[group] === 0) {
    let sum = sums.whole[group];
    let added = 0;
    for (; row < count; row++) {
      const number = data[row];
      if (number !== number) continue;
      const next = sum + number;
      if (!(next <= MAX_SAFE && next >= -MAX_SAFE)) break;
      sum = next;
      added++;
    }
    sums.whole[group] = sum;
    sums.counts[group] += added;
  }
  for (; row < count; row++) if (data[row] === data[row]) sums.addWhole(group, data[row]);
}

function addNumeric(sums: Sums, data: Float64Array, count: number, ids: GroupIds): void {
  const { isReal, real, error, whole, counts } = sums;
  for (let row = 0; row < count; row++) {
    const number = data[row];
    if (number !== number) continue;
    const group = typeof ids === "number" ? ids : ids[row];
    if (Math.floor(number) === number && number <= MAX_SAFE && number >= -MAX_SAFE) {
      const sum = whole[group] + number;
      if (sum <= MAX_SAFE && sum >= -MAX_SAFE && isReal[group] === 0) {
        whole[group] = sum;
        counts[group]++;
      } else sums.addWhole(group, number);
      continue;
    }
    if (isReal[group] === 0) sums.becomeReal(group);
    counts[group]++;
    const sum = real[group];
    const next = sum + number;
    error[group] += Math.abs(sum) > Math.abs(number) ? (sum - next) + number : (number - next) + sum;
    real[group] = next;
  }
}

function sumVector(sums: Sums, groups: number): Vector {
  let reals = 0;
  let wholes = 0;
  let isPlain = !sums.hasLarge;
  const data = new Float64Array(groups);
  for (let group = 0; group < groups && isPlain; group++) {
    if (sums.counts[group] === 0) {
      data[group] = NaN;
      continue;
    }
    data[group] = sums.total(group);
    if (sums.isReal[group] === 0) wholes++;
    else if (reals++, wholes > 0 && Number.isSafeInteger(data[group])) isPlain = false;
  }
  // Of reals that came before the first whole one.
  const isMixed = wholes > 0 && reals > 0;
  for (let group = 0; group < groups && isMixed && isPlain; group++) {
    if (sums.isReal[group] !== 0 && Number.isSafeInteger(data[group])) isPlain = false;
  }
  if (isPlain) return { kind: "number", type: isMixed ? "numeric" : reals > 0 ? "real" : "integer", data };
  return { kind: "any", values: Array.from({ length: groups }, (_, group) => sums.sum(group)) };
}

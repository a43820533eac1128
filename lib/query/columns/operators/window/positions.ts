import type { Value } from "../../../values/value.ts";
import { valueAt } from "../../../vectors/gather.ts";
import { applyAffinity, toNumeric } from "../../../values/convert.ts";
import { concatenate } from "../../../vectors/concatenate.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import { gatherOrNull } from "../../../vectors/gather_or_null.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { FrameRows, type Frames, type Parts } from "./frames.ts";

/** `lag` and `lead`: the value of another row of the partition, else the default. */
export function shifted(
  name: "lag" | "lead",
  [values, offsets, otherwise]: readonly Vector[],
  { partitions }: Parts,
): Vector {
  const count = partitions[partitions.length - 1];
  const sign = name === "lag" ? -1 : 1;
  const constant = offsets === undefined ? 1 : offsets.kind === "constant" ? offsetOf(offsets.value) : undefined;
  const rows = new Int32Array(count);
  for (let at = 0; at + 1 < partitions.length; at++) {
    const start = partitions[at];
    const end = partitions[at + 1];
    for (let row = start; row < end; row++) {
      const offset = constant ?? offsetOf(valueAt(offsets, row));
      const other = row + sign * offset;
      // When SQLite computes a lag, it has seen only one of the following rows.
      rows[row] = other >= start && other < end && (sign > 0 || other <= row + 1) ? other : -1;
    }
  }
  if (otherwise === undefined) return gatherOrNull(values, rows);
  for (let row = 0; row < count; row++) if (rows[row] < 0) rows[row] = count + row;
  return gatherOrNull(concatenate([values, otherwise], [count, count]), rows);
}

/** How far away a row is; NaN: there is no such row. */
function offsetOf(value: Value): number {
  if (value === null) return NaN;
  const number = Number(toNumeric(value));
  return Number.isInteger(number) ? number : NaN;
}

/** `first_value`, `last_value` and `nth_value`: the value of a row of the frame. */
export function positioned(
  name: "first_value" | "last_value" | "nth_value",
  [values, places]: readonly Vector[],
  frames: Frames,
): Vector {
  const count = frames.lows.length;
  if (name === "nth_value" && places.kind !== "constant" && frames.frame.exclude !== "no others") {
    throw new UnsupportedAtRuntime("nth_value of a place that differs from row to row, with EXCLUDE");
  }
  const rows = new Int32Array(count);
  const frame = new FrameRows(frames);
  const constant = name === "nth_value" && places.kind === "constant" ? placeOf(places.value) : 0;
  for (let row = 0; row < count; row++) {
    frame.at(row);
    let place = constant;
    if (name === "last_value") place = frame.count - 1;
    else if (name === "nth_value" && places.kind !== "constant") place = placeOf(valueAt(places, row));
    rows[row] = frame.rowAt(place);
  }
  return gatherOrNull(values, rows);
}

/** A place from 0. */
function placeOf(value: Value): number {
  const number = Number(applyAffinity("numeric", value) ?? NaN);
  if (!Number.isInteger(number) || number <= 0) {
    throw new UnsupportedAtRuntime("nth_value of what is not a positive whole number");
  }
  return number - 1;
}

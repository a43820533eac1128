import type { Float64Builder } from "../encoding/float64_builder.ts";
import { firstRows, type Group, type LeafColumns, pushLeaf, type WordColumns } from "../parts/part_columns.ts";
import type { LineScanner, LoadedTemplate } from "./line_scanner.ts";
import { isPadded, slotEnds, slotHashes, type SlotsOf, slotValues, type Template } from "./line_template.ts";
import type { WordCodes } from "../parts/word_codes.ts";

/** A template with the columns that its slots fill. */
export interface Bound {
  readonly template: Template;
  readonly group: Group;
  /** By slot of the template's points, numbers and texts. */
  readonly points: readonly LeafColumns[];
  readonly numbers: readonly LeafColumns[];
  readonly texts: readonly WordColumns[];
  readonly fixed: readonly (readonly [leaf: WordColumns, code: number])[];
  /** That of the lines that came last after one of this. */
  next: Bound | undefined;
  /** Where the scanner has it; undefined: nowhere yet; null: it has no room. */
  loaded: LoadedTemplate | undefined | null;
}

/** Where lines are: in their part, and where the bytes that they are read from start in it. */
export interface LinePlaces {
  readonly lines: number;
  readonly bytes: number;
}

/** Adds the event that `matchTemplate` found, which starts at an offset of its bytes; false if its time is invalid. */
export function addLine(bound: Bound, buffer: Uint8Array, start: number, place: LinePlaces, codes: WordCodes): boolean {
  const { template, group } = bound;
  const ts = template.ts < 0 ? NaN : Math.floor(slotValues[template.ts]);
  if (ts - ts !== 0 && template.ts >= 0) return false;
  const row = group.ts.length;
  group.ts.push(ts);
  group.line.push(place.lines);
  group.offset.push(place.bytes + start);
  const { coordinates } = template;
  for (let i = 0; i < group.coordinates.length; i++) group.coordinates[i].push(slotValues[coordinates[i]]);
  if (isPadded) group.hasOddNames = true;
  const step = stepSlot(template);
  group.step.push(step < 0 ? NaN : slotValues[step]);
  pushNumbers(bound.points, template.points, row);
  pushNumbers(bound.numbers, template.numbers, row);
  const { slots } = template.texts;
  for (let i = 0; i < slots.length; i++) {
    const [slot, leaf] = [slots[i], bound.texts[i]];
    const [value, end] = [slotValues[slot], slotEnds[slot]];
    pushLeaf(leaf, row, end < 0 ? value : codes.ofBytes(leaf, buffer, value, end, slotHashes[slot]));
  }
  for (let i = 0; i < bound.fixed.length; i++) pushLeaf(bound.fixed[i][0], row, bound.fixed[i][1]);
  return true;
}

function pushNumbers(leaves: readonly LeafColumns[], { slots }: SlotsOf, row: number): void {
  for (let i = 0; i < slots.length; i++) pushLeaf(leaves[i], row, slotValues[slots[i]]);
}

/** Adds the events of lines one behind the other that a scanner found. */
export function addLines(
  bound: Bound,
  loaded: LoadedTemplate,
  scanner: LineScanner,
  count: number,
  place: LinePlaces,
  codes: WordCodes,
): void {
  const { template, group } = bound;
  const { numbers, words } = scanner;
  const row = group.ts.length;
  const column = (slot: number) => loaded.values / 8 + slot * loaded.most;
  if (template.ts < 0) group.ts.fill(NaN, count);
  else group.ts.appendWhole(numbers, column(template.ts), count);
  group.line.count(place.lines, count);
  group.offset.appendWords(words, loaded.offsets / 4, count, place.bytes - scanner.start);
  const { coordinates } = template;
  for (let i = 0; i < group.coordinates.length; i++) {
    group.coordinates[i].appendFrom(numbers, column(coordinates[i]), count);
  }
  if (scanner.isPadded) group.hasOddNames = true;
  const step = stepSlot(template);
  if (step < 0) group.step.fill(NaN, count);
  else group.step.appendFrom(numbers, column(step), count);
  const appendNumbers = (leaves: readonly LeafColumns[], { slots }: SlotsOf) => {
    for (let i = 0; i < slots.length; i++) {
      roomFor(leaves[i], row, count);
      leaves[i].values.appendFrom(numbers, column(slots[i]), count);
    }
  };
  appendNumbers(bound.points, template.points);
  appendNumbers(bound.numbers, template.numbers);
  const { slots } = template.texts;
  for (let i = 0; i < slots.length; i++) {
    const leaf = bound.texts[i];
    roomFor(leaf, row, count);
    const at = column(slots[i]) * 2;
    const hashes = loaded.hashes / 4 + slots[i] * loaded.most;
    for (let line = 0; line < count; line++) {
      const [start, end] = [words[at + line * 2], words[at + line * 2 + 1]];
      leaf.values.push(end < 0 ? start : codes.ofBytes(leaf, scanner.bytes, start, end, words[hashes + line]));
    }
  }
  for (const [leaf, code] of bound.fixed) {
    roomFor(leaf, row, count);
    leaf.values.fill(code, count);
  }
}

/** Notes that the next values of a leaf are in rows one behind the other. */
function roomFor(leaf: LeafColumns, row: number, count: number): void {
  if (leaf.rows === undefined) {
    if (leaf.values.length === row) return;
    leaf.rows = firstRows(leaf.values.length);
  }
  (leaf.rows as Float64Builder).count(row, count);
}

/** The slot of the step: in the data, else the last coordinate. */
function stepSlot({ step, coordinates }: Template): number {
  return step >= 0 ? step : coordinates.length > 0 ? coordinates[coordinates.length - 1] : -1;
}

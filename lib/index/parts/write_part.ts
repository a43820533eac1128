import {
  ENDS,
  NONE,
  NUMBERS,
  ODD_NAMES,
  ONE_WORD,
  TOO_MANY_LEAVES,
  TOO_MANY_SERIES,
  WORDS,
} from "../pack/pack_footer.ts";
import type { Float64Builder } from "../encoding/float64_builder.ts";
import type { PackBuilder } from "../pack/pack_builder.ts";
import { type BadLine, coordinatesIn, type Group, type LeafColumns } from "./part_columns.ts";
import { statisticsOfColumn } from "../statistics/statistics.ts";
import { Code, type WordTable } from "../encoding/word_table.ts";

/** More bad lines of one part are counted, but not kept. */
export const MAX_BAD_LINES = 100;

/** The event that ends the life of a run. */
const END_EVENT = "dbx/end";

/** So many columns of rows are remembered, as several leaves tend to be in the same events. */
const REMEMBERED_ROWS = 4;

/** Where a part stands, and what proves it. */
export interface PartHead {
  /** The log's file, relative to the repository. */
  readonly path: string;
  readonly version: 0 | 1;
  /** Bytes from the start of the log. */
  readonly from: number;
  /** Lines before. */
  readonly firstLine: number;
  readonly size: number;
  readonly modifiedAt: number;
  readonly head: number;
  readonly tail: number;
  /** The checksum of the last bytes of the part before; 0 for the first. */
  readonly before: number;
  /** What proves its bytes: where each piece ends, in bytes from the start of the log, and its checksum. */
  readonly sections: readonly (readonly [to: number, check: number])[];
  /** How many points a series has in earlier parts. */
  base(pattern: string, path: string): number;
}

/** What the lines of a part hold. */
export interface PartColumns {
  readonly groups: ReadonlyMap<string, Group>;
  /** The words that leaves have codes of. */
  readonly words: WordTable;
  readonly badLines: readonly BadLine[];
  readonly lines: number;
  readonly bytes: number;
  /** Events that have no time. */
  readonly untimed: number;
  /** Whether there were more series, or other leaves, than the index takes. */
  readonly overflow: boolean;
  readonly leavesOverflow: boolean;
}

/** Puts a part into a pack. */
export function writePart(builder: PackBuilder, head: PartHead, columns: PartColumns): void {
  const { directory } = builder;
  const part = directory.count("parts");
  const groupsFrom = directory.count("groups");
  if (!columns.overflow) {
    for (const group of columns.groups.values()) {
      if (group.ts.length > 0) new GroupWriter(builder, group, columns, head).write(part);
    }
  }
  for (const { line, offset, message } of columns.badLines.slice(0, MAX_BAD_LINES)) {
    directory.problems.push([part, line, offset, message]);
  }
  const sectionsFrom = directory.count("sections");
  for (const [to, check] of head.sections) directory.add("sections", { to, check });
  const { path, version, from, firstLine, size, modifiedAt, tail, before } = head;
  directory.add("parts", {
    ...directory.path(path),
    version,
    from,
    to: from + columns.bytes,
    firstLine,
    lines: columns.lines,
    size,
    modifiedAt,
    head: head.head,
    tail,
    before,
    flags: flagsOf(columns),
    untimed: columns.untimed,
    groupsFrom,
    groupsTo: directory.count("groups"),
    sectionsFrom,
    sectionsTo: directory.count("sections"),
  });
}

function flagsOf({ overflow, leavesOverflow, groups }: PartColumns): number {
  const ends = (groups.get(END_EVENT)?.ts.length ?? 0) > 0;
  return (overflow ? TOO_MANY_SERIES : 0) | (leavesOverflow ? TOO_MANY_LEAVES : 0) | (ends ? ENDS : 0);
}

class GroupWriter {
  readonly #rows: { readonly rows: Float64Builder; readonly column: number }[] = [];
  #step = 0;

  constructor(
    readonly builder: PackBuilder,
    readonly group: Group,
    readonly part: PartColumns,
    readonly head: PartHead,
  ) {}

  write(part: number): void {
    const { builder: { directory }, group } = this;
    const index = directory.count("groups");
    const ts = this.#column(group.ts);
    this.#step = this.#column(group.step);
    const seriesFrom = directory.count("series");
    for (const series of group.series.values()) if (series.values.length > 0) this.#series(index, series);
    const coordinatesFrom = directory.count("coordinates");
    this.#coordinates();
    const leavesFrom = directory.count("leaves");
    if (!this.part.leavesOverflow) this.#leaves();
    directory.add("groups", {
      part,
      pattern: directory.string(group.pattern),
      count: group.ts.length,
      ts,
      step: this.#step,
      line: this.#column(group.line),
      offset: this.#column(group.offset),
      seriesFrom,
      seriesTo: directory.count("series"),
      coordinatesFrom,
      coordinatesTo: directory.count("coordinates"),
      leavesFrom,
      leavesTo: directory.count("leaves"),
      flags: group.hasOddNames ? ODD_NAMES : 0,
    });
  }

  #series(group: number, series: LeafColumns): void {
    const { step, pattern } = this.group;
    const base = this.head.base(pattern, series.path);
    this.builder.directory.add("series", {
      group,
      path: this.builder.directory.string(series.path),
      base,
      values: this.#column(series.values),
      rows: this.#rowsOf(series),
      ...statisticsOfColumn(series.values.filled, step.data, series.rows?.data, base),
    });
  }

  #coordinates(): void {
    const { coordinates, numbers, pattern } = this.group;
    const hasSteps = (numbers.get("step")?.values.length ?? 0) > 0;
    coordinates.forEach((column, at) => {
      // The last one is the step where the data says none.
      const isStep = !hasSteps && at + 1 === coordinatesIn(pattern);
      this.builder.directory.add("coordinates", { values: isStep ? this.#step : this.#column(column) });
    });
  }

  #leaves(): void {
    const { directory } = this.builder;
    for (const leaf of this.group.numbers.values()) {
      const count = leaf.values.length;
      if (count === 0) continue;
      const isStep = leaf.path === "step" && isEqual(leaf.values, this.group.step);
      const values = isStep ? this.#step : this.#column(leaf.values);
      directory.add("leaves", {
        path: directory.string(leaf.path),
        kind: NUMBERS,
        count,
        values,
        rows: this.#rowsOf(leaf),
      });
    }
    for (const leaf of this.group.words.values()) {
      const count = leaf.values.length;
      if (count === 0) continue;
      const isOne = isOneValue(leaf.values);
      const kind = isOne ? ONE_WORD : WORDS;
      const values = isOne ? this.#code(leaf.values.data[0]) : this.builder.column(this.#codes(leaf.values.filled));
      directory.add("leaves", { path: directory.string(leaf.path), kind, count, values, rows: this.#rowsOf(leaf) });
    }
  }

  /** Codes of this pack. */
  #codes(codes: Float64Array): Float64Array {
    if (this.part.words === this.builder.words) return codes;
    const own = new Float64Array(codes.length);
    for (let at = 0; at < own.length; at++) {
      own[at] = at > 0 && codes[at] === codes[at - 1] ? own[at - 1] : this.#code(codes[at]);
    }
    return own;
  }

  #code(code: number): number {
    const { words } = this.builder;
    const from = this.part.words;
    return from === words || code < Code.FirstWord ? code : words.take(from, code);
  }

  #rowsOf({ rows }: LeafColumns): number {
    if (rows === undefined) return NONE;
    const found = this.#rows.find((other) => isEqual(other.rows, rows));
    if (found !== undefined) return found.column;
    const column = this.#column(rows);
    this.#rows.unshift({ rows, column });
    if (this.#rows.length > REMEMBERED_ROWS) this.#rows.pop();
    return column;
  }

  #column(values: Float64Builder): number {
    return this.builder.column(values.filled);
  }
}

function isOneValue({ data, length }: Float64Builder): boolean {
  for (let at = 1; at < length; at++) if (data[at] !== data[0]) return false;
  return true;
}

function isEqual(a: Float64Builder, b: Float64Builder): boolean {
  if (a.length !== b.length || !Object.is(a.data[a.length - 1], b.data[b.length - 1])) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a.data[i], b.data[i])) return false;
  return true;
}

import { aligned, type Directory, DirectoryBuilder, NONE, TOO_MANY_SERIES } from "./directory.ts";
import { checksum, encodeColumn } from "./encoding.ts";
import type { Growable } from "./growable.ts";
import type { Pack } from "./pack.ts";
import type { Group, SeriesColumns, Shredder } from "./shredder.ts";

/** More bad lines of one part are counted, but not kept. */
const MOST_PROBLEMS = 100;

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
  /** How many points a series has in earlier parts. */
  base(pattern: string, path: string): number;
}

/** Collects parts of logs; the columns stand in one buffer that grows. */
export class PackBuilder {
  readonly #directory = new DirectoryBuilder();
  #buffer: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.#buffer = new Uint8Array(capacity);
  }

  get parts(): number {
    return this.#directory.count("parts");
  }

  /** Bytes that it will have, nearly. */
  get size(): number {
    return this.length + 170 * this.#directory.count("series") + 280 * this.#directory.count("groups");
  }

  /** Takes what a shredder has of a part. */
  add(head: PartHead, shredder: Shredder): void {
    const directory = this.#directory;
    const part = directory.count("parts");
    const groupsFrom = directory.count("groups");
    if (!shredder.overflow) {
      for (const group of shredder.groups.values()) if (group.ts.length > 0) this.#group(part, group, head);
    }
    for (const { line, offset, message } of shredder.badLines.slice(0, MOST_PROBLEMS)) {
      directory.problems.push([part, line, offset, message]);
    }
    const { path, version, from, firstLine, size, modifiedAt, tail, before } = head;
    directory.add("parts", {
      path: directory.string(path),
      version,
      from,
      to: from + shredder.bytes,
      firstLine,
      lines: shredder.lines,
      size,
      modifiedAt,
      head: head.head,
      tail,
      before,
      flags: shredder.overflow ? TOO_MANY_SERIES : 0,
      untimed: shredder.untimed,
      groupsFrom,
      groupsTo: directory.count("groups"),
    });
  }

  /** Takes a part of another pack as it is. */
  copy(pack: Pack, part: number): void {
    const directory = this.#directory;
    const from = pack.directory;
    const string = (index: number) => directory.string(from.strings[index]);
    const column = (index: number) => {
      const row = rowOf(from.columns, index);
      const bytes = pack.encoded(index);
      const offset = this.#room(bytes.length);
      this.#buffer.set(bytes, offset);
      return directory.add("columns", { ...row, offset });
    };
    const target = directory.count("parts");
    const groupsFrom = directory.count("groups");
    for (let group = from.parts.groupsFrom[part]; group < from.parts.groupsTo[part]; group++) {
      const row = rowOf(from.groups, group);
      const index = directory.count("groups");
      const seriesFrom = directory.count("series");
      for (let at = row.seriesFrom; at < row.seriesTo; at++) {
        const series = rowOf(from.series, at);
        const rows = series.rows === NONE ? NONE : column(series.rows);
        const place = { group: index, path: string(series.path), values: column(series.values), rows };
        directory.add("series", { ...series, ...place });
      }
      const [ts, step, line, offset] = [row.ts, row.step, row.line, row.offset].map(column);
      const seriesTo = directory.count("series");
      const pattern = string(row.pattern);
      directory.add("groups", { ...row, part: target, pattern, ts, step, line, offset, seriesFrom, seriesTo });
    }
    for (const [of, ...problem] of from.problems) if (of === part) directory.problems.push([target, ...problem]);
    const row = rowOf(from.parts, part);
    const groupsTo = directory.count("groups");
    directory.add("parts", { ...row, path: string(row.path), groupsFrom, groupsTo });
  }

  #group(part: number, group: Group, head: PartHead): void {
    const directory = this.#directory;
    const index = directory.count("groups");
    const seriesFrom = directory.count("series");
    for (const series of group.series.values()) {
      if (series.values.length > 0) this.#series(index, group, series, head.base(group.pattern, series.path));
    }
    directory.add("groups", {
      part,
      pattern: directory.string(group.pattern),
      count: group.ts.length,
      ts: this.#column(group.ts),
      step: this.#column(group.step),
      line: this.#column(group.line),
      offset: this.#column(group.offset),
      seriesFrom,
      seriesTo: directory.count("series"),
    });
  }

  #series(group: number, { step }: Group, series: SeriesColumns, base: number): void {
    const statistics = statisticsOf(series.values.filled, step.data, series.rows?.data, base);
    this.#directory.add("series", {
      group,
      path: this.#directory.string(series.path),
      count: series.values.length,
      base,
      values: this.#column(series.values),
      rows: series.rows === undefined ? NONE : this.#column(series.rows),
      ...statistics,
    });
  }

  #column(values: Growable): number {
    const { encoding, count, base, step, bytes } = encodeColumn(values.filled);
    const offset = this.#room(bytes.length);
    this.#buffer.set(bytes, offset);
    return this.#directory.add("columns", { offset, count, encoding, base, step, check: checksum(bytes) });
  }

  /** Makes room at the end. */
  #room(bytes: number): number {
    const offset = this.length;
    const needed = offset + aligned(bytes);
    if (needed > this.#buffer.length) {
      const more = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      more.set(this.#buffer.subarray(0, offset));
      this.#buffer = more;
    }
    this.length = needed;
    return offset;
  }

  build(): { bytes: Uint8Array<ArrayBuffer>; directory: Directory } {
    return { bytes: this.#buffer.subarray(0, this.length), directory: this.#directory.build() };
  }
}

function rowOf<T extends object>(table: T, index: number): Record<Exclude<keyof T, "length">, number> {
  const row: Record<string, number> = {};
  for (const [name, column] of Object.entries(table)) if (name !== "length") row[name] = column[index];
  return row as Record<Exclude<keyof T, "length">, number>;
}

/** What some points come down to. `steps` holds NaN where the index in the series is the step. */
function statisticsOf(values: Float64Array, steps: Float64Array, rows: Float64Array | undefined, base: number) {
  const count = values.length;
  let numbers = 0;
  let sum = 0;
  let sumError = 0;
  let min = NaN;
  let max = NaN;
  let minAt = 0;
  let maxAt = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value !== value) continue;
    if (numbers++ === 0) {
      min = max = value;
      minAt = maxAt = i;
    } else if (value < min) {
      min = value;
      minAt = i;
    } else if (value > max) {
      max = value;
      maxAt = i;
    }
    // Neumaier's sum, as SQLite adds.
    const next = sum + value;
    sumError += Math.abs(sum) > Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  const stepAt = (i: number) => {
    const step = steps[rows === undefined ? i : rows[i]];
    return step === step ? step : base + i;
  };
  return {
    numbers,
    sum,
    sumError,
    min,
    max,
    minStep: stepAt(minAt),
    maxStep: stepAt(maxAt),
    first: values[0],
    last: values[count - 1],
    firstStep: stepAt(0),
    lastStep: stepAt(count - 1),
  };
}

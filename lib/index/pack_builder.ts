import { aligned, type Directory, DirectoryBuilder, NONE, TOO_MANY_SERIES } from "./directory.ts";
import { checksum, encodeColumn } from "./encoding.ts";
import type { Growable } from "./growable.ts";
import { statisticsOf } from "./part_statistics.ts";
import type { BadLine, Group, SeriesColumns } from "./shredder.ts";

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
  /** What proves its bytes: where each piece ends, in bytes from the start of the log, and its checksum. */
  readonly sections: readonly (readonly [to: number, check: number])[];
  /** How many points a series has in earlier parts. */
  base(pattern: string, path: string): number;
}

/** What the lines of a part hold. */
export interface PartColumns {
  readonly groups: ReadonlyMap<string, Group>;
  readonly badLines: readonly BadLine[];
  readonly lines: number;
  readonly bytes: number;
  /** Events that have no time. */
  readonly untimed: number;
  /** Whether there were more series than the index takes. */
  readonly overflow: boolean;
}

type ColumnName = Exclude<keyof Directory["columns"], "length">;

/** Collects parts of logs; the columns stand in one buffer that grows. */
export class PackBuilder {
  readonly directory = new DirectoryBuilder();
  #buffer: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.#buffer = new Uint8Array(capacity);
  }

  get parts(): number {
    return this.directory.count("parts");
  }

  /** Bytes that it will have, nearly. */
  get size(): number {
    return this.length + this.directory.bytes;
  }

  /** Takes what was read of a part. */
  add(head: PartHead, columns: PartColumns): void {
    const directory = this.directory;
    const part = directory.count("parts");
    const groupsFrom = directory.count("groups");
    if (!columns.overflow) {
      for (const group of columns.groups.values()) if (group.ts.length > 0) this.#group(part, group, head);
    }
    for (const { line, offset, message } of columns.badLines.slice(0, MOST_PROBLEMS)) {
      directory.problems.push([part, line, offset, message]);
    }
    const sectionsFrom = directory.count("sections");
    for (const [to, check] of head.sections) directory.add("sections", { to, check });
    const { path, version, from, firstLine, size, modifiedAt, tail, before } = head;
    directory.add("parts", {
      path: directory.string(path),
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
      flags: columns.overflow ? TOO_MANY_SERIES : 0,
      untimed: columns.untimed,
      groupsFrom,
      groupsTo: directory.count("groups"),
      sectionsFrom,
      sectionsTo: directory.count("sections"),
    });
  }

  /** Takes a column as it stands in another pack. */
  encoded(row: Readonly<Record<ColumnName, number>>, bytes: Uint8Array): number {
    const offset = this.#room(bytes.length);
    this.#buffer.set(bytes, offset);
    return this.directory.add("columns", { ...row, offset });
  }

  #group(part: number, group: Group, head: PartHead): void {
    const directory = this.directory;
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
    this.directory.add("series", {
      group,
      path: this.directory.string(series.path),
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
    return this.directory.add("columns", { offset, count, encoding, base, step, check: checksum(bytes) });
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
    return { bytes: this.#buffer.subarray(0, this.length), directory: this.directory.build() };
  }
}

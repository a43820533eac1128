import { Growable } from "./growable.ts";

/** The columns of the tables of a pack's directory. */
const TABLES = {
  /** A part of a log: whole lines from one place to another. */
  parts: {
    path: "u32", // of the log, a string
    version: "u32", // of the format
    from: "f64", // bytes
    to: "f64",
    firstLine: "f64", // lines before
    lines: "f64",
    size: "f64", // of the file when it was read, torn end and all
    modifiedAt: "f64", // of `LogFile`, when it was read
    head: "u32", // checksum of the first bytes of the log
    tail: "u32", // checksum of the last bytes of the part
    before: "u32", // that of the part before, so that parts of two versions of a log never stand together
    flags: "u32",
    untimed: "f64", // events without a time of their own
    groupsFrom: "u32",
    groupsTo: "u32",
    sectionsFrom: "u32",
    sectionsTo: "u32",
  },
  /** What proves that the bytes of a part are still the same, piece by piece: each starts where the one before ends. */
  sections: {
    to: "f64", // bytes from the start of the log
    check: "u32", // checksum
  },
  /** The events of a part whose names have one pattern. */
  groups: {
    part: "u32",
    pattern: "u32", // a string
    count: "u32",
    ts: "u32", // columns
    step: "u32",
    line: "u32",
    offset: "u32",
    seriesFrom: "u32",
    seriesTo: "u32",
    coordinatesFrom: "u32",
    coordinatesTo: "u32",
    leavesFrom: "u32",
    leavesTo: "u32",
    flags: "u32",
  },
  /** The first coordinates of the names of a group, from the left. */
  coordinates: {
    values: "u32", // columns
  },
  /** What the data of a group holds at one path beside the points of a series. */
  leaves: {
    path: "u32", // a string
    kind: "u32",
    count: "u32",
    values: "u32", // columns: numbers, or codes of words; of a leaf with one word its code
    rows: "u32", // or NONE: the first `count` rows
  },
  /** The points of a group at one path of its data, and what they come down to. NaN is left out of sum, min and max. */
  series: {
    group: "u32",
    path: "u32", // a string
    count: "u32",
    base: "u32", // points of the series in earlier parts
    values: "u32", // columns
    rows: "u32", // or NONE: the first `count` rows
    numbers: "u32", // points that are not NaN
    sum: "f64",
    sumError: "f64",
    min: "f64",
    max: "f64",
    minStep: "f64",
    maxStep: "f64",
    first: "f64",
    last: "f64",
    firstStep: "f64",
    lastStep: "f64",
  },
  columns: {
    offset: "f64", // bytes from the start of the pack
    count: "u32",
    encoding: "u32",
    base: "f64",
    step: "f64",
    check: "u32",
  },
} as const;

/** The tables as text: a directory of another one is not read. */
const LAYOUT = JSON.stringify(TABLES);

/** No column. */
export const NONE = 0xffffffff;

/** Flags of a part. */
export const TOO_MANY_SERIES = 1;
export const TOO_MANY_LEAVES = 2;

/** Flags of a group: pattern and coordinates do not say how every name is written. */
export const ODD_NAMES = 1;

/** Kinds of leaves. */
export const NUMBERS = 0;
export const WORDS = 1;
export const ONE_WORD = 2;

type Tables = typeof TABLES;
type Numbers<T> = { readonly [K in keyof T]: T[K] extends "u32" ? Uint32Array : Float64Array };

/** A table of the directory: a typed array a column. */
export type Table<K extends keyof Tables> = Numbers<Tables[K]> & { readonly length: number };

/** A line that is no event; the numbers are those of `BadLine`. */
export type DirectoryProblem = readonly [part: number, line: number, offset: number, message: string];

/** What a pack holds, without its columns. */
export interface Directory {
  readonly strings: readonly string[];
  readonly problems: readonly DirectoryProblem[];
  /** The columns of the words of leaves: their bytes, and where each ends. */
  readonly words: { readonly bytes: number; readonly ends: number };
  readonly parts: Table<"parts">;
  readonly sections: Table<"sections">;
  readonly groups: Table<"groups">;
  readonly series: Table<"series">;
  readonly coordinates: Table<"coordinates">;
  readonly leaves: Table<"leaves">;
  readonly columns: Table<"columns">;
}

/** Fills a directory row by row. */
export class DirectoryBuilder {
  readonly #tables = new Map<string, Map<string, Growable>>();
  readonly #strings = new Map<string, number>();
  readonly problems: DirectoryProblem[] = [];

  constructor() {
    for (const [table, columns] of Object.entries(TABLES)) {
      this.#tables.set(table, new Map(Object.keys(columns).map((name) => [name, new Growable()])));
    }
  }

  string(text: string): number {
    let index = this.#strings.get(text);
    if (index === undefined) this.#strings.set(text, index = this.#strings.size);
    return index;
  }

  /** Adds a row; its index. */
  add<K extends keyof Tables>(table: K, row: Readonly<Record<keyof Tables[K], number>>): number {
    let index = 0;
    for (const [name, column] of this.#tables.get(table)!) {
      index = column.length;
      column.push((row as Readonly<Record<string, number>>)[name]);
    }
    return index;
  }

  /** Bytes that the tables will have. */
  get bytes(): number {
    let bytes = 0;
    for (const [table, columns] of Object.entries(TABLES)) {
      const width = Object.values(columns).reduce((sum, type) => sum + (type === "u32" ? 4 : 8), 0);
      bytes += width * this.count(table as keyof Tables);
    }
    return bytes;
  }

  count(table: keyof Tables): number {
    return this.#tables.get(table)!.values().next().value!.length;
  }

  build(words: Directory["words"]): Directory {
    const made: Record<string, Record<string, unknown>> = {};
    for (const [table, columns] of Object.entries(TABLES)) {
      made[table] = { length: this.count(table as keyof Tables) };
      for (const [name, type] of Object.entries(columns)) {
        const { filled } = this.#tables.get(table)!.get(name)!;
        made[table][name] = type === "u32" ? Uint32Array.from(filled) : filled.slice();
      }
    }
    return { ...made, strings: [...this.#strings.keys()], problems: this.problems, words } as unknown as Directory;
  }
}

/** The directory as bytes, a multiple of eight of them: lengths and strings as JSON, then the columns. */
export function encodeDirectory(directory: Directory): Uint8Array<ArrayBuffer> {
  const { strings, problems, words } = directory;
  const lengths = Object.keys(TABLES).map((table) => directory[table as keyof Tables].length);
  const head = new TextEncoder().encode(JSON.stringify({ columns: LAYOUT, strings, problems, words, lengths }));
  const arrays = columnsOf().map(([table, name]) =>
    (directory[table] as unknown as Record<string, Uint32Array | Float64Array>)[name]
  );
  const start = 8 + aligned(head.length);
  const bytes = new Uint8Array(arrays.reduce((sum, array) => sum + aligned(array.byteLength), start));
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 8);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  return bytes;
}

/** The directory of the bytes, whose columns it shares. Throws where they are none. */
export function decodeDirectory(bytes: Uint8Array<ArrayBuffer>): Directory {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const { columns, strings, problems, words, lengths } = head as {
    columns: string;
    strings: string[];
    problems: DirectoryProblem[];
    words: Directory["words"];
    lengths: number[];
  };
  if (columns !== LAYOUT) throw new RangeError("a directory of another layout");
  const tables = Object.keys(TABLES);
  const made: Record<string, Record<string, unknown>> = Object.fromEntries(
    tables.map((table, at) => [table, { length: lengths[at] }]),
  );
  let at = bytes.byteOffset + 8 + aligned(length);
  for (const [table, name, type] of columnsOf()) {
    const count = lengths[tables.indexOf(table)];
    const array = type === "u32" ? new Uint32Array(bytes.buffer, at, count) : new Float64Array(bytes.buffer, at, count);
    made[table][name] = array;
    at += aligned(array.byteLength);
  }
  return { ...made, strings, problems, words } as unknown as Directory;
}

function columnsOf(): [table: keyof Tables, name: string, type: "u32" | "f64"][] {
  return Object.entries(TABLES).flatMap(([table, columns]) =>
    Object.entries(columns).map(([name, type]) => [table, name, type] as [keyof Tables, string, "u32" | "f64"])
  );
}

/** The next multiple of eight. */
export function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}

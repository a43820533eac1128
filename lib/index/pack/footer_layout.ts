/** The columns of the tables of a pack's directory. */
export const TABLES = {
  /** A part of a log: whole lines from one place to another. */
  parts: {
    folder: "u32", // of the log, a row of `folders`
    name: "u32", // of its file, a string
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
  /** The folders that logs are in, relative to the repository. */
  folders: {
    end: "u32", // of its letters: they start where those of the one before end
  },
  /** The paths of folders in UTF-8, one behind the other. */
  letters: {
    byte: "u8",
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

/** No column. */
export const NONE = 0xffffffff;

/** Flags of a part. */
export const TOO_MANY_SERIES = 1;
export const TOO_MANY_LEAVES = 2;
/** One of its events is the end of a run. */
export const ENDS = 4;

/** Flags of a group: pattern and coordinates do not say how every name is written. */
export const ODD_NAMES = 1;

/** Kinds of leaves. */
export const NUMBERS = 0;
export const WORDS = 1;
export const ONE_WORD = 2;

type Tables = typeof TABLES;
export type TableName = keyof Tables;

/** How the numbers of a column are held. */
export type NumberType = "u8" | "u32" | "f64";
/** The numbers of a column. */
export type Numbers = Uint8Array | Uint32Array | Float64Array;
type NumbersOf<T> = T extends "u8" ? Uint8Array<ArrayBuffer> : T extends "u32" ? Uint32Array : Float64Array;

/** A table of the directory: a typed array per column, which is read when it is first asked for. */
export type Table<K extends TableName> =
  & { readonly [Name in keyof Tables[K]]: NumbersOf<Tables[K][Name]> }
  & { readonly length: number };

/** A row of a table: a number per column. */
export type RowOf<K extends TableName> = Readonly<Record<keyof Tables[K], number>>;

/** A column of a table, in the order in which they stand in a pack. */
export interface LaidColumn {
  readonly table: TableName;
  readonly name: string;
  readonly type: NumberType;
}

/** All columns of all tables. */
export const LAID_COLUMNS: readonly LaidColumn[] = Object.entries(TABLES).flatMap(([table, columns]) =>
  Object.entries(columns).map(([name, type]) => ({ table: table as TableName, name, type }))
);

export const TABLE_NAMES: readonly TableName[] = Object.keys(TABLES) as TableName[];

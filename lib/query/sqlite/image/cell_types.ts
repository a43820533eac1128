/**
 * A column of some rows as the cells of records of SQLite's file format: of each a type in the head of the record, and bytes
 * in its body.
 */
export interface Cells {
  /** Adds to the lengths of the heads and bodies of the records. */
  measure(heads: Int32Array, bodies: Int32Array, count: number): void;
  /** Writes types and bytes to where each record has come, and moves that on. */
  write(to: Records, count: number): void;
}

/** Records that are being written: where in the bytes the next type and the next cell of each row go. */
export interface Records {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly heads: Int32Array;
  readonly bodies: Int32Array;
}

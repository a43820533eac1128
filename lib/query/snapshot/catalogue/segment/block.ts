import type { Brief, RunBrief } from "../../../../repo/cache/listing_cache.ts";
import type { FolderState } from "../../../../repo/cache/folder_state.ts";
import type { RunStatus } from "../../../../repo/logs/run_status.ts";
import { Cell, Flag, numberOf, RunCell } from "./layout.ts";
import type { Segment } from "./segment.ts";

/** A longer text of a definition is not kept: it is in the repository. */
const MAX_TEXT_LENGTH = 8 * 1024;

/** What a file says about a run. */
export interface RecordedRun {
  readonly name: string;
  readonly brief: RunBrief;
  readonly text: string | undefined;
  readonly state: FolderState | undefined;
  readonly names: readonly string[] | undefined;
  readonly status: RunStatus | undefined;
  readonly closed: number | undefined;
}

/** What a file says about an experiment. */
export interface Recorded {
  readonly state: FolderState;
  readonly brief: Brief;
  readonly version: 0 | 1;
  readonly mayHaveNotes: boolean;
  readonly text: string | undefined;
  /** Undefined where its runs are not known. */
  readonly runsState: FolderState | undefined;
  readonly runRecords: readonly RecordedRun[];
}

/** What goes into a file: a record, a row of another file, or that an experiment is gone. */
export type Entry =
  | { readonly parent: string; readonly id: string; readonly record: Recorded }
  | { readonly parent: string; readonly id: string; readonly segment: Segment; readonly row: number }
  | { readonly parent: string; readonly id: string; readonly gone: true };

/** The order of experiments in a file. */
export function compareEntries(a: Pick<Entry, "parent" | "id">, b: Pick<Entry, "parent" | "id">): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : a.parent < b.parent ? -1 : 1;
}

/** Rows of a file in their order, which can be sent to another thread. */
export interface SegmentBlock {
  /** The ids, one behind the other. */
  readonly ids: string;
  readonly runIds: string;
  readonly withoutRuns: number;
  readonly rows: Float64Array<ArrayBuffer>;
  readonly runRows: Float64Array<ArrayBuffer>;
  /** One behind the other. */
  readonly texts: readonly Uint8Array<ArrayBuffer>[];
  readonly strings: readonly string[];
  /** By the folder above. */
  readonly sums: ReadonlyMap<string, { readonly count: number; readonly sum: number }>;
}

/** Puts entries into rows, which have to come in their order. */
export class BlockBuilder {
  readonly #strings = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #runIds: string[] = [];
  #withoutRuns = 0;
  readonly #rows: Numbers;
  readonly #runRows: Numbers;
  readonly #texts = new Bytes();
  readonly #sums = new Map<string, { count: number; sum: number }>();

  /** `expected`: about so many experiments come. Memory for more than do come costs nothing. */
  constructor(expected: number) {
    this.#rows = new Numbers(expected * Cell.Width);
    this.#runRows = new Numbers(expected * RunCell.Width);
  }

  /** Throws `DamagedFile` for a row of a file that is damaged. */
  add(entry: Entry): void {
    const { parent, id } = entry;
    this.#ids.push(id);
    const runsFrom = this.#runIds.length;
    const row = this.#rows.row(Cell.Width);
    row[Cell.Parent] = this.#string(parent);
    if ("gone" in entry) row[Cell.Flags] = Flag.Gone;
    else {
      if ("record" in entry) this.#record(entry.record, row);
      else this.#copy(entry.segment, entry.row, row);
      let own = this.#sums.get(parent);
      if (own === undefined) this.#sums.set(parent, own = { count: 0, sum: 0 });
      own.count++;
      own.sum += numberOf(id);
    }
    if ((row[Cell.Flags] & (Flag.Runs | Flag.Gone | Flag.Version0)) === 0) this.#withoutRuns++;
    row[Cell.RunsFrom] = runsFrom;
    row[Cell.RunsTo] = this.#runIds.length;
  }

  #string(text: string): number {
    let at = this.#strings.get(text);
    if (at === undefined) this.#strings.set(text, at = this.#strings.size);
    return at;
  }

  #record(
    { state, brief, version, mayHaveNotes, text, runsState, runRecords }: Recorded,
    row: Float64Array,
  ): void {
    row[Cell.Flags] = (version === 0 ? Flag.Version0 : 0) | (mayHaveNotes ? Flag.MayHaveNotes : 0) |
      (runsState === undefined ? 0 : Flag.Runs);
    setState(row, Cell.State, state);
    row[Cell.Created] = brief.createdAt;
    row[Cell.Kind] = this.#string(brief.kind);
    row[Cell.Name] = this.#string(brief.name);
    this.#text(row, Cell.TextAt, text);
    if (runsState === undefined) return;
    setState(row, Cell.RunsState, runsState);
    for (const run of runRecords) this.#run(run);
  }

  #run({ name, brief, text, state, names, status, closed }: RecordedRun): void {
    this.#runIds.push(name);
    const row = this.#runRows.row(RunCell.Width);
    if (state !== undefined) setState(row, RunCell.State, state);
    row[RunCell.Created] = brief.createdAt;
    row[RunCell.Logs] = state === undefined || names === undefined ? -1 : this.#string(JSON.stringify(names));
    this.#text(row, RunCell.TextAt, text);
    this.#text(row, RunCell.EndingAt, status === undefined ? undefined : JSON.stringify(status));
    row[RunCell.Closed] = closed ?? -1;
  }

  /** Keeps a text, and says in two cells of a row where it stands and how long it is. */
  #text(row: Float64Array, cell: Cell | RunCell, text: string | undefined): void {
    if (text === undefined || text.length > MAX_TEXT_LENGTH) return;
    row[cell] = this.#texts.length;
    row[cell + 1] = this.#texts.addText(text);
  }

  #copy(from: Segment, at: number, row: Float64Array): void {
    const { strings } = from.head;
    for (let cell = Cell.Flags; cell < Cell.Width; cell++) row[cell] = from.cell(at, cell);
    row[Cell.Kind] = this.#string(strings[row[Cell.Kind]]);
    row[Cell.Name] = this.#string(strings[row[Cell.Name]]);
    row[Cell.TextAt] = this.#texts.add(from.textBytes(row[Cell.TextAt], row[Cell.TextLength]));
    for (let run = row[Cell.RunsFrom]; run < row[Cell.RunsTo]; run++) {
      this.#runIds.push(from.runIdAt(run));
      const own = this.#runRows.row(RunCell.Width);
      for (let cell = 0; cell < RunCell.Width; cell++) own[cell] = from.runCell(run, cell);
      if (own[RunCell.Logs] >= 0) own[RunCell.Logs] = this.#string(strings[own[RunCell.Logs]]);
      own[RunCell.TextAt] = this.#texts.add(from.textBytes(own[RunCell.TextAt], own[RunCell.TextLength]));
      own[RunCell.EndingAt] = this.#texts.add(from.textBytes(own[RunCell.EndingAt], own[RunCell.EndingLength]));
    }
  }

  /** What was added. */
  block(): SegmentBlock {
    return {
      ids: this.#ids.join(""),
      runIds: this.#runIds.join(""),
      withoutRuns: this.#withoutRuns,
      rows: this.#rows.filled,
      runRows: this.#runRows.filled,
      texts: this.#texts.pieces(),
      strings: [...this.#strings.keys()],
      sums: this.#sums,
    };
  }
}

function setState(row: Float64Array, from: number, { device, inode, modifiedAt, changedAt }: FolderState): void {
  row[from] = device;
  row[from + 1] = inode;
  row[from + 2] = modifiedAt;
  row[from + 3] = changedAt;
}

/** Rows of doubles that become more. */
class Numbers {
  #values: Float64Array<ArrayBuffer>;
  #length = 0;

  /** `expected`: so many doubles. */
  constructor(expected: number) {
    this.#values = new Float64Array(Math.max(expected, 1024));
  }

  /** A new row, good until the next one is made. */
  row(width: number): Float64Array {
    const from = this.#length;
    this.#length += width;
    if (this.#length > this.#values.length) {
      const longer = new Float64Array(this.#values.length * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    return this.#values.subarray(from, this.#length);
  }

  get filled(): Float64Array<ArrayBuffer> {
    return this.#values.subarray(0, this.#length);
  }
}

/** Bytes of which an array is full. */
const PIECE = 1024 * 1024;

/** Bytes that become more. They are never copied. */
class Bytes {
  readonly #full: Uint8Array<ArrayBuffer>[] = [];
  #last = new Uint8Array(64 * 1024);
  #filled = 0;
  length = 0;

  /** Adds a text; the bytes that it takes. */
  addText(text: string): number {
    this.#makeRoom(text.length * 3);
    const { written } = encoder.encodeInto(text, this.#last.subarray(this.#filled));
    this.#filled += written;
    this.length += written;
    return written;
  }

  /** Adds bytes; where they stand. */
  add(bytes: Uint8Array): number {
    const at = this.length;
    this.#makeRoom(bytes.length);
    this.#last.set(bytes, this.#filled);
    this.#filled += bytes.length;
    this.length += bytes.length;
    return at;
  }

  #makeRoom(more: number): void {
    if (this.#filled + more <= this.#last.length) return;
    if (this.#filled > 0) this.#full.push(this.#last.subarray(0, this.#filled));
    this.#last = new Uint8Array(Math.max(PIECE, more));
    this.#filled = 0;
  }

  /** All of them, one behind the other. */
  pieces(): Uint8Array<ArrayBuffer>[] {
    return [...this.#full, this.#last.subarray(0, this.#filled)];
  }
}

const encoder = new TextEncoder();

import { checksum } from "../../../index/encoding.ts";
import type { FolderState } from "../../../repo/folder_state.ts";
import {
  type BranchLine,
  Cell,
  Flag,
  type Head,
  MAGIC,
  numberOf,
  type RegionName,
  RunCell,
  TRAILER,
} from "./layout.ts";
import type { ExperimentRecord, RunRecord } from "./record.ts";
import { checksOf } from "./region_file.ts";
import type { Segment } from "./segment.ts";

/** A longer text of a definition is not kept: it is in the repository. */
const LONGEST_TEXT = 8 * 1024;

/** What goes into a file: a record, a row of another file, or that an experiment is gone. */
export type Entry =
  | { readonly parent: string; readonly id: string; readonly record: ExperimentRecord }
  | { readonly parent: string; readonly id: string; readonly segment: Segment; readonly row: number }
  | { readonly parent: string; readonly id: string; readonly gone: true };

/** The bytes of a file of the catalogue, in pieces. Throws `DamagedFile` where a row of another file is. */
export function buildSegment(entries: Entry[], branches: readonly BranchLine[]): Uint8Array<ArrayBuffer>[] {
  entries.sort((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : a.parent < b.parent ? -1 : 1);
  const made = new Builder();
  const sums = new Map<string, { count: number; sum: number }>();
  for (const entry of entries) {
    made.add(entry);
    if ("gone" in entry) continue;
    const own = sums.get(entry.parent) ?? { count: 0, sum: 0 };
    sums.set(entry.parent, { count: own.count + 1, sum: own.sum + numberOf(entry.id) });
  }
  return made.finish(branches, [...sums].map(([parent, { count, sum }]) => [made.string(parent), count, sum] as const));
}

class Builder {
  readonly #strings = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #runIds: string[] = [];
  #withoutRuns = 0;
  readonly #rows = new Numbers();
  readonly #runRows = new Numbers();
  readonly #texts = new Bytes();

  string(text: string): number {
    let at = this.#strings.get(text);
    if (at === undefined) this.#strings.set(text, at = this.#strings.size);
    return at;
  }

  add(entry: Entry): void {
    this.#ids.push(entry.id);
    const runsFrom = this.#runIds.length;
    const row = new Float64Array(Cell.Width);
    row[Cell.Parent] = this.string(entry.parent);
    if ("gone" in entry) row[Cell.Flags] = Flag.Gone;
    else if ("record" in entry) this.#record(entry.record, row);
    else this.#copy(entry.segment, entry.row, row);
    if ((row[Cell.Flags] & (Flag.Runs | Flag.Gone | Flag.Version0)) === 0) this.#withoutRuns++;
    row[Cell.RunsFrom] = runsFrom;
    row[Cell.RunsTo] = this.#runIds.length;
    this.#rows.push(row);
  }

  #record(
    { state, brief, version, mayHaveNotes, text, runsState, runRecords }: ExperimentRecord,
    row: Float64Array,
  ): void {
    row[Cell.Flags] = (version === 0 ? Flag.Version0 : 0) | (mayHaveNotes ? Flag.MayHaveNotes : 0) |
      (runsState === undefined ? 0 : Flag.Runs);
    setState(row, Cell.State, state);
    row[Cell.Created] = brief.createdAt;
    row[Cell.Kind] = this.string(brief.kind);
    row[Cell.Name] = this.string(brief.name);
    [row[Cell.TextAt], row[Cell.TextLength]] = this.#texts.add(text, LONGEST_TEXT);
    if (runsState === undefined) return;
    setState(row, Cell.RunsState, runsState);
    for (const run of runRecords) this.#run(run);
  }

  #run({ name, brief, text, state, names, status, closed }: RunRecord): void {
    this.#runIds.push(name);
    const row = new Float64Array(RunCell.Width);
    if (state !== undefined) setState(row, RunCell.State, state);
    row[RunCell.Created] = brief.createdAt;
    row[RunCell.Logs] = state === undefined || names === undefined ? -1 : this.string(JSON.stringify(names));
    [row[RunCell.TextAt], row[RunCell.TextLength]] = this.#texts.add(text, LONGEST_TEXT);
    const ending = status === undefined ? undefined : JSON.stringify(status);
    [row[RunCell.EndingAt], row[RunCell.EndingLength]] = this.#texts.add(ending, LONGEST_TEXT);
    row[RunCell.Closed] = closed ?? -1;
    this.#runRows.push(row);
  }

  #copy(from: Segment, at: number, row: Float64Array): void {
    const { strings } = from.head;
    for (let cell = Cell.Flags; cell < Cell.Width; cell++) row[cell] = from.cell(at, cell);
    row[Cell.Kind] = this.string(strings[row[Cell.Kind]]);
    row[Cell.Name] = this.string(strings[row[Cell.Name]]);
    row[Cell.TextAt] = this.#texts.addBytes(from.textBytes(row[Cell.TextAt], row[Cell.TextLength]));
    for (let run = row[Cell.RunsFrom]; run < row[Cell.RunsTo]; run++) {
      this.#runIds.push(from.runIdAt(run));
      const own = new Float64Array(RunCell.Width);
      for (let cell = 0; cell < RunCell.Width; cell++) own[cell] = from.runCell(run, cell);
      if (own[RunCell.Logs] >= 0) own[RunCell.Logs] = this.string(strings[own[RunCell.Logs]]);
      own[RunCell.TextAt] = this.#texts.addBytes(from.textBytes(own[RunCell.TextAt], own[RunCell.TextLength]));
      own[RunCell.EndingAt] = this.#texts.addBytes(from.textBytes(own[RunCell.EndingAt], own[RunCell.EndingLength]));
      this.#runRows.push(own);
    }
  }

  finish(branches: readonly BranchLine[], sums: Head["sums"]): Uint8Array<ArrayBuffer>[] {
    const encoder = new TextEncoder();
    const parts: Record<RegionName, Uint8Array<ArrayBuffer>> = {
      ids: encoder.encode(this.#ids.join("")),
      runIds: encoder.encode(this.#runIds.join("")),
      rows: this.#rows.bytes(),
      runRows: this.#runRows.bytes(),
      texts: this.#texts.bytes(),
    };
    let offset = 0;
    const regions = Object.fromEntries(
      Object.entries(parts).map(([name, { length }]) => {
        offset += length;
        return [name, { offset: offset - length, length, checks: checksOf(parts[name as RegionName]) }];
      }),
    );
    const counts = { experiments: this.#ids.length, runs: this.#runIds.length, withoutRuns: this.#withoutRuns };
    const json = { ...counts, strings: [...this.#strings.keys()], branches, sums, regions };
    const head = encoder.encode(JSON.stringify(json));
    const end = new Uint8Array(TRAILER);
    const view = new DataView(end.buffer);
    view.setUint32(0, head.length, true);
    view.setUint32(4, checksum(head), true);
    end.set(MAGIC, 8);
    return [...Object.values(parts), head, end];
  }
}

function setState(row: Float64Array, from: number, { device, inode, modifiedAt, changedAt }: FolderState): void {
  row.set([device, inode, modifiedAt, changedAt], from);
}

/** Doubles that become more. */
class Numbers {
  #values = new Float64Array(1024);
  #length = 0;

  push(row: Float64Array): void {
    if (this.#length + row.length > this.#values.length) {
      const longer = new Float64Array(this.#values.length * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values.set(row, this.#length);
    this.#length += row.length;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#values.buffer, 0, this.#length * 8);
  }
}

/** Bytes that become more. */
class Bytes {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;
  readonly #encoder = new TextEncoder();

  /** Where a text stands, and how long it is: 0 for none, or one that is too long. */
  add(text: string | undefined, longest: number): [at: number, length: number] {
    if (text === undefined || text.length > longest) return [0, 0];
    const bytes = this.#encoder.encode(text);
    return [this.addBytes(bytes), bytes.length];
  }

  addBytes(bytes: Uint8Array): number {
    const at = this.#length;
    if (at + bytes.length > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(this.#bytes.length * 2, at + bytes.length));
      longer.set(this.#bytes.subarray(0, at));
      this.#bytes = longer;
    }
    this.#bytes.set(bytes, at);
    this.#length += bytes.length;
    return at;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

import { lastSegment } from "../../../../base/paths.ts";
import { ID_LENGTH } from "../../../../base/ids.ts";
import type { FolderState } from "../../../../repo/cache/folder_state.ts";
import { checksum } from "../../../../index/encoding/encoding.ts";
import { Cell, Flag, type Head, MAGIC, RunCell, TRAILER } from "./layout.ts";
import { DamagedFile, RegionFile } from "./region_file.ts";

/** After so many rows that were read one by one, all are read. */
const SINGLE_ROWS = 40;

const decoder = new TextDecoder();

/** A file of the catalogue. What is read of it is proved by checksums; every method throws {@linkcode DamagedFile} else. */
export class Segment {
  readonly head: Head;
  readonly file: RegionFile;
  #ids: string | undefined;
  #runIds: string | undefined;
  #firstLogs: Int32Array | undefined;
  #numbering: { readonly file: string; readonly logs: number } | undefined;
  readonly #names = new Map<number, readonly string[]>();
  readonly #rows: Rows;
  readonly #runRows: Rows;

  /** `path`: absolute. `bytes`: of the file. */
  constructor(path: string, readonly bytes: number) {
    this.file = new RegionFile(path);
    if (bytes < TRAILER) throw new DamagedFile(path);
    const end = this.file.raw(bytes - TRAILER, TRAILER);
    const view = new DataView(end.buffer);
    const length = view.getUint32(0, true);
    if (!MAGIC.every((byte, at) => end[8 + at] === byte) || length > bytes - TRAILER) throw new DamagedFile(path);
    const head = this.file.raw(bytes - TRAILER - length, length);
    if (checksum(head) !== view.getUint32(4, true)) throw new DamagedFile(path);
    this.head = JSON.parse(decoder.decode(head));
    const { rows, runRows } = this.head.regions;
    this.#rows = new Rows(this.file, rows, Cell.Width);
    this.#runRows = new Rows(this.file, runRows, RunCell.Width);
  }

  get count(): number {
    return this.head.experiments;
  }

  idAt(row: number): string {
    this.#ids ??= decoder.decode(this.file.whole(this.head.regions.ids));
    return this.#ids.substring(row * ID_LENGTH, (row + 1) * ID_LENGTH);
  }

  runIdAt(row: number): string {
    this.#runIds ??= decoder.decode(this.file.whole(this.head.regions.runIds));
    return this.#runIds.substring(row * ID_LENGTH, (row + 1) * ID_LENGTH);
  }

  /** Reads all that is not texts, so that it is at hand whatever becomes of the file. */
  load(): void {
    if (this.count > 0) this.idAt(0);
    if (this.head.runs > 0) this.runIdAt(0);
    this.#rows.load();
    this.#runRows.load();
  }

  /** The first row of which the id is not less than a text: ids are in order. */
  firstFrom(text: string): number {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.idAt(middle) < text) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** The row of an experiment in a folder; -1 where there is none. */
  rowOf(parent: string, id: string): number {
    for (let row = this.firstFrom(id); row < this.count && this.idAt(row) === id; row++) {
      if (this.parentAt(row) === parent) return row;
    }
    return -1;
  }

  /** The rows of runs whose ids start with a text, in any order. */
  *runsFrom(prefix: string): Generator<number> {
    const { runs } = this.head;
    if (runs === 0) return;
    this.runIdAt(0);
    const all = this.#runIds!;
    for (let at = all.indexOf(prefix); at >= 0; at = all.indexOf(prefix, at + 1)) {
      if (at % ID_LENGTH === 0) yield at / ID_LENGTH;
    }
  }

  cell(row: number, cell: Cell): number {
    return this.#rows.cell(row, cell);
  }

  runCell(row: number, cell: RunCell): number {
    return this.#runRows.cell(row, cell);
  }

  /** That an experiment is not there any more is all that its row says. */
  isGone(row: number): boolean {
    return this.has(row, Flag.Gone);
  }

  /** Whether an experiment stands in a folder, a string. */
  isIn(row: number, parent: number): boolean {
    return this.cell(row, Cell.Parent) === parent;
  }

  has(row: number, flag: Flag): boolean {
    return (this.cell(row, Cell.Flags) & flag) !== 0;
  }

  parentAt(row: number): string {
    return this.head.strings[this.cell(row, Cell.Parent)];
  }

  folderAt(row: number): string {
    const parent = this.parentAt(row);
    return parent === "" ? this.idAt(row) : `${parent}/${this.idAt(row)}`;
  }

  state(row: number, from: Cell): FolderState {
    const [device, inode, modifiedAt, changedAt] = [0, 1, 2, 3].map((at) => this.cell(row, from + at));
    return { device, inode, modifiedAt, changedAt };
  }

  isAt(row: number, from: Cell, { device, inode, modifiedAt, changedAt }: FolderState): boolean {
    return this.cell(row, from + 2) === modifiedAt && this.cell(row, from + 3) === changedAt &&
      this.cell(row, from + 1) === inode && this.cell(row, from) === device;
  }

  /** The number of the first log of each run, and behind them how many there are. */
  get firstLogs(): Int32Array {
    return this.#firstLogs ??= firstLogs(this);
  }

  /** What its numbers of logs are numbers of. */
  get numbering(): { readonly file: string; readonly logs: number } {
    const { path } = this.file;
    return this.#numbering ??= { file: lastSegment(path), logs: this.firstLogs[this.head.runs] };
  }

  isRunAt(row: number, { device, inode, modifiedAt, changedAt }: FolderState): boolean {
    return this.runCell(row, RunCell.State + 2) === modifiedAt && this.runCell(row, RunCell.State + 3) === changedAt &&
      this.runCell(row, RunCell.State + 1) === inode && this.runCell(row, RunCell.State) === device;
  }

  runState(row: number): FolderState {
    const [device, inode, modifiedAt, changedAt] = [0, 1, 2, 3].map((at) => this.runCell(row, RunCell.State + at));
    return { device, inode, modifiedAt, changedAt };
  }

  /** The row of the experiment that a run belongs to: those of runs are in the order of experiments. */
  ownerOf(run: number): number {
    let [from, to] = [0, this.count];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.cell(middle, Cell.RunsTo) <= run) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Names of logs, of which few lists differ. */
  namesAt(string: number): readonly string[] {
    let names = this.#names.get(string);
    if (names === undefined) this.#names.set(string, names = JSON.parse(this.head.strings[string]) as string[]);
    return names;
  }

  text(at: number, length: number): string {
    return decoder.decode(this.file.part(this.head.regions.texts, at, length));
  }

  textBytes(at: number, length: number): Uint8Array<ArrayBuffer> {
    return this.file.part(this.head.regions.texts, at, length);
  }
}

function firstLogs(segment: Segment): Int32Array {
  const { runs } = segment.head;
  const first = new Int32Array(runs + 1);
  for (let run = 0; run < runs; run++) {
    const names = segment.runCell(run, RunCell.Logs);
    first[run + 1] = first[run] + (names < 0 ? 0 : segment.namesAt(names).length);
  }
  return first;
}

/** Rows of doubles, read one by one until so many were asked for that all are. */
class Rows {
  #all: Float64Array | undefined;
  readonly #single = new Map<number, Float64Array>();

  constructor(readonly file: RegionFile, readonly region: Head["regions"]["rows"], readonly width: number) {}

  /** Reads all of them. */
  load(): void {
    this.#all ??= new Float64Array(this.file.whole(this.region).buffer);
    this.#single.clear();
  }

  cell(row: number, cell: number): number {
    if (this.#all !== undefined) return this.#all[row * this.width + cell];
    let own = this.#single.get(row);
    if (own === undefined) {
      if (this.#single.size >= SINGLE_ROWS) {
        this.load();
        return this.cell(row, cell);
      }
      const bytes = this.width * 8;
      own = new Float64Array(this.file.part(this.region, row * bytes, bytes).slice().buffer);
      this.#single.set(row, own);
    }
    return own[cell];
  }
}

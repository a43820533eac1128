import { Int32Builder } from "../../../index/encoding/int32_builder.ts";
import type { IndexView } from "../../../index/state/index_state.ts";
import type { PartRef } from "../../../index/state/indexed_logs.ts";
import type { LogFile } from "../../../index/state/listed_log.ts";
import type { Pack } from "../../../index/pack/pack.ts";
import type { LogRow, Source } from "./row_types.ts";
import { logFile, runFolder } from "../../../format/layout/names.ts";
import { RunCell } from "../catalogue/segment/layout.ts";
import { ListedLog } from "../listed_log.ts";
import type { GrowingRuns } from "./growing_runs.ts";
import { type KnownBlock, KnownBlocks } from "./known_blocks.ts";
import { isIndexed } from "./row_arrays.ts";
import { LogRows } from "./rows.ts";

/** Stands for the number of a log in the index: a row was made of it. */
const MADE = -1;
/** The same: it is not in the index, which was not asked for it. */
export const NOT_HELD = -2;

const NO_PARTS: readonly PartRef[] = [];

/** The logs that a listing has come to: each belongs to the run that was added last. */
export class GrowingLogs extends LogRows {
  readonly #made: (ListedLog | undefined)[] = [];
  /** The number of each one among those that the index held, of its block. */
  readonly #numbers = new Int32Builder();
  readonly #owners = new Int32Builder();
  readonly #blocks = new KnownBlocks();

  constructor(readonly runs: GrowingRuns) {
    super();
  }

  get length(): number {
    return this.#made.length;
  }

  get owners(): Int32Array {
    return this.#owners.filled;
  }

  add(log: ListedLog): void {
    this.#push(MADE, log);
  }

  /** Adds one of a closed run, which is as the index holds it. `held`: its number there, or `NOT_HELD`. */
  addKnown(block: KnownBlock, held: number): void {
    this.#blocks.begin(block, this.length);
    this.#push(held, undefined);
  }

  #push(held: number, made: ListedLog | undefined): void {
    this.#owners.push(this.runs.length - 1);
    this.#numbers.push(held);
    this.#made.push(made);
  }

  at(number: number): ListedLog {
    return this.#made[number] ??= this.#make(number);
  }

  /** The row of a log, if one was made. */
  made(number: number): ListedLog | undefined {
    return this.#made[number];
  }

  #make(number: number): ListedLog {
    const held = this.#numbers.at(number);
    const run = this.runs.at(this.#owners.at(number));
    const name = this.#nameOf(number);
    return held === NOT_HELD ? new ListedLog(run, name) : new ListedLog(run, name, this.#blocks.of(number).held, held);
  }

  #nameOf(number: number): string {
    const owner = this.#owners.at(number);
    let first = number;
    while (first > 0 && this.#owners.at(first - 1) === owner) first--;
    const { segment } = this.#blocks.of(number);
    return segment.namesAt(segment.runCell(this.runs.rowOf(owner), RunCell.Logs))[number - first];
  }

  #isHeld(number: number): boolean {
    return this.#made[number] === undefined && this.#numbers.at(number) !== NOT_HELD;
  }

  hasPoints(number: number): boolean {
    return this.#made[number]?.points ?? this.#numbers.at(number) !== NOT_HELD;
  }

  parts(number: number): readonly PartRef[] | undefined {
    const made = this.#made[number];
    if (made !== undefined) return made.parts;
    const held = this.#numbers.at(number);
    return held === NOT_HELD ? NO_PARTS : this.#blocks.of(number).held!.parts(held);
  }

  times(number: number): LogRow["times"] {
    return this.#made[number]?.times;
  }

  sourceOf(number: number): Source {
    return this.#made[number]?.run.exp.source ?? this.#blocks.of(number).source;
  }

  sources(): Iterable<Source> {
    const sources = new Set(Array.from(this.#blocks, ({ source }) => source));
    for (const made of this.#made) if (made !== undefined) sources.add(made.run.exp.source);
    return sources;
  }

  bytesOf(number: number): number {
    if (!this.#isHeld(number)) return this.at(number).file.size;
    return this.#blocks.of(number).held!.sizeOf(this.#numbers.at(number));
  }

  isIndexed(number: number): boolean {
    return this.#isHeld(number) || isIndexed(this.at(number));
  }

  packs(): Iterable<Pack> {
    const packs = new Set<Pack>();
    for (const { held } of this.#blocks) for (const pack of held?.packs ?? []) packs.add(pack);
    for (const made of this.#made) for (const { pack } of made?.parts ?? []) packs.add(pack);
    return packs;
  }

  /** Logs from one number to before another that are known, and in the index. */
  *knownFiles(from: number, to: number): Generator<{ readonly file: LogFile }> {
    for (let number = from; number < to; number++) if (this.#isHeld(number)) yield { file: this.#fileOf(number) };
  }

  #fileOf(number: number): LogFile {
    const { segment, held } = this.#blocks.of(number);
    const run = this.runs.rowOf(this.#owners.at(number));
    const folder = segment.folderAt(segment.ownerOf(run));
    const path = logFile(runFolder(folder, segment.runIdAt(run)), this.#nameOf(number));
    return { path, version: 1, ...held!.seen(this.#numbers.at(number)), points: true };
  }

  /** Has those of a repository, from a number on, be the logs that its index holds now; it held others when they were listed. */
  move(source: Source, from: number, view: IndexView): void {
    const moved: [number: number, held: number][] = [];
    for (let number = from; number < this.length; number++) {
      if (!this.#isHeld(number)) continue;
      const place = view.of(this.#fileOf(number));
      if (place?.among === view.files) moved.push([number, place.number]);
      else if (place === undefined) this.at(number);
      else this.at(number).place(place);
    }
    for (const block of this.#blocks) if (block.source === source) block.held = view.files;
    for (const [number, held] of moved) this.#numbers.set(number, held);
  }
}

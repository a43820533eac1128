import { definitionFile, runFolder } from "../../../format/layout/names.ts";
import type { JsonObject } from "../../../base/json.ts";
import { parseParams, parseRun, type RunDefinition } from "../../../format/definitions/definition.ts";
import type { ExperimentDefinition } from "../../../format/definitions/definition.ts";
import type { Brief, ClosedLogs, KnownExperiment, KnownRun, RunBrief } from "../../../repo/cache/listing_cache.ts";
import type { FolderState } from "../../../repo/cache/folder_state.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import type { Looked } from "./ahead/looked.ts";
import { Cell, Flag, RunCell } from "./segment/layout.ts";
import { definitionOf, ExperimentRecord, RunRecord } from "./record.ts";
import { DamagedFile } from "./segment/region_file.ts";
import type { Segment } from "./segment/segment.ts";

/** An experiment of a file of the catalogue. */
export class SegmentExperiment implements KnownExperiment {
  /** `ahead`: what other threads see for the listing that it is part of. */
  constructor(readonly segment: Segment, readonly row: number, readonly folder: string, readonly ahead?: Looked) {}

  get id(): string {
    return this.segment.idAt(this.row);
  }

  get brief(): Brief {
    const { segment, row } = this;
    const { strings } = segment.head;
    return {
      id: segment.idAt(row),
      kind: strings[segment.cell(row, Cell.Kind)],
      name: strings[segment.cell(row, Cell.Name)],
      createdAt: segment.cell(row, Cell.Created),
    };
  }

  get version(): 0 | 1 {
    return this.segment.has(this.row, Flag.Version0) ? 0 : 1;
  }

  get mayHaveNotes(): boolean {
    return this.segment.has(this.row, Flag.MayHaveNotes);
  }

  definition(): ExperimentDefinition | undefined {
    return this.#read()?.definition;
  }

  /** The params alone; undefined as for the definition. */
  params(): JsonObject | undefined {
    if (this.version === 0) return this.definition()?.params;
    const text = textOf(this.segment, this.#cell(Cell.TextAt), this.#cell(Cell.TextLength));
    return text === undefined ? undefined : parseParams(text, { path: definitionFile(this.folder) });
  }

  runV0(): RunDefinition | undefined {
    return this.version === 0 ? this.#read()?.runV0 : undefined;
  }

  #read(): ReturnType<typeof definitionOf> | undefined {
    const text = textOf(this.segment, this.#cell(Cell.TextAt), this.#cell(Cell.TextLength));
    return text === undefined ? undefined : definitionOf(text, this.folder, this.version);
  }

  isAt(state: FolderState): boolean {
    return this.segment.isAt(this.row, Cell.State, state);
  }

  runs(state: FolderState): readonly KnownRun[] | undefined {
    const { segment, row } = this;
    if (!segment.has(row, Flag.Runs) || !segment.isAt(row, Cell.RunsState, state)) return undefined;
    return this.#runs();
  }

  /** Its runs as they were when they were listed last; undefined where they never were. */
  lastRuns(): readonly KnownRun[] | undefined {
    return this.segment.has(this.row, Flag.Runs) ? this.#runs() : undefined;
  }

  isSeenStill(): boolean {
    return this.ahead?.isStill(this.row) ?? false;
  }

  seenRuns(): readonly KnownRun[] | undefined {
    return this.ahead?.hasRuns(this.row) ? this.#runs(this.ahead) : undefined;
  }

  #runs(ahead?: Looked): readonly KnownRun[] | undefined {
    const { segment } = this;
    return unlessDamaged(() => {
      const runs: SegmentRun[] = [];
      for (let at = this.#cell(Cell.RunsFrom); at < this.#cell(Cell.RunsTo); at++) {
        segment.runCell(at, RunCell.Created);
        runs.push(new SegmentRun(segment, at, segment.runIdAt(at), this.folder, ahead));
      }
      return runs;
    });
  }

  #cell(cell: Cell): number {
    return this.segment.cell(this.row, cell);
  }

  /** The same in memory, to be changed. Throws {@linkcode DamagedFile}. */
  toRecord(): ExperimentRecord {
    const { segment, row, folder } = this;
    const text = segment.text(this.#cell(Cell.TextAt), this.#cell(Cell.TextLength)) || undefined;
    const state = segment.state(row, Cell.State);
    const record = new ExperimentRecord(folder, state, this.brief, this.version, this.mayHaveNotes, text);
    if (!segment.has(row, Flag.Runs)) return record;
    record.runsState = segment.state(row, Cell.RunsState);
    for (let at = this.#cell(Cell.RunsFrom); at < this.#cell(Cell.RunsTo); at++) {
      record.runRecords.push(new SegmentRun(segment, at, segment.runIdAt(at), folder).toRecord());
    }
    return record;
  }
}

/** A run of a file of the catalogue. */
export class SegmentRun implements KnownRun {
  /** `ahead`: where other threads have seen the experiment. */
  constructor(
    readonly segment: Segment,
    readonly row: number,
    readonly name: string,
    readonly of: string,
    readonly ahead?: Looked,
  ) {}

  get brief(): RunBrief {
    return { id: this.name, createdAt: this.#cell(RunCell.Created) };
  }

  get #path(): string {
    return definitionFile(runFolder(this.of, this.name));
  }

  definition(): RunDefinition | undefined {
    const text = textOf(this.segment, this.#cell(RunCell.TextAt), this.#cell(RunCell.TextLength));
    return text === undefined ? undefined : parseRun(text, { path: this.#path, id: this.name });
  }

  logs(state: FolderState): readonly string[] | undefined {
    return this.segment.isRunAt(this.row, state) ? this.#names() : undefined;
  }

  seenLogs(): readonly string[] | undefined {
    return this.ahead?.isRunStill(this.row) ? this.#names() : undefined;
  }

  seenLog(at: number): { readonly size: number; readonly modifiedAt: number } | undefined {
    return this.ahead?.log(this.row, at);
  }

  #names(): readonly string[] | undefined {
    const at = this.#cell(RunCell.Logs);
    return at < 0 ? undefined : this.segment.namesAt(at);
  }

  ending(): RunStatus | undefined {
    const text = textOf(this.segment, this.#cell(RunCell.EndingAt), this.#cell(RunCell.EndingLength));
    return text === undefined ? undefined : JSON.parse(text);
  }

  closedLogs(): ClosedLogs | undefined {
    const bytes = this.#cell(RunCell.Closed);
    const names = bytes < 0 ? undefined : this.#names();
    const { numbering, firstLogs } = this.segment;
    return names && { names, bytes, numbering, at: firstLogs[this.row] };
  }

  #cell(cell: RunCell): number {
    return this.segment.runCell(this.row, cell);
  }

  toRecord(): RunRecord {
    const text = this.segment.text(this.#cell(RunCell.TextAt), this.#cell(RunCell.TextLength)) || undefined;
    const record = new RunRecord(this.#path, this.name, this.brief, text);
    record.names = this.#names();
    if (record.names !== undefined) record.state = this.segment.runState(this.row);
    record.status = this.ending();
    record.closed = this.closedLogs()?.bytes;
    return record;
  }
}

/** A text of a segment; undefined where there is none, or it is damaged. */
function textOf(segment: Segment, at: number, length: number): string | undefined {
  return length === 0 ? undefined : unlessDamaged(() => segment.text(at, length));
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedFile) return undefined;
    throw error;
  }
}

import { messageOf } from "../../base/errors.ts";
import { glob } from "../../base/glob.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { Yielder } from "../../base/yielder.ts";
import { encodeEvent } from "../../format/events/encode_event.ts";
import { FILE_EVENT } from "../../format/events/file_event.ts";
import { expfile } from "../../format/json/special_values.ts";
import { logFile, logNameOf } from "../../format/layout/names.ts";
import { lastSegment } from "../../base/paths.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import type {
  EndRecord,
  EventRecord,
  FileRecord,
  ForeignFile,
  ForeignReader,
  ForeignRecord,
  PositionRecord,
  RunRecord,
} from "../foreign.ts";
import { CONFIG_EVENT } from "../foreign.ts";
import { described } from "../values.ts";
import { derivedId } from "../../format/layout/derived_id.ts";
import type { ImportedRun, ImportOptions, ImportReport } from "./import_report.ts";
import { ImportProblems } from "./import_problems.ts";
import { keepContent } from "./keep_content.ts";
import { beginLife, endLife } from "./life.ts";
import { lineOf } from "./line.ts";
import { LogOutputs } from "./log_outputs.ts";
import { fileName, logName } from "./names.ts";
import type { KnownRun, Positions } from "./positions.ts";
import { Scratch } from "./scratch.ts";
import type { ImportTarget } from "./target.ts";

/** Milliseconds between two times that positions are kept. */
const SAVE_MS = 2000;

/** How a line begins that names a file. */
const FILE_LINE = `{"event":"${FILE_EVENT}"`;

/** A run that is being imported. */
interface OpenRun {
  readonly key: string;
  readonly place: KnownRun;
  /** Files of logs by the names that the reader gives them, and the sources that they are written from. */
  readonly logs: Map<string, { readonly file: string; readonly sources: Set<string>; last: string | undefined }>;
  report: ImportedRun;
}

/** Reads a source once, from where `positions` say on, and writes it. */
export async function importOnce(
  store: LocalStore,
  reader: ForeignReader,
  path: string,
  target: ImportTarget,
  positions: Positions,
  options: ImportOptions,
): Promise<ImportReport> {
  using pass = new ImportPass(store, reader, target, positions, options);
  return await pass.run(path);
}

class ImportPass implements Disposable {
  readonly #runs = new Map<string, OpenRun | undefined>();
  readonly #byFolder = new Map<string, OpenRun>();
  readonly #outputs: LogOutputs;
  readonly #problems = new ImportProblems();
  readonly #selects: readonly ((text: string) => boolean)[] | undefined;
  #path = "";
  #source = "";
  /** Files of logs that the current source has written, by sources. */
  readonly #written = new Map<string, Set<string>>();
  #savedAt = performance.now();

  constructor(
    readonly store: LocalStore,
    readonly reader: ForeignReader,
    readonly target: ImportTarget,
    readonly positions: Positions,
    readonly options: ImportOptions,
  ) {
    this.#selects = options.select?.map(glob);
    this.#outputs = new LogOutputs(store, {
      dryRun: options.dryRun,
      onAdded: (name, lines) => this.#added(name, lines),
      onBroken: (name, offset) => this.#broken(name, offset),
    });
    for (const [source, { logs }] of positions.sources) {
      for (const [log, size] of Object.entries(logs)) this.#outputs.start(source, log, size);
    }
    for (const [source, { logs, problems = [] }] of positions.sources) {
      this.#written.set(source, new Set(Object.keys(logs)));
      this.#problems.keep(source, problems);
    }
  }

  async run(path: string): Promise<ImportReport> {
    this.#path = path;
    const states = new Map<string, Json>();
    for (const [source, { state }] of this.positions.sources) states.set(source, state);
    const { dryRun: _dryRun, select: _select, onProgress: _onProgress, ...reading } = this.options;
    const yielder = new Yielder(this.options.signal);
    await using scratch = new Scratch(this.store);
    try {
      const options = { ...reading, positions: states, scratch: () => scratch.make() };
      for await (const batch of this.reader.open(path, options)) {
        for (const record of batch) {
          // What belongs to a run is mostly an event.
          if (record.type === "event") this.#plainEvent(record) || await this.#event(record);
          else await this.#other(record);
        }
        await yielder.checkpoint();
      }
    } finally {
      await this.#outputs.close();
      if (!this.options.dryRun) this.positions.save();
    }
    const runs = [...this.#runs.values()].flatMap((run) => run === undefined ? [] : [run.report]);
    return {
      runs: runs.filter(({ isNew, events, files }) => isNew || events > 0 || files > 0),
      known: this.positions.runs.size,
      passedOver: this.#runs.size - runs.length,
      problems: this.#problems.all,
    };
  }

  [Symbol.dispose](): void {
    this.#outputs[Symbol.dispose]();
  }

  async #other(record: Exclude<ForeignRecord, EventRecord>): Promise<void> {
    switch (record.type) {
      case "source":
        this.#source = record.source;
        if (record.restarts) this.#restart(record.source);
        return;
      case "run":
        return await this.#begin(record);
      case "file":
        return await this.#file(record);
      case "end":
        return await this.#end(record);
      case "position":
        return this.#position(record);
      case "problem":
        return this.#problems.add(this.#source, record);
      case "progress":
        this.options.onProgress?.(record.read, record.total, this.#source);
        return;
    }
  }

  /** The logs of a source are compared from their start on. */
  #restart(source: string): void {
    for (const log of this.#written.get(source) ?? []) this.#outputs.start(source, log, 0);
    this.positions.sources.delete(source);
    this.#problems.restart(source);
  }

  async #begin(record: RunRecord): Promise<void> {
    if (this.#runs.has(record.key)) return;
    if (this.#selects !== undefined && !this.#selects.some((fits) => fits(record.key) || fits(record.name))) {
      this.#runs.set(record.key, undefined);
      return;
    }
    const begun = await this.target.begin(record);
    if (begun === undefined) {
      const what = `the run "${record.name}" was purged here`;
      this.#problem(what, "it is not imported again");
      this.#runs.set(record.key, undefined);
      return;
    }
    const { place, isNew, remarks } = begun;
    for (const remark of remarks) this.#problem(`the run "${record.name}": ${remark}`, "everything else is imported");
    if (this.target.ownsRuns && record.recordsEnd && !this.options.dryRun) await beginLife(this.store, place);
    const known = { ...place, kind: record.kind, name: record.name, createdAt: record.createdAt };
    this.positions.runs.set(record.key, known);
    const run = this.#keep(record.key, known, isNew);
    if (this.target.ownsRuns || Object.keys(record.params).length === 0) return;
    const data = { source: record.name, config: described("config", record.params) };
    this.#add(run, "config", {
      type: "event",
      run: record.key,
      log: "config",
      name: CONFIG_EVENT,
      ts: record.createdAt,
      data,
    });
  }

  /** The run of a key, if it is one that is imported. */
  #runOf(key: string): OpenRun | undefined {
    if (this.#runs.has(key)) return this.#runs.get(key);
    const place = this.positions.runs.get(key);
    return place === undefined ? undefined : this.#keep(key, place, false);
  }

  #keep(key: string, place: KnownRun, isNew: boolean): OpenRun {
    const { experiment: id, run, kind, name, createdAt } = place;
    const report = { id, run, kind, name, isNew, isUndated: createdAt === 0, events: 0, files: 0 };
    const open = { key, place, logs: new Map(), report };
    this.#runs.set(key, open);
    this.#byFolder.set(place.folder, open);
    return open;
  }

  /** Takes an event without files, of a run that is open; whether it was one. */
  #plainEvent(record: EventRecord): boolean {
    if (record.files !== undefined) return false;
    const run = this.#runOf(record.run);
    if (run !== undefined) this.#add(run, record.log, record);
    return true;
  }

  async #event(record: EventRecord): Promise<void> {
    const run = this.#runOf(record.run);
    if (run === undefined) return;
    const values: JsonObject = {};
    for (const [key, file] of Object.entries(record.files ?? {})) {
      const kept = await this.#keepFile(run, file);
      if (kept === undefined) continue;
      this.#addFile(run, record.log, record.ts, kept);
      values[key] = kept.file;
    }
    this.#add(run, record.log, record, values);
  }

  async #file(record: FileRecord): Promise<void> {
    const run = this.#runOf(record.run);
    if (run === undefined) return;
    const kept = await this.#keepFile(run, record);
    if (kept === undefined) return;
    const log = record.log ?? `file-${derivedId(`${kept.name}\n${kept.sha256}`)}`;
    const file = this.#logFile(run, log);
    if (record.log === undefined && file !== undefined && this.#outputs.size(this.#source, file)) return;
    this.#addFile(run, log, record.ts ?? run.place.createdAt, kept);
  }

  async #keepFile(run: OpenRun, { name, content }: ForeignFile) {
    const plain = fileName(name);
    try {
      const kept = await keepContent(this.store, content, this.#path, this.options);
      if (kept !== undefined) {
        const { sha256, size } = kept;
        return { name: plain, sha256, size, file: expfile({ exp: run.place.experiment, name: plain, sha256 }) };
      }
      this.#problem(`the file "${plain}" is gone, or changes as it is read`, "import again later", plain);
    } catch (error) {
      this.options.signal?.throwIfAborted();
      const what = `the file "${plain}" cannot be read: ${messageOf(error)}`;
      this.#problem(what, "everything else is imported", plain);
    }
    return undefined;
  }

  #addFile(
    run: OpenRun,
    log: string,
    ts: number | undefined,
    { name, size, file }: { readonly name: string; readonly size: number; readonly file: JsonObject },
  ): void {
    const to = this.#logFile(run, log);
    if (to !== undefined) {
      this.#outputs.add(this.#source, to, encodeEvent(FILE_EVENT, Math.floor(ts ?? 0), { name, size, file }));
    }
  }

  #add(run: OpenRun, log: string, record: EventRecord, values?: JsonObject): void {
    const file = this.#logFile(run, log);
    if (file === undefined) return;
    try {
      this.#outputs.add(this.#source, file, lineOf(record, values));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#problem(`an event "${record.name.slice(0, 100)}" cannot be kept: ${messageOf(error)}`, "it is left out");
    }
  }

  #logFile(run: OpenRun, log: string): string | undefined {
    let to = run.logs.get(log);
    if (to === undefined) {
      const name = this.target.log(log, run.key);
      if (name === undefined) return undefined;
      to = { file: logFile(run.place.folder, logName(name)), sources: new Set(), last: undefined };
      run.logs.set(log, to);
    }
    if (to.last === this.#source) return to.file;
    to.last = this.#source;
    to.sources.add(to.last);
    let written = this.#written.get(to.last);
    if (written === undefined) this.#written.set(to.last, written = new Set());
    written.add(to.file);
    return to.file;
  }

  async #end(record: EndRecord): Promise<void> {
    const run = this.#runOf(record.run);
    if (run === undefined || !this.target.ownsRuns || this.options.dryRun) return;
    for (const { file, sources } of run.logs.values()) {
      for (const source of sources) this.#outputs.flush(source, [file]);
    }
    await beginLife(this.store, run.place);
    await endLife(this.store, run.place, record);
  }

  #position({ state }: PositionRecord): void {
    const written = this.#written.get(this.#source) ?? [];
    this.#outputs.flush(this.#source, written);
    if (this.options.dryRun) return;
    const logs: Record<string, number> = {};
    for (const log of written) {
      const size = this.#outputs.size(this.#source, log);
      // It is to be said each time.
      if (size === undefined) return void this.positions.sources.delete(this.#source);
      logs[log] = size;
    }
    this.positions.sources.set(this.#source, { state, logs, problems: this.#problems.lastingOf(this.#source) });
    if (performance.now() - this.#savedAt < SAVE_MS) return;
    this.positions.save();
    this.#savedAt = performance.now();
  }

  #added(file: string, lines: readonly string[]): void {
    const folder = file.slice(0, file.lastIndexOf("/"));
    const run = this.#byFolder.get(folder);
    if (run === undefined) return;
    const files = lines.filter((line) => line.startsWith(FILE_LINE)).length;
    run.report.files += files;
    run.report.events += lines.length - files;
  }

  #broken(file: string, offset: number): void {
    const folder = file.slice(0, file.lastIndexOf("/"));
    const run = this.#byFolder.get(folder);
    const log = logNameOf(lastSegment(file));
    this.#problem(
      `what was imported of it before is no longer in it: the log "${log}" of ${run?.report.run} has other lines from byte ${offset} on`,
      "what is there stays, and nothing is added to that log",
    );
  }

  #problem(what: string, advice: string, file: string = this.#source): void {
    this.#problems.add(this.#source, { type: "problem", file, what, advice });
  }
}

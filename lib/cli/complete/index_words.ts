import { isObject, type Json } from "../../base/json.ts";
import { readAt } from "../../fs/files/last_line.ts";
import { IndexFiles } from "../../index/state/index_files.ts";
import { SegmentFiles } from "../../query/snapshot/catalogue/segment/files.ts";
import { Cell, Flag } from "../../query/snapshot/catalogue/segment/layout.ts";
import type { Segment } from "../../query/snapshot/catalogue/segment/segment.ts";
import { SegmentExperiment } from "../../query/snapshot/catalogue/segment_rows.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { FILES_LOG, PUT_LOG_PREFIX } from "../../format/events/file_event.ts";
import { logFile, logNameOf, notesFolder, runFolder } from "../../format/layout/names.ts";
import { cellsOf } from "../../terminal/values.ts";

/** So many experiments are offered; of more, those that were made last. */
const MAX_EXPERIMENTS = 60;

/** So many experiments are looked at for params, tags, and in logs, those that were made last. */
const SAMPLE = { params: 50, tags: 200, logs: 10 };

/** Bytes of a log that are looked at, from its beginning. */
const MAX_LOG_BYTES = 64 * 1024;

/** Bytes at the end of the log of a run's life that hold its end. */
const MAX_LAST_BYTES = 8 * 1024;

/** An experiment of the files of a catalogue. */
interface Row {
  readonly segment: Segment;
  readonly row: number;
  readonly createdAt: number;
}

/**
 * What an index knows, as it stands: nothing is brought up to date for a key that was pressed. What is damaged is as if it were not
 * there.
 */
export class IndexWords {
  readonly #segments: readonly Segment[];

  /** `folder`: of the index, an absolute path. */
  constructor(readonly repo: string, readonly folder: string) {
    this.#segments = new SegmentFiles(`${folder}/catalogue`).load();
  }

  /** The ids that begin with a text, the newest first, with what tells them apart. */
  experiments(prefix: string): [id: string, help: string][] {
    return this.#newest(MAX_EXPERIMENTS, prefix).map(offerOf);
  }

  /** Those of them that have a run without an end. */
  running(prefix: string): [id: string, help: string][] {
    const root = new RootFolder(this.repo);
    return this.#newest(MAX_EXPERIMENTS, prefix).filter((row) => isRunning(root, row)).map(offerOf);
  }

  /** Those of them that are deleted. */
  deleted(prefix: string): [id: string, help: string][] {
    const root = new RootFolder(this.repo);
    return this.#newest(SAMPLE.tags, prefix, Flag.MayHaveNotes).filter((row) => isDeleted(root, row)).map(offerOf);
  }

  /** Each kind, or each name. */
  briefs(of: "kind" | "name"): string[] {
    const cell = of === "kind" ? Cell.Kind : Cell.Name;
    const found = new Set<string>();
    for (const segment of this.#segments) {
      const seen = new Set<number>();
      for (let row = 0; row < segment.count; row++) seen.add(segment.cell(row, cell));
      for (const string of seen) found.add(segment.head.strings[string]);
    }
    return [...found];
  }

  /** The names of the params of the newest experiments. */
  params(): string[] {
    const found = new Set<string>();
    for (const row of this.#newest(SAMPLE.params)) {
      for (const key of Object.keys(experimentOf(row).params() ?? {})) found.add(key);
    }
    return [...found];
  }

  /** The tags of the newest experiments that have notes. */
  tags(): string[] {
    const found = new Set<string>();
    const root = new RootFolder(this.repo);
    for (const { segment, row } of this.#newest(SAMPLE.tags, "", Flag.MayHaveNotes)) {
      const folder = notesFolder(segment.folderAt(row));
      try {
        for (const { name, isFile } of root.list(folder)) {
          if (!isFile) continue;
          const text = beginningOf(root, `${folder}/${name}`);
          for (const [, tag] of text.matchAll(/^\{"event":"dbx\/tag".*?"tag":("(?:[^"\\]|\\.)*")/gm)) {
            found.add(JSON.parse(tag));
          }
        }
      } catch {
        // They are gone, or damaged.
      }
    }
    return [...found];
  }

  /** The last parts of the keys of series. An index that is still too small to be written down has none: a few logs say them then. */
  series(): string[] {
    const found = new Set<string>();
    for (const { directory: { series, strings } } of new IndexFiles(this.folder).load().packs) {
      const seen = new Set<number>();
      for (let at = 0; at < series.length; at++) seen.add(series.path[at]);
      for (const string of seen) found.add(strings[string]);
    }
    if (found.size === 0) {
      for (const row of this.#newest(SAMPLE.logs)) {
        keysIn(new RootFolder(this.repo), row, found);
      }
    }
    return [...found];
  }

  /** The files of the experiment whose id stands before the colon, as other commands take them: `3f:model.pt`. */
  files(typed: string): string[] {
    const id = typed.slice(0, typed.indexOf(":"));
    const found = new Set<string>();
    const root = new RootFolder(this.repo);
    for (const { segment, row } of this.#newest(1, id)) {
      for (let run = segment.cell(row, Cell.RunsFrom); run < segment.cell(row, Cell.RunsTo); run++) {
        const folder = runFolder(segment.folderAt(row), segment.runIdAt(run));
        for (const name of namesIn(root, folder)) found.add(`${id}:${name}`);
      }
    }
    return [...found];
  }

  /** The experiments that were made last, whose ids begin with a text. */
  #newest(most: number, prefix = "", flag = 0): Row[] {
    const rows: Row[] = [];
    for (const segment of this.#segments) {
      for (let row = prefix === "" ? 0 : segment.firstFrom(prefix); row < segment.count; row++) {
        if (prefix !== "" && !segment.idAt(row).startsWith(prefix)) break;
        if (flag !== 0 && !segment.has(row, flag)) continue;
        rows.push({ segment, row, createdAt: segment.cell(row, Cell.Created) });
      }
    }
    rows.sort((a, b) => b.createdAt - a.createdAt);
    const chosen: Row[] = [];
    for (const row of rows) {
      if (chosen.length === most) break;
      if (!row.segment.isGone(row.row) && this.#isLatest(row)) chosen.push(row);
    }
    return chosen;
  }

  /** Whether no newer file says anything of an experiment. */
  #isLatest({ segment, row }: Row): boolean {
    const newer = this.#segments.slice(0, this.#segments.indexOf(segment));
    return newer.every((other) => other.rowOf(segment.parentAt(row), segment.idAt(row)) < 0);
  }
}

/** An id, and what tells its experiment from others. */
function offerOf(row: Row): [id: string, help: string] {
  const known = experimentOf(row);
  const { kind, name } = known.brief;
  const cell = cellsOf({ isTerminal: true });
  const params = Object.entries(known.params() ?? {}).slice(0, 4).map(([key, value]) =>
    `${key}=${cell(value as Json)}`
  );
  return [known.id, [name, kind, ...params].filter((text) => text !== "").join("  ")];
}

/** Whether one of its runs has begun and not ended, by the last bytes of the log of its life. */
function isRunning(root: RootFolder, row: Row): boolean {
  return (experimentOf(row).lastRuns() ?? []).some((run) => {
    if (run.ending() !== undefined) return false;
    try {
      const path = logFile(runFolder(row.segment.folderAt(row.row), run.name), "dbx");
      using file = root.open(path);
      const { size } = file.statSync();
      const last = new TextDecoder().decode(readAt(file, Math.max(0, size - MAX_LAST_BYTES), MAX_LAST_BYTES));
      return !/^\{"event":"dbx\/(?:end|expired)"/m.test(last);
    } catch {
      return false;
    }
  });
}

/** Whether the last of its notes about that says so. */
function isDeleted(root: RootFolder, { segment, row }: Row): boolean {
  const folder = notesFolder(segment.folderAt(row));
  let last = { ts: -Infinity, word: "" };
  try {
    for (const { name, isFile } of root.list(folder)) {
      if (!isFile) continue;
      const text = beginningOf(root, `${folder}/${name}`);
      for (const [, word, ts] of text.matchAll(/^\{"event":"dbx\/(delete|restore)","ts":(\d+)/gm)) {
        if (Number(ts) >= last.ts) last = { ts: Number(ts), word };
      }
    }
  } catch {
    // They are gone, or damaged.
  }
  return last.word === "delete";
}

function experimentOf({ segment, row }: Row): SegmentExperiment {
  return new SegmentExperiment(segment, row, segment.folderAt(row));
}

/** The beginning of a file. */
function beginningOf(root: RootFolder, name: string): string {
  using file = root.open(name);
  return new TextDecoder().decode(readAt(file, 0, MAX_LOG_BYTES));
}

/** The names of files that the first lines of the logs of a run say, which name files mostly. */
function namesIn(root: RootFolder, folder: string): string[] {
  const names: string[] = [];
  try {
    for (const { name, isFile } of root.list(folder)) {
      const log = isFile ? logNameOf(name) : undefined;
      if (log === undefined || !(log === "log" || log === FILES_LOG || log.startsWith(PUT_LOG_PREFIX))) continue;
      const text = beginningOf(root, `${folder}/${name}`);
      for (const [, name] of text.matchAll(/^\{"event":"dbx\/file","ts":\d+,"name":("(?:[^"\\]|\\.)*")/gm)) {
        names.push(JSON.parse(name));
      }
    }
  } catch {
    // They are gone, or damaged.
  }
  return names;
}

/** The names of the numbers that the first lines of the logs of an experiment hold. */
function keysIn(root: RootFolder, { segment, row }: Row, found: Set<string>): void {
  for (let run = segment.cell(row, Cell.RunsFrom); run < segment.cell(row, Cell.RunsTo); run++) {
    const folder = runFolder(segment.folderAt(row), segment.runIdAt(run));
    for (const log of ["log", "printed"]) {
      try {
        for (const line of beginningOf(root, logFile(folder, log)).split("\n")) {
          const { event: _event, ts: _ts, ...data } = JSON.parse(line || "{}");
          addKeys(data, "", found);
        }
      } catch {
        // It is not there, or its last line is cut.
      }
    }
  }
}

function addKeys(json: unknown, path: string, found: Set<string>): void {
  if (typeof json === "number" && path !== "") found.add(path);
  if (!isObject(json)) return;
  for (const [key, value] of Object.entries(json)) addKeys(value, path === "" ? key : `${path}.${key}`, found);
}

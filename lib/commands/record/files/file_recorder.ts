import { messageOf } from "../../../base/errors.ts";
import { absolute, lastSegment } from "../../../base/paths.ts";
import {
  FILE_EVENT,
  FILES_LOG,
  keptVersion,
  UNKEPT_EVENT,
  unkeptVersion,
  versionKey,
} from "../../../format/events/file_event.ts";
import { expfile } from "../../../format/json/special_values.ts";
import type { LogWriter } from "../../../logger/log/log_writer.ts";
import { lstatIfThere } from "../../../fs/files/lstat.ts";
import { LogReader } from "../../../repo/logs/log_reader.ts";
import { filesBelow } from "../../../store/local/files/gc_files.ts";
import { keepFile } from "../../../store/local/keep_file.ts";
import type { LocalStore } from "../../../store/local/local_store.ts";
import { otherRuns, wasKeptBefore } from "./earlier_runs.ts";
import { FileWatch, type WholeFile } from "./file_watch.ts";
import type { KeepChoice } from "./keep_options.ts";
import { type KeptPlace, placeOfFolder } from "./kept_place.ts";
import { beyond, unwanted } from "./retention.ts";
import { SeriesValues } from "./series_values.ts";

/** Milliseconds between two looks; after one that took long, so many times as long. */
const LOOK_MS = 1000;
const REST = 20;

/** How often a file is tried again at the end that another process keeps changing. */
const LAST_TRIES = 3;

/** Which files of a run are kept, and where. */
export interface FileRecorderOptions {
  readonly store: LocalStore;
  readonly exp: string;
  /** The run's folder, relative to the store. */
  readonly folder: string;
  /** The folder in which everything is kept (`$DBX_FILES`), relative to the store. */
  readonly own: string;
  readonly keep: KeepChoice;
  /** The absolute path of the working folder of the command. */
  readonly cwd: string;
  /** The log `files`, made when it is first asked for. */
  readonly log: () => LogWriter;
  /** The logs of the run, in which the values of series are. */
  readonly logs: readonly LogWriter[];
  readonly say: (message: string) => void;
  /** Called with the hash of contents that no version has any longer which is kept. */
  readonly onUnkept?: (sha256: string) => void;
  /** When the run began, where another process has recorded it before: milliseconds since the Unix epoch. */
  readonly startedAt?: number;
}

/** A version of a file that the run has named. */
interface Named {
  readonly name: string;
  readonly sha256: string;
  /** When it was written. */
  readonly at: number;
  /** Whether the retention is about it. */
  readonly isChosen: boolean;
}

/** Keeps the files that a command writes, as soon as they are whole. */
export class FileRecorder {
  readonly #options: FileRecorderOptions;
  readonly #watch: FileWatch;
  readonly #own: KeptPlace;
  readonly #chosen: readonly KeptPlace[];
  readonly #values: SeriesValues;
  /** What is kept, in the order in which it was found. */
  #kept: Named[] = [];
  /** What the other runs of the experiment keep, as they were when this one began: it has to be better than that. */
  #rivals: readonly Named[] = [];
  readonly #last = new Map<string, Named>();
  readonly #told = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isEnding = false;
  #looking: Promise<void> = Promise.resolve();
  #failed = 0;
  /** The log that names files, once there is one to name. */
  #log: LogWriter | undefined;

  private constructor(options: FileRecorderOptions, chosen: readonly KeptPlace[]) {
    const { store, folder, own, keep } = options;
    this.#options = options;
    this.#own = placeOfFolder(store.path(own));
    this.#chosen = chosen;
    this.#watch = new FileWatch([this.#own, ...this.#chosen]);
    // A run that goes on with files of an earlier one needs the values of that one too.
    const folders = keep.best.length === 0 ? [] : [...otherRuns(store, folder), folder];
    this.#values = new SeriesValues(store, folders, keep.best.map(({ series }) => series));
  }

  /**
   * Begins to look. What is there already is not the command's, unless a run of the same experiment, or this one, wrote it and was
   * killed before it could be kept.
   */
  static async start(options: FileRecorderOptions): Promise<FileRecorder> {
    const recorder = new FileRecorder(options, await placesOf(options));
    options.store.folder.makeFolder(options.own);
    const { startedAt, store, folder } = options;
    if (startedAt !== undefined) { for (const named of await recorder.#namedIn(folder)) recorder.#add(named); }
    if (options.keep.best.length > 0 && recorder.#chosen.length > 0) {
      const others = await Promise.all(otherRuns(store, folder).map((other) => recorder.#namedIn(other)));
      recorder.#rivals = others.flat().filter(({ isChosen }) => isChosen);
    }
    if (recorder.#chosen.length > 0) {
      const isOld = startedAt === undefined
        ? await wasKeptBefore(store, folder)
        : (_: string, modifiedAt: number) => modifiedAt < startedAt;
      recorder.#watch.ignore(recorder.#chosen, isOld);
    }
    recorder.#watch.look();
    recorder.#lookAfter(LOOK_MS);
    return recorder;
  }

  #lookAfter(milliseconds: number): void {
    if (this.#isEnding) return;
    this.#timer = setTimeout(() => this.#looking = this.#lookAndRest(), milliseconds);
    Deno.unrefTimer(this.#timer as unknown as number);
  }

  async #lookAndRest(): Promise<void> {
    const start = performance.now();
    await this.#look(false, false);
    this.#lookAfter(Math.max(LOOK_MS, REST * this.#watch.lookMs, (performance.now() - start) / 2));
  }

  /**
   * Keeps what is left, closes the log that names it, and removes `$DBX_FILES`, unless not all of it could be kept and named:
   * contents that no log names are garbage. `isInUse`: processes are left that may still write.
   */
  async finish(isInUse: boolean): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#timer);
    await this.#looking;
    for (let tries = 0; tries < LAST_TRIES; tries++) if (await this.#look(true, !isInUse) === 0) break;
    this.#watch[Symbol.dispose]();
    const { store, own, keep, cwd, say } = this.#options;
    for (const { series } of keep.best) {
      const chosen = this.#kept.filter(({ isChosen }) => isChosen);
      const values = this.#values.of(series);
      if (chosen.length > 0 && values.length === 0) {
        say(`--keep-best: no value of "${series}" was logged, so all files that --keep names are kept`);
      }
      const [foreign] = beyond(chosen, values);
      if (foreign !== undefined) {
        say(
          `--keep-best kept ${foreign.name}, though this run logged no value of "${series}" near that step: if another run ` +
            "writes to the same folder, give each a folder of its own",
        );
      }
    }
    for (const [at, place] of this.#chosen.entries()) {
      const why = whyNothing(this.#watch.found(place), keep.globs[at], cwd);
      if (why !== undefined) say(why);
    }
    const named = await this.#log?.close();
    if (this.#failed === 0 && (named === undefined || named.lost === 0)) return store.folder.removeFolder(own);
    const left = filesBelow(store.folder, own).filter(({ kind }) => kind === "file").toArray().length;
    if (left === 0) return;
    const files = left === 1 ? "the file" : `the ${left} files`;
    say(
      `${files} that the command wrote to $DBX_FILES could not be recorded and stayed in ${store.path(own)}; ` +
        `dbx run --adopt ${lastSegment(own)} imports what is there`,
    );
  }

  /** Writes to the log that names files. */
  #write(event: string, data: unknown): void {
    (this.#log ??= this.#options.log()).write(event, data);
  }

  /** Returns how many files have to be tried again. */
  async #look(all: boolean, mayLink: boolean): Promise<number> {
    let again = 0;
    this.#failed = 0;
    for (const file of this.#watch.look(all)) {
      try {
        if (!await this.#keep(file, mayLink)) again++;
      } catch (error) {
        this.#failed++;
        this.#say(`Cannot keep "${file.place.nameOf(file.path)}": ${messageOf(error)}`);
      }
    }
    try {
      await this.#retain(all);
    } catch (error) {
      this.#say(messageOf(error));
    }
    return again;
  }

  /** Keeps one file; whether it could be read as it is. */
  async #keep(file: WholeFile, mayLink: boolean): Promise<boolean> {
    const { store, exp, own } = this.#options;
    const { path, place, info } = file;
    const name = place.nameOf(path);
    const link = place === this.#own && mayLink ? `${own}/${name}` : undefined;
    const kept = await keepFile(store, path, { link });
    if (kept === undefined) return false;
    this.#watch.keep(file);
    if (this.#last.get(name)?.sha256 === kept.sha256) return true;
    const { sha256, size } = kept;
    this.#write(FILE_EVENT, { name, size, file: expfile({ exp, name, sha256 }) });
    this.#add({ name, sha256, at: info.mtime?.getTime() ?? Date.now(), isChosen: place !== this.#own });
    return true;
  }

  /** Of one name, what is found later was written later, whatever time a program gave the file. */
  #add(named: Named): void {
    const inOrder = { ...named, at: Math.max(named.at, this.#last.get(named.name)?.at ?? -Infinity) };
    this.#kept.push(inOrder);
    this.#last.set(named.name, inOrder);
  }

  /** Says which of its versions need not be kept any longer. */
  async #retain(isOver: boolean): Promise<void> {
    const { keep, logs } = this.#options;
    const chosen = this.#kept.filter(({ isChosen }) => isChosen);
    if (chosen.length + this.#rivals.length < 2 || (keep.last === undefined && keep.best.length === 0)) return;
    for (const writer of logs) writer.flush();
    await this.#values.read();
    const rivals = new Set(this.#rivals);
    const all = unwanted([...rivals, ...chosen], keep, (series) => this.#values.of(series), isOver);
    // Of its own files, each run decides alone.
    const gone = new Set(all.filter((named) => !rivals.has(named)));
    if (gone.size === 0) return;
    this.#kept = this.#kept.filter((named) => !gone.has(named));
    // The same contents may be wanted as another version of the name.
    const wanted = new Set(this.#kept.map(versionKey));
    for (const { name, sha256 } of gone) {
      if (wanted.has(versionKey({ name, sha256 }))) continue;
      this.#write(UNKEPT_EVENT, { name, sha256 });
      if (!this.#kept.some((kept) => kept.sha256 === sha256)) this.#options.onUnkept?.(sha256);
    }
  }

  /** What another process has named, of this run before it died or of another run, and is kept. `folder`: that of the run. */
  async #namedIn(folder: string): Promise<Named[]> {
    const { store, cwd } = this.#options;
    let named: Named[] = [];
    for await (const event of new LogReader(store, folder, FILES_LOG).read()) {
      const kept = keptVersion(event);
      const unkept = unkeptVersion(event);
      if (kept !== undefined) {
        const path = [`${cwd}/${kept.name}`, `/${kept.name}`].find((path) =>
          this.#chosen.some(({ matches, nameOf }) => matches(path) && nameOf(path) === kept.name)
        );
        // It was written before it was named, and some files that were not named yet may have been written in between.
        const written = path === undefined ? undefined : lstatIfThere(path)?.mtime?.getTime();
        named.push({ ...kept, at: Math.min(event.ts ?? 0, written ?? Infinity), isChosen: path !== undefined });
      } else if (unkept !== undefined) {
        const key = versionKey(unkept);
        named = named.filter((one) => versionKey(one) !== key);
      }
    }
    return named;
  }

  #say(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#options.say(message);
  }
}

/** Why nothing is kept that a glob names; undefined where something may be. */
function whyNothing(found: "nothing" | "old" | "new", glob: string, cwd: string): string | undefined {
  if (found === "new") return undefined;
  if (found === "old") {
    return `--keep '${glob}' matched only files that were there before and did not change; none is kept`;
  }
  const isFolder = lstatIfThere(absolute(glob, cwd))?.isDirectory === true;
  return `--keep '${glob}' matched no file${isFolder ? `: it is a folder; write --keep '${glob}/**'` : ""}`;
}

/** The files that globs name. What reads these is loaded where there are some. */
async function placesOf({ keep: { globs }, cwd }: FileRecorderOptions): Promise<KeptPlace[]> {
  if (globs.length === 0) return [];
  const { placeOfGlob } = await import("./glob_place.ts");
  return globs.map((glob) => placeOfGlob(glob, cwd));
}

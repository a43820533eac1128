import type { IndexUpdate } from "../../index/update/index_update.ts";
import type { KnownLogs } from "../../index/state/indexed_logs.ts";
import { type LogFile, timeOf } from "../../index/state/listed_log.ts";
import type { RunRow, Source } from "./rows/row_types.ts";
import type { ClosedLogs } from "../../repo/cache/listing_cache.ts";
import type { Run } from "../../repo/experiments/run.ts";
import type { Look } from "../../store/store.ts";
import { ClosedPlaces } from "./closed_places.ts";
import { closeRuns } from "./closed_runs.ts";
import { ListedLog } from "./listed_log.ts";
import type { GrowingLogs } from "./rows/growing_logs.ts";

/** Lists the logs of a repository, and has the index read their new bytes. */
export class LogListing implements Disposable {
  /** The number of its first log. */
  readonly first: number;
  /** The first log without a row that was not reported to the index yet. */
  #unreported: number;
  /** Logs that are not as the index holds them, and others, since the last report to the index. */
  #changed: LogFile[] = [];
  #same: ListedLog[] = [];
  /** When the listing began, and what the index held then. */
  readonly #from: number;
  readonly #held: KnownLogs | undefined;

  readonly places: ClosedPlaces;
  readonly #looksAtEnded: boolean;
  /** Runs that have ended, and are not known to be closed. */
  readonly #ended: { readonly row: RunRow; readonly names: readonly string[] }[] = [];

  /**
   * @param update Of the index, if it is to be brought up to date.
   * @param logs Takes the logs.
   * @param isFull Whether life logs are looked at also where runs have ended.
   */
  constructor(
    readonly source: Source,
    readonly update: IndexUpdate | undefined,
    readonly logs: GrowingLogs,
    isFull = false,
  ) {
    this.first = this.#unreported = logs.length;
    this.#from = source.repository.catalogue?.now() ?? Date.now();
    this.#held = update === undefined ? undefined : source.index.held;
    // What was read behind an end may be among what was lost.
    this.#looksAtEnded = isFull || source.index.hasLost;
    this.places = new ClosedPlaces(source.index);
  }

  /** Whether logs of closed runs need not be looked at, as far as the index holds them. */
  get knowsClosed(): boolean {
    return this.#held !== undefined;
  }

  /** Lists the logs of a closed run, if the index holds them as it was closed; else the caller has to look. */
  listClosed(row: RunRow, closed: ClosedLogs): boolean {
    const { names, bytes, numbering, at: first = 0 } = closed;
    const held = this.#held;
    if (held === undefined) return false;
    let left = bytes;
    const numbers = names.map((name, at) => {
      if (name === "stdout") return undefined;
      const number = this.places.find(numbering, first + at, () => row.run.logPath(name));
      if (number !== undefined) left -= held.seen(number).size;
      return number;
    });
    if (left !== 0) return false;
    for (let at = 0; at < names.length; at++) {
      const number = numbers[at];
      if (number === undefined) this.logs.add(new ListedLog(row, names[at]));
      else this.#addSame(row, names[at], number);
    }
    return true;
  }

  /** Lists logs of a run. A promise only where the store has to be waited for. */
  list(row: RunRow, names: readonly string[]): Promise<void> | undefined {
    const { store } = this.source.repository;
    if (store.look === undefined) return this.#listLater(row, names);
    let isSame = row.run.isAsListed;
    let hasEnded = false;
    for (const [at, name] of names.entries()) {
      const path = row.run.logPath(name);
      const number = this.#held?.find(path);
      const before = number === undefined ? undefined : row.run.seenLog(at);
      if (name === "dbx" && number !== undefined) hasEnded = this.#held!.seenAtEnd(number) !== undefined;
      if (before !== undefined && this.#held!.isSame(number!, before)) {
        this.#addSame(row, name, number!);
        continue;
      }
      const ended = number !== undefined && name === "dbx" && row.run.isAsListed && !this.#looksAtEnded
        ? this.#held!.seenAtEnd(number)
        : undefined;
      // No folder above it is a link: the runs were listed.
      const look = ended === undefined ? store.look(path) : undefined;
      const seen = ended ?? { size: look?.size ?? 0, modifiedAt: timeOf(look, this.#from) };
      if (number !== undefined && this.#held!.isSame(number, seen)) this.#addSame(row, name, number);
      else {
        isSame &&= name === "stdout";
        this.#add(row, name, fileOf(row.run, name, seen, look));
      }
    }
    if (isSame && hasEnded && row.run.closedLogs() === undefined) this.#ended.push({ row, names });
    return undefined;
  }

  async #listLater(row: RunRow, names: readonly string[]): Promise<void> {
    const { store } = this.source.repository;
    for (const name of names) {
      const stat = await store.stat(row.run.logPath(name));
      // Behind a network, times are all that there is to go by.
      this.#add(row, name, fileOf(row.run, name, { size: stat?.size ?? 0, modifiedAt: timeOf(stat, Infinity) }));
    }
  }

  #addSame(row: RunRow, name: string, number: number): void {
    const log = new ListedLog(row, name, this.#held!, number);
    this.logs.add(log);
    if (log.points) this.#same.push(log);
  }

  #add(row: RunRow, name: string, file: LogFile): void {
    const log = new ListedLog(row, name, file);
    this.logs.add(log);
    if (log.points) this.#changed.push(file);
  }

  /** Tells the index of what was listed. */
  async report(): Promise<void> {
    const [changed, same] = [this.#changed, this.#same];
    [this.#changed, this.#same] = [[], []];
    const [from, to] = [this.#unreported, this.logs.length];
    this.#unreported = to;
    const { logs } = this;
    const known = { [Symbol.iterator]: () => logs.knownFiles(from, to) };
    await this.update?.add(changed, [same, known]);
  }

  /**
   * Has the index read the new bytes, and finds out what it has of each log.
   *
   * @param most Runs that may be found closed. @param isWhole Whether the logs of all experiments were listed.
   */
  async finish(most: number, isWhole: boolean): Promise<void> {
    if (this.update === undefined) return;
    const view = await this.update.finish(isWhole && this.#looksAtEnded);
    const isOther = view.files !== this.#held;
    for (let number = this.first; number < this.logs.length; number++) {
      const log = this.logs.made(number);
      if (log === undefined || !log.isSeen || !isOther && log.isPlaced) continue;
      const place = view.of(log.file);
      if (place !== undefined) log.place(place);
    }
    if (isOther) this.logs.move(this.source, this.first, view);
    else this.places.keep();
    if (this.#ended.length > 0) await closeRuns(this.#ended, view.files, most);
  }

  [Symbol.dispose](): void {
    this.update?.[Symbol.dispose]();
  }
}

function fileOf(run: Run, name: string, seen: Pick<LogFile, "size" | "modifiedAt">, look?: Look): LogFile {
  const { size, modifiedAt } = seen;
  const path = run.logPath(name);
  const file = { path, version: run.experiment.version, size, modifiedAt, points: name !== "stdout" };
  return look?.device === undefined || look.inode === undefined
    ? file
    : { ...file, seen: { dev: look.device, ino: look.inode } };
}

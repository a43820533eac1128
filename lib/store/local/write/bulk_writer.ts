import { DbxError, messageOf } from "../../../base/errors.ts";
import { classifyPath, type FileKind } from "../../../format/layout/file_kind.ts";
import { isTombstone, purgedId } from "../../../format/layout/tombstone.ts";
import { systemCode, toDiskError } from "../../../fs/disk_error.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import type { BulkOptions, FileChunk, WriteManyOptions, WriteReport } from "../../store.ts";
import { Returning } from "../files/collected_objects.ts";
import { uploadEnd } from "../files/uploads.ts";
import { GONE } from "../purge/tombstones.ts";
import { IncomingFiles, resumableHash } from "./incoming_files.ts";
import { LogGrowth } from "./log_growth.ts";
import { WriteTarget } from "./write_target.ts";
import { WrittenGroup } from "./written_group.ts";

/** The system's error of a process that has too many files open. */
const TOO_MANY_OPEN = 24;

/** Writes the chunks of many files to a folder. */
export class LocalBulkWriter {
  readonly #target: WriteTarget;
  readonly #group: WrittenGroup;
  readonly #logs: LogGrowth;
  readonly #files: IncomingFiles;
  readonly #returning: Returning;
  /** Ids of which tombstones came. */
  readonly tombstones: string[] = [];

  /** `root`: the folder, which must be there. */
  constructor(readonly root: RootFolder, options: WriteManyOptions = {}) {
    this.#target = new WriteTarget(root, options);
    this.#group = new WrittenGroup(this.#target, (name, bytes) => {
      this.#logs.grow({ name, offset: 0, bytes, end: true, size: bytes.length });
    });
    this.#logs = new LogGrowth(this.#target, this.#group);
    this.#files = new IncomingFiles(this.#target, this.#group);
    this.#returning = new Returning(root);
  }

  async write(chunks: AsyncIterable<readonly FileChunk[]>, { signal }: BulkOptions = {}): Promise<WriteReport> {
    try {
      for await (const batch of chunks) {
        signal?.throwIfAborted();
        for (const chunk of batch) await this.#writeOne(chunk, signal);
      }
      this.#files.finish();
      this.#logs.finish();
    } finally {
      this.#files.abandon();
      await this.#group.flush();
      this.#target.purged.look();
      this.#returning.finish();
    }
    return this.#target.report.report;
  }

  /** Names of the objects that were made. */
  get objects(): readonly string[] {
    return this.#group.objects;
  }

  /** Whether something was purged since it was decided what comes: an object may have come after what referred to it had gone. */
  get isOvertaken(): boolean {
    return this.#target.purged.areMore && this.objects.length > 0;
  }

  async #writeOne(chunk: FileChunk, signal: AbortSignal | undefined): Promise<void> {
    if (this.#mustFlushFirst(chunk)) await this.#group.flush();
    const sha256 = this.#resumes(chunk) ? resumableHash(chunk) : undefined;
    if (sha256 !== undefined) await this.#waitForUpload(sha256, signal);
    if (!this.#write(chunk)) {
      await this.#group.flush();
      this.#write(chunk);
    }
    if (this.#group.isFull) await this.#group.flush();
  }

  /** A long log is written in place. What defines its run must be there before, whatever happens next. */
  #mustFlushFirst({ name, end }: FileChunk): boolean {
    return !end && this.#group.holdsDefinition && classifyPath(name) === "log";
  }

  /** Whether it goes on with what an earlier transfer has left. */
  #resumes({ name, offset }: FileChunk): boolean {
    return offset > 0 && this.#files.name !== name && !this.#target.report.isSkipping(name);
  }

  /**
   * Of a large file that another transfer is writing or proving, what follows is written after that: to copy what is there, and
   * prove the copy, would cost as much again each time. Nothing is held meanwhile that others could wait for.
   */
  async #waitForUpload(sha256: string, signal: AbortSignal | undefined): Promise<void> {
    while (uploadEnd(this.root, sha256) !== undefined) {
      this.#files.abandon();
      await this.#group.flush();
      await uploadEnd(this.root, sha256);
      signal?.throwIfAborted();
    }
  }

  /** False where too many files are open, and a flush, which closes some, may help. */
  #write(chunk: FileChunk): boolean {
    const { name } = chunk;
    if (this.#target.report.skips(chunk)) return true;
    if (this.#files.name !== name) this.#files.abandon();
    try {
      this.#returning.see(chunk);
      if (this.#files.name === undefined) this.#target.guard?.begin(name);
      if (chunk.error !== undefined) {
        this.#files.abandon();
        this.#logs.forget();
        this.#target.report.add(chunk, "failed", chunk.error);
      } else this.#writeAs(classifyPath(name), chunk);
    } catch (error) {
      if (systemCode(error) === TOO_MANY_OPEN && !this.#group.isEmpty) return false;
      this.#files.abandon();
      this.#fail(chunk, error);
    }
    return true;
  }

  #writeAs(kind: FileKind | undefined, chunk: FileChunk): void {
    const { name, offset, end } = chunk;
    const { report, purged } = this.#target;
    if (kind === undefined) report.add(chunk, "refused", "not a file that belongs in a repository");
    else if (kind === "tombstone") this.#bury(chunk);
    else if (purged.isPurged(name)) {
      this.#files.abandon();
      report.add(chunk, "refused", GONE);
    } else if (kind === "log" && !(offset === 0 && end && !this.#target.isThere(name))) this.#logs.grow(chunk);
    else this.#files.write(chunk, kind);
  }

  /** A tombstone is made by the purge that follows. */
  #bury(chunk: FileChunk): void {
    const { name, offset, end, bytes } = chunk;
    if (offset !== 0 || !end || !isTombstone(name, bytes)) {
      return this.#target.report.add(chunk, "refused", "its contents are not those of a tombstone");
    }
    const id = purgedId(name)!;
    this.tombstones.push(id);
    this.#target.purged.add(id);
  }

  /** Says what kept a file from being written; throws where that keeps all others too. */
  #fail(chunk: FileChunk, error: unknown): void {
    const { root, report, folders } = this.#target;
    const { name, offset } = chunk;
    this.#logs.forget();
    if (this.#target.stopsAll(error)) throw toDiskError(error, root.pathOf(name));
    if (isAbsent(error)) {
      // A folder that was there before is gone.
      folders.forget();
      if (folders.isGone) throw new DbxError(`Cannot write to ${root.path}: the folder no longer exists`);
      // A log that is not there has no byte yet.
      if (offset > 0 && root.lstat(name) === undefined) return report.addGap(chunk, 0);
      if (error instanceof Deno.errors.NotFound) return report.add(chunk, "retry", messageOf(error));
    }
    const isRefused = error instanceof DbxError || error instanceof Deno.errors.NotADirectory;
    report.add(chunk, isRefused ? "refused" : "failed", messageOf(toDiskError(error, root.pathOf(name))));
  }
}

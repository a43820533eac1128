import { isAbsent, temporaryBeside, temporaryIn, writeAllSync } from "../../fs/files/file_operations.ts";
import { parentOf } from "../../base/names.ts";
import { DbxError, messageOf } from "../../base/errors.ts";
import { classifyPath, type FileKind } from "../../format/layout/file_kind.ts";
import { parseRepositoryConfig } from "../../format/definitions/repository_config.ts";
import { privacyOf, PRIVATE } from "../../format/layout/file_modes.ts";
import { isTombstone, purgedId } from "../../format/layout/tombstone.ts";
import { DiskError, systemCode, toDiskError } from "../../fs/disk_error.ts";
import { LinkError, type RootFolder } from "../../fs/folders/root_folder.ts";
import { setTime } from "../../fs/files/set_modified_time.ts";
import { askFirst, growLog } from "./logs/grow_log.ts";
import { stopsAll } from "../write_guard.ts";
import { Returning } from "./files/collected_objects.ts";
import { openUpload, type Upload, uploadEnd } from "./files/uploads.ts";
import { hasSha256 } from "./files/has_sha256.ts";
import { areEqual } from "../../base/bytes.ts";
import { PartialLine } from "./logs/partial_line.ts";
import { GONE, Tombstones } from "./purge/tombstones.ts";
import { extendsV0Manifest } from "../v0_manifest.ts";
import { showing, shownIn } from "./files/show_change.ts";
import type { BulkOptions, FileChunk, FileIssue, WriteManyOptions, WriteReport } from "../store.ts";

export { INCOMING } from "./files/uploads.ts";

/** Files that are open and made durable together, and bytes after which they are. Far below what a process may open. */
const GROUP_FILES = 64;
const GROUP_BYTES = 32 * 1024 * 1024;

/** Folders that are open at a time while their names are made durable. */
const OPEN_FOLDERS = 16;

/** An object, or another file that comes with its hash, can be resumed if it has more bytes: what has arrived of it stays. */
const RESUMABLE = 1024 * 1024;

/** The system's error of a process that has too many files open. */
const TOO_MANY_OPEN = 24;

/** A file that has its bytes, but is not durable yet. */
interface Written {
  readonly file: Deno.FsFile;
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: number;
  /** Where it stands until it gets its name; undefined for a log that has it. */
  readonly temporary?: string;
  /** The SHA-256 that it must have. */
  readonly sha256?: string;
  /** What of it may be kept for a later transfer, and from where on this one sent it. */
  readonly upload?: Upload;
  readonly from?: number;
  readonly modifiedAt?: number;
}

/** The file whose parts are coming. */
interface Coming {
  readonly name: string;
  readonly file: Deno.FsFile;
  readonly temporary: string;
  readonly upload?: Upload;
  readonly from: number;
  at: number;
}

/** Takes parts into a folder. */
export class LocalBulkWriter {
  readonly #setbacks: FileIssue[] = [];
  /** Folders that are there. */
  readonly #ready = new Set<string>();
  readonly #unsynced = new Set<string>();
  readonly #changedAt = new Map<string, number>();
  #written: Written[] = [];
  #held = 0;
  #files = 0;
  #bytes = 0;
  #coming: Coming | undefined;
  #line: PartialLine | undefined;
  /** The file whose further parts are passed over. */
  #lost: string | undefined;
  #isWritable: boolean | undefined;

  readonly #purged: Tombstones;
  readonly #returning: Returning;
  /** Ids of which tombstones came. */
  readonly tombstones: string[] = [];
  /** Names of the objects that were made. */
  readonly objects: string[] = [];

  /** `root`: the folder, which must be there. */
  constructor(readonly root: RootFolder, readonly options: WriteManyOptions = {}) {
    this.#purged = new Tombstones(root, options.tombstones);
    this.#returning = new Returning(root);
  }

  async write(parts: AsyncIterable<readonly FileChunk[]>, { signal }: BulkOptions = {}): Promise<WriteReport> {
    try {
      for await (const batch of parts) {
        signal?.throwIfAborted();
        for (const part of batch) {
          if (this.#mustFlushFirst(part)) await this.#flush();
          const sha256 = this.#goesOn(part) ? resumableHash(part) : undefined;
          if (sha256 !== undefined) await this.#waitForUpload(sha256, signal);
          if (!this.#take(part)) {
            await this.#flush();
            this.#take(part);
          }
          if (this.#written.length >= GROUP_FILES || this.#held >= GROUP_BYTES) await this.#flush();
        }
      }
      if (this.#coming !== undefined && this.#coming.upload === undefined) {
        this.#set(
          { name: this.#coming.name, end: true },
          "retry",
          "its end did not arrive, and nothing of it was stored",
        );
      }
      if (this.#line !== undefined) this.#keepTail({ name: this.#line.first.name, end: true });
    } finally {
      this.#abandon();
      await this.#flush();
      this.#purged.look();
      this.#returning.finish();
    }
    return { files: this.#files, bytes: this.#bytes, setbacks: this.#setbacks, changedAt: this.#changedAt };
  }

  /**
   * Of a large file that another transfer is writing or proving, what follows is taken after that: to copy what is there, and prove
   * the copy, would cost as much again each time. Nothing is held meanwhile that others could wait for.
   */
  async #waitForUpload(sha256: string, signal: AbortSignal | undefined): Promise<void> {
    while (uploadEnd(this.root, sha256) !== undefined) {
      this.#abandon();
      await this.#flush();
      await uploadEnd(this.root, sha256);
      signal?.throwIfAborted();
    }
  }

  /** Whether it goes on with what an earlier transfer has left. */
  #goesOn({ name, offset }: FileChunk): boolean {
    return offset > 0 && this.#coming?.name !== name && this.#lost !== name;
  }

  /** Whether something was purged since it was decided what comes: an object may have come after what referred to it had gone. */
  get isOvertaken(): boolean {
    return this.#purged.areMore && this.objects.length > 0;
  }

  /** A long log is written in place. What defines its run must be there before, whatever happens next. */
  #mustFlushFirst({ name, end }: FileChunk): boolean {
    return !end && classifyPath(name) === "log" && this.#written.some(({ kind }) => kind === "definition");
  }

  /** False where too many files are open, and a flush, which closes some, may help. */
  #take(part: FileChunk): boolean {
    const { name } = part;
    if (this.#lost === name) {
      if (part.end) this.#lost = undefined;
      return true;
    }
    this.#lost = undefined;
    if (this.#coming !== undefined && this.#coming.name !== name) this.#abandon();
    try {
      this.#returning.see(part);
      if (this.#coming === undefined) this.options.guard?.begin(name);
      if (part.error !== undefined) {
        this.#abandon();
        this.#line = undefined;
        this.#set(part, "failed", part.error);
        return true;
      }
      const kind = classifyPath(name);
      if (kind === undefined) this.#set(part, "refused", "not a file that belongs in a repository");
      else if (kind === "tombstone") {
        if (part.offset === 0 && part.end && isTombstone(name, part.bytes)) {
          this.tombstones.push(purgedId(name)!);
          this.#purged.add(purgedId(name)!);
        } else this.#set(part, "refused", "its contents are not those of a tombstone");
      } else if (this.#purged.isPurged(name)) {
        this.#abandon();
        this.#set(part, "refused", GONE);
      } else if (kind === "log") {
        if (part.offset === 0 && part.end && !this.#isThere(name)) this.#make(part, kind);
        else this.#grow(part);
      } else {
        const sha256 = resumableHash(part);
        if (sha256 !== undefined) this.#resume(part, kind, sha256);
        else this.#make(part, kind);
      }
    } catch (error) {
      if (systemCode(error) === TOO_MANY_OPEN && this.#written.length > 0) return false;
      this.#abandon();
      this.#failed(part, error);
    }
    return true;
  }

  /** Says what kept a file from being taken; throws where that keeps all others too. */
  #failed(part: FileChunk, error: unknown): void {
    this.#line = undefined;
    if (this.#stopsAll(error)) throw toDiskError(error, this.root.pathOf(part.name));
    if (isAbsent(error)) {
      // A folder that was there before is gone.
      this.#ready.clear();
      if (this.#isGone()) throw new DbxError(`Cannot write to ${this.root.path}: the folder no longer exists`);
      // A log that is not there has no byte yet.
      if (part.offset > 0 && this.root.lstat(part.name) === undefined) return this.#gap(part, 0);
      if (error instanceof Deno.errors.NotFound) return this.#set(part, "retry", messageOf(error));
    }
    const told = toDiskError(error, this.root.pathOf(part.name));
    const isRefused = error instanceof DbxError || error instanceof Deno.errors.NotADirectory;
    this.#set(part, isRefused ? "refused" : "failed", messageOf(told));
  }

  #set(part: Pick<FileChunk, "name" | "end">, kind: FileIssue["kind"], message: string, size?: number): void {
    this.#setbacks.push({ name: part.name, kind, message, ...size !== undefined && { size } });
    if (!part.end) this.#lost = part.name;
  }

  /** Less is there than would be needed for what came to follow it. */
  #gap(part: FileChunk, size: number): void {
    this.#set(part, "retry", `${size} bytes of it exist, fewer than ${part.offset}`, size);
  }

  #keep(written: Written): void {
    this.#written.push(written);
    this.#held += written.bytes;
  }

  /** A log grows in place, under a lock that only this call holds. */
  #grow(piece: FileChunk): void {
    const part = this.#line?.first.name === piece.name ? this.#line.with(piece) : piece;
    if (part === undefined) return;
    const { name, offset, bytes, end, modifiedAt } = part;
    if (offset > 0 && bytes.length === 0 && !end) return;
    const { guard } = this.options;
    const isAsked = guard !== undefined && offset === 0 && this.root.lstat(name) === undefined;
    if (isAsked) askFirst(guard, name, bytes);
    if (offset === 0) this.#place(name);
    const file = this.root.open(name, { read: true, append: true, create: offset === 0 });
    let isKept = false;
    try {
      file.lockSync(true);
      try {
        const growth = growLog(file, { name, offset, bytes, guard, isAsked, root: this.root });
        this.#line = growth.kind === "torn" && !end ? new PartialLine(part) : undefined;
        if (growth.kind === "gap") return this.#gap(part, growth.size);
        if (this.#line?.hasRoom) return;
        if (growth.kind === "torn") return this.#keepTail(part);
        if (growth.kind === "diverged") return this.#set(part, "diverged", `it differs after byte ${offset}`);
        const { added, there } = growth;
        this.#bytes += added;
        if (added > 0 && end) this.#files++;
        if (!end) return;
        // Of what it did not change, a stranger does not change the time either.
        const maySettle = added > 0 || this.options.guard?.maySettle(name) !== false;
        if (added > 0 || (modifiedAt !== undefined && maySettle)) {
          const time = there > bytes.length ? undefined : modifiedAt;
          this.#keep({ file, name, kind: "log", bytes: bytes.length, modifiedAt: time });
          isKept = true;
        }
      } finally {
        file.unlockSync();
      }
    } finally {
      if (!isKept) file.close();
    }
  }

  #keepTail(part: Pick<FileChunk, "name" | "end">): void {
    this.#line = undefined;
    this.#set(part, "retry", "it ends in the middle of a line, and no whole line arrived to replace that");
  }

  /** A file that appears when all of it is there. */
  #make(part: FileChunk, kind: FileKind): void {
    const { name, bytes, end } = part;
    this.#coming ??= this.#begin(part);
    const coming = this.#coming;
    if (coming === undefined || !this.#follows(part, coming)) return;
    writeAllSync(coming.file, bytes);
    coming.at += bytes.length;
    if (!end) return;
    this.#coming = undefined;
    this.#place(name);
    const sha256 = kind === "object" ? name.slice(-64) : part.sha256;
    const { file, temporary, at } = coming;
    this.#keep({ file, name, kind, temporary, sha256, bytes: at, modifiedAt: part.modifiedAt });
  }

  /** Opens the file that gets the first part of another one; undefined where a setback tells why not. */
  #begin(part: FileChunk): Coming | undefined {
    const { name, offset } = part;
    if (offset !== 0) return void this.#gap(part, 0);
    if (classifyPath(name) === "marker") {
      parseRepositoryConfig(new TextDecoder().decode(part.bytes));
      this.root.makeFolder(""); // It makes the repository.
    }
    this.#place(name);
    const temporary = temporaryBeside(name);
    const file = this.root.open(temporary, {
      read: true,
      write: true,
      createNew: true,
      ...privacyOf(name, part.bytes),
    });
    return { name, file, temporary, at: 0, from: 0 };
  }

  /** A large file of a known hash grows under `.dbx/incoming`, so that a cut transfer goes on where it ended. */
  #resume(part: FileChunk, kind: FileKind, sha256: string): void {
    const { name, offset, bytes, end, size } = part;
    if (kind === "object" && this.#isThere(name)) return this.#pass(part);
    if (this.#coming === undefined) {
      const upload = openUpload(this.root, sha256, offset, kind === "definition" ? PRIVATE : {});
      if ("there" in upload) {
        return this.#gap(part, upload.there);
      }
      this.#coming = { name, file: upload.file, temporary: upload.name, upload, at: offset, from: offset };
    }
    const coming = this.#coming;
    if (!this.#follows(part, coming)) return;
    this.options.guard?.part(name, bytes.length, coming.at === 0 && offset === 0);
    writeAllSync(coming.file, bytes);
    coming.at += bytes.length;
    this.#bytes += bytes.length;
    if (!end) return;
    if (coming.at !== size) {
      this.#abandon();
      return this.#set(part, "retry", `${coming.at} bytes arrived of ${size}`);
    }
    this.#coming = undefined;
    this.#place(name);
    const { file, temporary, upload, from } = coming;
    this.#keep({ file, name, kind, temporary, sha256, upload, from, bytes: 0, modifiedAt: part.modifiedAt });
  }

  #follows(part: FileChunk, { at }: Coming): boolean {
    if (part.offset === at) return true;
    this.#abandon();
    this.#set(part, "retry", `bytes from ${part.offset} arrived where ${at} exist`);
    return false;
  }

  /** Another one was faster: what has come of it is of no more use. */
  #pass(part: FileChunk): void {
    if (this.#coming !== undefined) this.root.remove(this.#coming.temporary);
    this.#abandon();
    if (!part.end) this.#lost = part.name;
  }

  /** Closes the file whose parts were coming. What can be resumed stays. */
  #abandon(): void {
    if (this.#coming === undefined) return;
    const { file, temporary, upload } = this.#coming;
    this.#coming = undefined;
    if (upload === undefined || !upload.isKept || file.statSync().size === 0) this.root.remove(temporary);
    close(file, upload);
  }

  /**
   * Makes what was written durable, and then gives it its names: what defines something before its logs. Of an object, what
   * lies on the disk must have the hash of its name.
   */
  async #flush(): Promise<void> {
    const group = this.#written;
    this.#written = [];
    this.#held = 0;
    this.#purged.look();
    const proved = await Promise.allSettled(group.map(prove));
    let stopped: unknown;
    for (const [at, written] of group.entries()) {
      const { name, kind, temporary, modifiedAt, file, upload, from = 0 } = written;
      const proof = proved[at];
      let isPlaced = false, isKept = false;
      try {
        if (proof.status === "rejected") throw proof.reason;
        if (!proof.value) {
          // Whether the part that was there before or the one that came was wrong, only a whole one can tell.
          if (from > 0) this.#set({ name, end: true }, "retry", "the part of it that was already here was damaged");
          else {
            const whose = kind === "object" ? "that its name gives" : "that was sent with it";
            this.#set({ name, end: true }, "damaged", `its bytes do not have the SHA-256 ${whose}`);
          }
          continue;
        }
        if (this.#purged.isPurged(name)) {
          this.#set({ name, end: true }, "refused", GONE);
          continue;
        }
        if (kind === "object" && this.#purged.areMore) {
          // What it belongs to may have gone, and then nothing tells that it must go too.
          this.#set({ name, end: true }, "retry", "something was purged meanwhile");
          isKept = upload?.isKept === true;
          continue;
        }
        if (modifiedAt !== undefined) setTime(file, modifiedAt);
        const { ino } = file.statSync();
        // Of a large object the lock goes with the file, and stays until the object has its name.
        if (upload === undefined) file.close();
        if (temporary !== undefined) this.#name(written);
        isPlaced = true;
        if (kind !== "object") this.#left(name, temporary, ino);
        else this.objects.push(name);
      } catch (error) {
        if (this.#stopsAll(error)) stopped ??= toDiskError(error, this.root.pathOf(name));
        const isRefused = error instanceof DbxError && !(error instanceof DiskError);
        const message = messageOf(toDiskError(error, this.root.pathOf(name)));
        // A folder that went meanwhile, by a purge or a collection: another look tells.
        const kind = isAbsent(error) ? "retry" : isRefused ? "refused" : "failed";
        this.#set({ name, end: true }, kind, message);
      } finally {
        if (temporary !== undefined && !isKept) this.root.remove(temporary);
        close(file, upload);
        if (!isPlaced && kind !== "object") this.#removeEmpty(parentOf(name));
      }
    }
    const folders = [...this.#unsynced];
    this.#unsynced.clear();
    for (let from = 0; from < folders.length; from += OPEN_FOLDERS) {
      await Promise.all(
        folders.slice(from, from + OPEN_FOLDERS).map((name) => this.root.sync(name)),
      );
    }
    if (stopped !== undefined) throw stopped;
  }

  /** Remembers how a file was left, if it still is the one that was written. */
  #left(name: string, temporary: string | undefined, ino: number | null): void {
    if (temporary !== undefined) this.root.remove(temporary); // That changes the file's state too.
    const info = this.root.lstat(name);
    if (info?.isFile && ino !== null && info.ino === ino && info.ctime !== null) {
      this.#changedAt.set(name, info.ctime.getTime());
    }
  }

  #name({ name, temporary, kind, upload, bytes }: Written): void {
    try {
      this.#ask(name, kind, temporary!, upload === undefined ? bytes : undefined);
      showing(this.root, shownIn(this.root, name, undefined), () => this.root.place(temporary!, name));
      this.#files++;
      if (upload === undefined) this.#bytes += bytes;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      if (kind === "object") return;
      const theirs = this.root.readFile(temporary!);
      if (kind === "log") {
        // Somebody else began it meanwhile.
        return this.#grow({ name, offset: 0, bytes: theirs, end: true, size: theirs.length });
      }
      const ours = this.root.readFile(name);
      if (areEqual(ours, theirs)) return;
      if (kind === "registry" && extendsV0Manifest(ours, theirs)) {
        this.root.rename(temporary!, name);
        this.#files++;
        this.#bytes += bytes;
      } else this.#setbacks.push({ name, kind: "diverged", message: "another file of that name exists" });
    }
  }

  /** Asks the guard about a file that is to get its name. `bytes`: how many it has; undefined where it was asked about each part. */
  #ask(name: string, kind: FileKind, temporary: string, bytes: number | undefined): void {
    const { guard } = this.options;
    // Where there is one of that name, nothing gets it.
    if (guard === undefined || this.root.lstat(name) !== undefined) return;
    const read = () => this.root.readFile(temporary);
    if (kind !== "log") return guard.file(name, bytes, read);
    askFirst(guard, name, read());
  }

  #isThere(name: string): boolean {
    try {
      return this.root.lstat(name)?.isFile === true;
    } catch (error) {
      if (error instanceof LinkError) return false;
      throw error;
    }
  }

  /** Makes the folder that a name stands in, where it is not there. */
  #place(name: string): void {
    const folder = parentOf(name);
    this.#unsynced.add(folder);
    if (this.#ready.has(folder)) return;
    if (this.#isGone()) throw new Deno.errors.NotFound(`"${this.root.path}" is gone`);
    for (const changed of this.root.makeFolderLater(folder)) this.#unsynced.add(changed);
    this.#ready.add(folder);
  }

  /** What was refused leaves no folders that were made for it. */
  #removeEmpty(folder: string): void {
    for (let at = folder; at !== "" && this.root.removeEmptyFolder(at); at = parentOf(at)) this.#ready.delete(at);
  }

  #isGone(): boolean {
    return this.root.lstat("") === undefined;
  }

  /** What concerns the whole target, not one file: no space, no right to write, a quota that is used up. */
  #stopsAll(error: unknown): boolean {
    if (stopsAll(error)) return true;
    const told = toDiskError(error, "");
    if (!(told instanceof DiskError) || !told.stopsAll) return false;
    // Of a shared repository, single files or folders may be another user's.
    return told.code !== 13 || !this.#mayWrite();
  }

  #mayWrite(): boolean {
    if (this.#isWritable !== undefined) return this.#isWritable;
    const name = temporaryIn("");
    try {
      this.root.open(name, { write: true, createNew: true }).close();
      this.root.remove(name);
      return this.#isWritable = true;
    } catch {
      return this.#isWritable = false;
    }
  }
}

/** Has the disk keep a file, and says whether it has the hash that it must have. */
async function prove({ file, sha256 }: Written): Promise<boolean> {
  await file.sync();
  return sha256 === undefined || await hasSha256(file, sha256);
}

/** Closes a file, once or again. */
function close(file: Deno.FsFile, upload: Upload | undefined): void {
  if (upload !== undefined) return upload[Symbol.dispose]();
  try {
    file.close();
  } catch {
    // It is closed.
  }
}

/** The hash of a file that can be resumed: one that is long, and of which a hash is known. */
function resumableHash({ name, size, sha256 }: FileChunk): string | undefined {
  if (size <= RESUMABLE) return undefined;
  const kind = classifyPath(name);
  return kind === "object" ? name.slice(-64) : kind === "log" ? undefined : sha256;
}

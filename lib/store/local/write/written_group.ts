import { areEqual } from "../../../base/bytes.ts";
import { DbxError, messageOf } from "../../../base/errors.ts";
import { parentOf } from "../../../base/paths.ts";
import type { FileKind } from "../../../format/layout/file_kind.ts";
import { DiskError, toDiskError } from "../../../fs/disk_error.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";
import { setTime } from "../../../fs/files/set_modified_time.ts";
import { extendsV0Manifest } from "../../v0_manifest.ts";
import { hasSha256 } from "../files/has_sha256.ts";
import { showing, shownIn } from "../files/show_change.ts";
import type { Upload } from "../files/uploads.ts";
import { askFirst } from "../logs/grow_log.ts";
import { GONE } from "../purge/tombstones.ts";
import type { WriteTarget } from "./write_target.ts";

/** Files that are open and made durable together, and bytes after which they are. Far below what a process may open. */
const GROUP_FILES = 64;
const GROUP_BYTES = 32 * 1024 * 1024;

/** A file that has its bytes, but is not durable yet. */
export interface WrittenFile {
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

/** Files that have their bytes, and are made durable together, which a disk does many times faster than one after the other. */
export class WrittenGroup {
  #files: WrittenFile[] = [];
  #bytes = 0;
  /** Names of the objects that were made. */
  readonly objects: string[] = [];

  /** `onBegun`: a log that another process began while it was written: these bytes of it are to be added. */
  constructor(readonly target: WriteTarget, readonly onBegun: (name: string, bytes: Uint8Array) => void) {}

  add(file: WrittenFile): void {
    this.#files.push(file);
    this.#bytes += file.bytes;
  }

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  get isFull(): boolean {
    return this.#files.length >= GROUP_FILES || this.#bytes >= GROUP_BYTES;
  }

  get holdsDefinition(): boolean {
    return this.#files.some(({ kind }) => kind === "definition");
  }

  /**
   * Makes what was written durable, and then gives it its names, in the order in which it came: definitions before logs. Of an
   * object, what lies on the disk must have the hash of its name.
   */
  async flush(): Promise<void> {
    let stopped: unknown;
    do {
      const group = this.#files;
      this.#files = [];
      this.#bytes = 0;
      this.target.purged.look();
      const proofs = await Promise.allSettled(group.map(makeDurable));
      for (const [at, written] of group.entries()) {
        const error = this.#finish(written, proofs[at]);
        stopped ??= error;
      }
      // A log that another process began has grown meanwhile.
    } while (!this.isEmpty);
    await this.target.folders.sync();
    if (stopped !== undefined) throw stopped;
  }

  /** Gives a file its name, where it may have it. Returns an error that stops all that is written. */
  #finish(written: WrittenFile, proof: PromiseSettledResult<boolean>): unknown {
    const { name, kind, temporary, file, upload } = written;
    const { report, folders, root } = this.target;
    let isPlaced = false, isKept = false, stopped: unknown;
    try {
      if (proof.status === "rejected") throw proof.reason;
      const problem = this.#problemOf(written, proof.value);
      if (problem === undefined) {
        this.#place(written);
        isPlaced = true;
      } else {
        report.add({ name, end: true }, ...problem);
        // What is only late may be gone on with.
        isKept = proof.value && problem[0] === "retry" && upload?.isKept === true;
      }
    } catch (error) {
      if (this.target.stopsAll(error)) stopped = toDiskError(error, root.pathOf(name));
      const isRefused = error instanceof DbxError && !(error instanceof DiskError);
      // A folder that went meanwhile, by a purge or a collection: another look shows it.
      const kind = isAbsent(error) ? "retry" : isRefused ? "refused" : "failed";
      report.add({ name, end: true }, kind, messageOf(toDiskError(error, root.pathOf(name))));
    } finally {
      if (temporary !== undefined && !isKept) root.remove(temporary);
      closeFile(file, upload);
      if (!isPlaced && kind !== "object") folders.removeEmpty(parentOf(name));
    }
    return stopped;
  }

  /** Why a file does not get its name. `isTrue`: it has the hash that it must have. */
  #problemOf(
    { name, kind, from = 0 }: WrittenFile,
    isTrue: boolean,
  ): ["retry" | "damaged" | "refused", string] | undefined {
    const { purged } = this.target;
    if (!isTrue) {
      // Whether the part that was there before or the one that came was wrong can only be seen from a whole one.
      if (from > 0) return ["retry", "the part of it that was already here was damaged"];
      const whose = kind === "object" ? "that its name gives" : "that was sent with it";
      return ["damaged", `its bytes do not have the SHA-256 ${whose}`];
    }
    if (purged.isPurged(name)) return ["refused", GONE];
    // What it belongs to may have gone, and then nothing says that it must be removed too.
    if (kind === "object" && purged.areMore) return ["retry", "something was purged meanwhile"];
  }

  #place(written: WrittenFile): void {
    const { name, kind, temporary, modifiedAt, file, upload } = written;
    if (modifiedAt !== undefined) setTime(file, modifiedAt);
    const { ino } = file.statSync();
    // Of a large object the lock goes with the file, and stays until the object has its name.
    if (upload === undefined) file.close();
    if (temporary !== undefined) this.#giveName(written, temporary);
    if (kind === "object") this.objects.push(name);
    else this.#remember(name, temporary, ino);
  }

  /** Remembers how a file was left, if it still is the one that was written. */
  #remember(name: string, temporary: string | undefined, ino: number | null): void {
    const { root, report } = this.target;
    if (temporary !== undefined) root.remove(temporary); // That changes the file's state too.
    const info = root.lstat(name);
    if (info?.isFile && ino !== null && info.ino === ino && info.ctime !== null) {
      report.setChangedAt(name, info.ctime.getTime());
    }
  }

  #giveName({ name, kind, upload, bytes }: WrittenFile, temporary: string): void {
    const { root, report } = this.target;
    const count = (bytes: number): void => {
      report.addFile();
      report.addBytes(bytes);
    };
    try {
      this.#ask(name, kind, temporary, upload === undefined ? bytes : undefined);
      showing(root, shownIn(root, name, undefined), () => root.place(temporary, name));
      // Those of an upload were counted as they came.
      count(upload === undefined ? bytes : 0);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      if (kind === "object") return;
      const theirs = root.readFile(temporary);
      if (kind === "log") return this.onBegun(name, theirs);
      const ours = root.readFile(name);
      if (areEqual(ours, theirs)) return;
      if (kind === "registry" && extendsV0Manifest(ours, theirs)) {
        root.rename(temporary, name);
        count(bytes);
      } else report.add({ name, end: true }, "diverged", "another file of that name exists");
    }
  }

  /** Asks the guard about a file that is to get its name. `bytes`: how many it has; undefined where it was asked about each part. */
  #ask(name: string, kind: FileKind, temporary: string, bytes: number | undefined): void {
    const { guard, root } = this.target;
    // Where there is one of that name, nothing gets it.
    if (guard === undefined || root.lstat(name) !== undefined) return;
    const read = () => root.readFile(temporary);
    if (kind !== "log") return guard.file(name, bytes, read);
    askFirst(guard, name, read());
  }
}

/** Makes a file durable, and says whether it has the hash that it must have. */
async function makeDurable({ file, sha256 }: WrittenFile): Promise<boolean> {
  await file.sync();
  return sha256 === undefined || await hasSha256(file, sha256);
}

/** Closes a file, once or again. */
export function closeFile(file: Deno.FsFile, upload: Upload | undefined): void {
  if (upload !== undefined) return upload[Symbol.dispose]();
  try {
    file.close();
  } catch {
    // It is closed.
  }
}

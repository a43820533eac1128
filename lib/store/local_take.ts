import { createHash, type Hash } from "node:crypto";
import { DbxError, messageOf } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { type FileKind, kindOfName } from "../format/kinds.ts";
import { isAbsent, placeSync, removeSync, TEMPORARY_PREFIX, writeAllSync } from "./files.ts";
import { areEqual } from "./parts.ts";
import { extendsRegistry } from "./registry.ts";
import type { BulkOptions, Part, Setback, Taken } from "./store.ts";
import { readUpTo, wholeEnd } from "./whole_end.ts";

/** Files that are made durable together, and bytes after which they are. */
const GROUP_FILES = 256;
const GROUP_BYTES = 32 * 1024 * 1024;

/** An object of more bytes can be resumed: what has arrived of it stays. */
const RESUMABLE = 1024 * 1024;

/** Where the beginnings of objects stay until the rest comes. */
export const INCOMING = ".dbx/incoming";

/** A file that has its bytes, but is not durable yet. */
interface Written {
  readonly file: Deno.FsFile;
  readonly name: string;
  readonly kind: FileKind;
  /** Where it stands until it gets its name; undefined for a log, which has it. */
  readonly temporary?: string;
  readonly modifiedAt?: number;
}

/** Takes parts into a folder. */
export class LocalTaker {
  readonly #setbacks: Setback[] = [];
  readonly #folders = new Set<string>();
  readonly #unsynced = new Set<string>();
  #written: Written[] = [];
  #held = 0;
  #files = 0;
  #bytes = 0;
  /** The file whose parts are coming. */
  #open: { name: string; file: Deno.FsFile; temporary: string; at: number; hash?: Hash } | undefined;
  /** The file whose further parts are passed over. */
  #lost: string | undefined;

  /** `root`: the absolute path of the folder, which must be there. */
  constructor(readonly root: string) {}

  async take(parts: AsyncIterable<readonly Part[]>, { signal }: BulkOptions = {}): Promise<Taken> {
    try {
      for await (const batch of parts) {
        signal?.throwIfAborted();
        for (const part of batch) {
          this.#take(part);
          if (this.#written.length >= GROUP_FILES || this.#held >= GROUP_BYTES) await this.#flush();
        }
      }
    } finally {
      this.#abandon();
      await this.#flush();
    }
    return { files: this.#files, bytes: this.#bytes, setbacks: this.#setbacks };
  }

  #take(part: Part): void {
    const { name } = part;
    if (this.#lost === name) {
      if (part.end) this.#lost = undefined;
      return;
    }
    this.#lost = undefined;
    if (this.#open !== undefined && this.#open.name !== name) this.#abandon();
    try {
      if (part.error !== undefined) {
        this.#abandon();
        this.#set(part, "failed", part.error);
        return;
      }
      const kind = kindOfName(name);
      if (kind === undefined || kind === "marker") {
        return this.#set(part, "refused", "no file of a repository has such a name");
      }
      if (kind === "log") this.#grow(part);
      else if (kind === "object" && part.size > RESUMABLE) this.#resume(part);
      else this.#make(part, kind);
    } catch (error) {
      if (stopsAll(error)) throw error;
      this.#abandon();
      if (isAbsent(error)) {
        // A folder that was made or met before is gone.
        this.#folders.clear();
        this.#folder(this.root);
        return this.#set(part, "retry", messageOf(error));
      }
      this.#set(part, error instanceof DbxError ? "refused" : "failed", messageOf(error));
    }
  }

  #set(part: Part, kind: Setback["kind"], message: string): void {
    this.#setbacks.push({ name: part.name, kind, message });
    if (!part.end) this.#lost = part.name;
  }

  #keep(written: Written, bytes: number): void {
    this.#written.push(written);
    this.#held += bytes;
  }

  /** A log grows in place, under a lock that only this call holds. */
  #grow(part: Part): void {
    const { name, offset, bytes, end, modifiedAt } = part;
    if (offset > 0 && bytes.length === 0 && !end) return;
    const path = this.#place(name);
    this.#checkFile(path, name);
    const file = Deno.openSync(path, { read: true, append: true, create: offset === 0 });
    let isKept = false;
    try {
      file.lockSync(true);
      try {
        let size = file.statSync().size;
        if (size < offset) return this.#set(part, "retry", `it has ${size} bytes, fewer than ${offset}`);
        let there = size - offset;
        if (there > 0) {
          file.seekSync(offset, Deno.SeekMode.Start);
          const common = Math.min(there, bytes.length);
          if (!areEqual(readUpTo(file, common), bytes.subarray(0, common))) {
            if (wholeEnd(file, size) > offset) return this.#set(part, "diverged", `it differs after byte ${offset}`);
            file.truncateSync(offset); // A torn tail, which nobody has read as an event.
            size = offset;
            there = 0;
          }
        }
        const rest = bytes.subarray(Math.min(there, bytes.length));
        if (rest.length > 0) {
          try {
            writeAllSync(file, rest);
          } catch (error) {
            file.truncateSync(size);
            throw error;
          }
          this.#bytes += rest.length;
          if (end) this.#files++;
        }
        if (!end) return;
        if (rest.length > 0 || modifiedAt !== undefined) {
          this.#keep(
            { file, name, kind: "log", modifiedAt: there > bytes.length ? undefined : modifiedAt },
            bytes.length,
          );
          isKept = true;
        }
      } finally {
        file.unlockSync();
      }
    } finally {
      if (!isKept) file.close();
    }
  }

  /** A file that appears when all of it is there. */
  #make(part: Part, kind: FileKind): void {
    const { name, offset, bytes, end } = part;
    if (this.#open === undefined) {
      if (offset !== 0) return this.#set(part, "retry", "its beginning did not come");
      const path = this.#place(name);
      const temporary = `${path.slice(0, path.lastIndexOf("/"))}/${TEMPORARY_PREFIX}${newId()}`;
      const file = Deno.openSync(temporary, { read: true, write: true, createNew: true });
      this.#open = { name, file, temporary, at: 0, hash: kind === "object" ? createHash("sha256") : undefined };
    }
    const open = this.#open;
    if (offset !== open.at) {
      this.#abandon();
      return this.#set(part, "retry", `bytes from ${offset} came where ${open.at} were there`);
    }
    open.hash?.update(bytes);
    writeAllSync(open.file, bytes);
    open.at += bytes.length;
    if (!end) return;
    if (open.hash !== undefined && open.hash.digest("hex") !== name.slice(-64)) {
      this.#abandon();
      return this.#set(part, "damaged", "its bytes do not have the SHA-256 of its name");
    }
    this.#open = undefined;
    this.#bytes += open.at;
    this.#keep({ file: open.file, name, kind, temporary: open.temporary, modifiedAt: part.modifiedAt }, open.at);
  }

  /** A large object grows under `.dbx/incoming`, so that a cut transfer goes on where it ended. */
  #resume(part: Part): void {
    const { name, offset, bytes, end, size } = part;
    if (this.#isThere(name)) return this.#pass(part);
    const hash = name.slice(-64);
    this.#folder(`${this.root}/${INCOMING}`);
    const temporary = `${this.root}/${INCOMING}/${hash}`;
    this.#checkFile(temporary, name);
    const open = this.#open ??= {
      name,
      file: Deno.openSync(temporary, { read: true, write: true, create: true }),
      temporary,
      at: -1,
    };
    const { file } = open;
    file.lockSync(true);
    try {
      const there = file.statSync().size;
      if (there < offset) {
        this.#abandon();
        return this.#set(part, "retry", `${there} bytes of it are there, fewer than ${offset}`);
      }
      if (open.at < 0) {
        // What was there before is hashed with what comes: both together must have the name's hash.
        open.hash = createHash("sha256");
        hashUpTo(file, offset, open.hash);
        open.at = offset;
      }
      if (offset !== open.at) {
        this.#abandon();
        return this.#set(part, "retry", `bytes from ${offset} came where ${open.at} were there`);
      }
      open.hash!.update(bytes);
      file.seekSync(offset, Deno.SeekMode.Start);
      writeAllSync(file, bytes);
      open.at += bytes.length;
      this.#bytes += bytes.length;
      if (!end) return;
      this.#open = undefined;
      if (open.at !== size || open.hash!.digest("hex") !== hash) {
        file.close();
        removeSync(temporary);
        return this.#set(part, "damaged", "its bytes do not have the SHA-256 of its name");
      }
      file.truncateSync(size);
      this.#place(name);
      this.#keep({ file, name, kind: "object", temporary, modifiedAt: part.modifiedAt }, bytes.length);
    } finally {
      try {
        file.unlockSync();
      } catch {
        // It is closed, and so unlocked.
      }
    }
  }

  #pass(part: Part): void {
    this.#abandon();
    if (!part.end) this.#lost = part.name;
  }

  /** Closes the file whose parts were coming. What can be resumed stays. */
  #abandon(): void {
    if (this.#open === undefined) return;
    const { file, temporary } = this.#open;
    this.#open = undefined;
    file.close();
    if (!temporary.includes(`/${INCOMING}/`)) removeSync(temporary);
  }

  /** Makes what was written durable, and then gives it its names. */
  async #flush(): Promise<void> {
    const group = this.#written;
    this.#written = [];
    this.#held = 0;
    const synced = await Promise.allSettled(group.map(({ file }) => file.sync()));
    let stopped: unknown;
    for (const [at, written] of group.entries()) {
      const { file, name, temporary, modifiedAt } = written;
      const failure = synced[at].status === "rejected" ? (synced[at] as PromiseRejectedResult).reason : undefined;
      try {
        if (failure !== undefined) throw failure;
        if (modifiedAt !== undefined) file.utimeSync(new Date(modifiedAt), new Date(modifiedAt));
        if (temporary !== undefined) this.#name(written);
      } catch (error) {
        if (stopsAll(error)) stopped ??= error;
        this.#setbacks.push({ name, kind: "failed", message: messageOf(error) });
      } finally {
        file.close();
        if (temporary !== undefined) removeSync(temporary);
      }
    }
    const folders = [...this.#unsynced];
    this.#unsynced.clear();
    await Promise.all(folders.map(syncFolderLater));
    if (stopped !== undefined) throw stopped;
  }

  #name({ name, temporary, kind, file }: Written): void {
    const path = `${this.root}/${name}`;
    try {
      placeSync(temporary!, path);
      this.#files++;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      if (kind === "object") return;
      file.seekSync(0, Deno.SeekMode.Start);
      const theirs = readUpTo(file, file.statSync().size);
      const ours = Deno.readFileSync(path);
      if (areEqual(ours, theirs)) return;
      if (kind === "registry" && extendsRegistry(ours, theirs)) {
        Deno.renameSync(temporary!, path);
        this.#files++;
      } else this.#setbacks.push({ name, kind: "diverged", message: "another file of that name is there" });
    }
  }

  #isThere(name: string): boolean {
    try {
      return Deno.lstatSync(`${this.root}/${name}`).isFile;
    } catch {
      return false;
    }
  }

  /** The path of a file, whose folder is there now. */
  #place(name: string): string {
    const path = `${this.root}/${name}`;
    this.#folder(path.slice(0, path.lastIndexOf("/")));
    return path;
  }

  /** Makes a folder and those above it, up to the root, which must be there. Follows no link. */
  #folder(path: string): void {
    this.#unsynced.add(path);
    if (this.#folders.has(path)) return;
    try {
      const info = Deno.lstatSync(path);
      const what = info.isSymlink ? "a symbolic link, and dbx follows none" : "a file where a folder should be";
      if (!info.isDirectory && path !== this.root) {
        throw new DbxError(`"${path.slice(this.root.length + 1)}" is ${what}`);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (path === this.root) throw new RootGone(`Cannot write to ${this.root}: the folder is gone`);
      const parent = path.slice(0, path.lastIndexOf("/"));
      this.#folder(parent);
      try {
        Deno.mkdirSync(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error; // Somebody else made it.
      }
    }
    this.#folders.add(path);
  }

  #checkFile(path: string, name: string): void {
    try {
      const info = Deno.lstatSync(path);
      if (info.isSymlink) throw new DbxError(`"${name}" is a symbolic link, and dbx follows none`);
      if (info.isDirectory) throw new DbxError(`"${name}" is a folder where a file should be`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** The folder that a transfer goes to was removed. */
class RootGone extends DbxError {}

/** What concerns the whole target, not one file: no space, no right to write, the folder is gone. */
function stopsAll(error: unknown): boolean {
  if (error instanceof RootGone) return true;
  return error instanceof Error && /\(os error (5|13|28|30|122)\)/.test(error.message);
}

function hashUpTo(file: Deno.FsFile, length: number, hash: Hash): void {
  file.seekSync(0, Deno.SeekMode.Start);
  for (let at = 0; at < length;) {
    const bytes = readUpTo(file, Math.min(1024 * 1024, length - at));
    if (bytes.length === 0) return;
    hash.update(bytes);
    at += bytes.length;
  }
}

/** Beside others: the system then makes many folders durable at once. */
async function syncFolderLater(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Not every system can sync a folder, and the files themselves are on the disk.
  }
}

import { newId } from "../../base/ids.ts";
import { isObject } from "../../base/json.ts";
import { pause } from "../../base/time.ts";
import { type DerivedFolder, derivedFolder } from "../../fs/folders/derived_folder.ts";
import { isAbsent, TEMPORARY_PREFIX, writeAllSync } from "../../fs/files/file_operations.ts";
import { readStamp } from "../../store/local/purge/derived.ts";
import { checksum } from "../encoding/encoding.ts";
import { DamagedPack, Pack } from "../pack/pack.ts";
import { dropPlaces } from "./places_file.ts";

/** The version of the files; others are not read. */
const VERSION = 2;

const MANIFEST = "manifest.json";
const LOCK = "lock";

/** Something was purged while an index was written: what was read before is not kept. */
export class EmptiedIndex extends Error {
  override name = "EmptiedIndex";
}

/**
 * The files of an index in a folder: packs, which never change, a manifest that names those that count, and a lock for the
 * one that writes. Everything in it can be made again: what is missing or damaged is just not there.
 */
export class IndexFiles {
  #seen = "";
  /** Of which purges the folder knew when it was read last. */
  #stamp = "";
  /** Bytes of packs that were written so far. */
  bytesWritten = 0;
  readonly #files: DerivedFolder;

  /** `folder`: an absolute path. */
  constructor(readonly folder: string) {
    this.#files = derivedFolder(folder);
  }

  /** Whether the manifest is another one than when it was read last. */
  changed(): boolean {
    return this.#manifestNow() !== this.#seen;
  }

  #manifestNow(): string {
    try {
      const info = this.#files.lstat(MANIFEST);
      return info?.isFile ? `${info.ino} ${info.size} ${info.mtime?.getTime()}` : "";
    } catch {
      return "";
    }
  }

  /**
   * The packs that the manifest names, but for those that are damaged, whether all files were whole, and whether some were
   * lost earlier, see `publish`.
   *
   * @param before Packs that are open: they never change.
   */
  load(before: readonly Pack[] = []): { packs: Pack[]; isWhole: boolean; hasLost: boolean } {
    const open = new Map(before.map((pack) => [pack.file, pack]));
    for (let turn = 0;; turn++) {
      this.#stamp = readStamp(this.#files);
      this.#seen = this.#manifestNow();
      const packs: Pack[] = [];
      let gone = false;
      const { names, hasLost } = this.#manifest() ?? {};
      let isWhole = names !== undefined;
      for (const name of names ?? []) {
        try {
          packs.push(open.get(`${this.folder}/${name}`) ?? this.open(name));
        } catch (error) {
          // A builder may have replaced it meanwhile: its manifest says by what.
          if (error instanceof Deno.errors.NotFound) gone = true;
          else if (!(error instanceof DamagedPack)) throw error;
          isWhole = false;
        }
      }
      if (!gone || turn === 5 || !this.changed()) return { packs, isWhole, hasLost: hasLost ?? true };
    }
  }

  /** What the manifest says; undefined where it is not what was written, or gone while there are packs. */
  #manifest(): { readonly names: readonly string[]; readonly hasLost: boolean } | undefined {
    try {
      if (this.#files.lstat(MANIFEST) === undefined) {
        return this.#hasPacks() ? undefined : { names: [], hasLost: false };
      }
      const json: unknown = JSON.parse(this.#files.readText(MANIFEST));
      if (!isObject(json) || json.version !== VERSION || !Array.isArray(json.packs)) return undefined;
      const names = json.packs as string[];
      const hasLost = json.hasLost === true;
      return json.check === checkOf(names, hasLost) ? { names, hasLost } : undefined;
    } catch {
      return undefined;
    }
  }

  #hasPacks(): boolean {
    try {
      return this.#files.list().some(({ name }) => name.endsWith(".pack"));
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  /** Opens a pack that was written. */
  open(name: string): Pack {
    return Pack.open(`${this.folder}/${name}`);
  }

  /** Writes a pack, which counts once the manifest names it; the name of its file. */
  write(pack: Pack): string {
    const name = `${newId()}.pack`;
    try {
      using file = this.#files.open(name, { write: true, createNew: true });
      for (const bytes of pack.pieces()) {
        writeAllSync(file, bytes);
        this.bytesWritten += bytes.length;
      }
    } catch (error) {
      this.#remove(name);
      throw error;
    }
    return name;
  }

  /**
   * Names the packs that count from now on, and removes the others. Only who holds the lock may do so.
   *
   * @param hasLost Whether packs were lost, and not all logs have been looked at since then: what the others hold of a log may
   * be less than was known of it.
   */
  publish(packs: readonly Pack[], hasLost: boolean): void {
    const names = packs.map((pack) => pack.file!.slice(this.folder.length + 1));
    if (readStamp(this.#files) !== this.#stamp) {
      // Something was purged since the logs were read that they hold.
      for (const name of names) this.#remove(name);
      throw new EmptiedIndex(`the index in ${this.folder} was emptied meanwhile`);
    }
    const lost = hasLost ? { hasLost } : {};
    const manifest = JSON.stringify({ version: VERSION, packs: names, ...lost, check: checkOf(names, hasLost) });
    // A folder in its place cannot be replaced like a file.
    if (this.#files.lstat(MANIFEST)?.isDirectory) this.#remove(MANIFEST);
    this.#files.replace(MANIFEST, manifest);
    this.#seen = this.#manifestNow();
    for (const entry of this.#files.list()) {
      const isOld = entry.name.endsWith(".pack") && !names.includes(entry.name);
      if (isOld || entry.name.startsWith(TEMPORARY_PREFIX)) this.#remove(entry.name);
    }
  }

  /** Removes all of it. */
  drop(): void {
    try {
      for (const { name } of this.#files.list()) {
        if (name.endsWith(".pack") || name === MANIFEST) this.#remove(name);
      }
      dropPlaces(this.folder);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    this.#seen = "";
  }

  /** Waits until no other process writes. Undefined if nothing can be written at all. */
  async lock(signal?: AbortSignal): Promise<Disposable | undefined> {
    let file: Deno.FsFile;
    try {
      this.#files.make();
      if (this.#files.lstat(LOCK)?.isDirectory) this.#remove(LOCK);
      file = this.#files.open(LOCK, { write: true, create: true });
    } catch {
      return undefined;
    }
    try {
      if (typeof file.tryLockSync !== "function") await waitForLock(file, signal);
      else {
        while (!file.tryLockSync(true)) {
          await pause(20, signal);
          signal?.throwIfAborted();
        }
      }
    } catch (error) {
      file.close();
      if (signal?.aborted) throw error;
      return undefined; // A file system without locks.
    }
    return file;
  }

  #remove(name: string): void {
    try {
      this.#files.remove(name);
    } catch {
      // It is not ours to remove.
    }
  }
}

/** The only lock of older runtimes: it waits, and no signal ends that. Whoever gives up closes the file, and with it the lock. */
async function waitForLock(file: Deno.FsFile, signal: AbortSignal | undefined): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal!.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    signal?.throwIfAborted();
    await Promise.race([file.lock(true), aborted]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

function checkOf(names: readonly string[], hasLost: boolean): number {
  return checksum(new TextEncoder().encode(names.join("\n") + (hasLost ? "\nhasLost" : "")));
}

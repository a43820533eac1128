import { newId } from "../base/ids.ts";
import { isObject } from "../base/json.ts";
import { pause } from "../repo/log_reader.ts";
import { writeAllSync } from "../store/files.ts";
import { DamagedPack, Pack } from "./pack.ts";

/** The version of the files; others are not read. */
const VERSION = 1;

const MANIFEST = "manifest.json";

/**
 * The files of an index in a folder: packs, which never change, a manifest that names those that count, and a lock for the
 * one that writes. Everything in it can be made again: what is missing or damaged is just not there.
 */
export class IndexFiles {
  #seen = "";

  /** `folder`: an absolute path. */
  constructor(readonly folder: string) {}

  /** Whether the manifest is another one than when it was read last. */
  changed(): boolean {
    return this.#stamp() !== this.#seen;
  }

  #stamp(): string {
    try {
      const { ino, size, mtime } = Deno.statSync(`${this.folder}/${MANIFEST}`);
      return `${ino} ${size} ${mtime?.getTime()}`;
    } catch {
      return "";
    }
  }

  /** The packs that the manifest names, but for those that are damaged. */
  load(): Pack[] {
    for (let turn = 0;; turn++) {
      this.#seen = this.#stamp();
      const packs: Pack[] = [];
      let gone = false;
      for (const name of this.#names()) {
        try {
          packs.push(this.open(name));
        } catch (error) {
          // A builder may have replaced it meanwhile: its manifest says by what.
          if (error instanceof Deno.errors.NotFound) gone = true;
          else if (!(error instanceof DamagedPack || error instanceof SyntaxError || error instanceof RangeError)) {
            throw error;
          }
        }
      }
      if (!gone || turn === 5 || !this.changed()) return packs;
    }
  }

  #names(): string[] {
    try {
      const json: unknown = JSON.parse(Deno.readTextFileSync(`${this.folder}/${MANIFEST}`));
      if (!isObject(json) || json.version !== VERSION || !Array.isArray(json.packs)) return [];
      return json.packs.filter((name) => typeof name === "string" && /^[0-9a-z]+\.pack$/.test(name)) as string[];
    } catch {
      return [];
    }
  }

  /** Opens a pack that was written. */
  open(name: string): Pack {
    return Pack.open(`${this.folder}/${name}`);
  }

  /** Writes a pack, which counts once the manifest names it; the name of its file. */
  write(pack: Pack): string {
    const name = `${newId()}.pack`;
    const path = `${this.folder}/${name}`;
    try {
      using file = Deno.openSync(path, { write: true, createNew: true });
      for (const bytes of pack.pieces()) writeAllSync(file, bytes);
    } catch (error) {
      remove(path);
      throw error;
    }
    return name;
  }

  /** Names the packs that count from now on, and removes the others. Only who holds the lock may do so. */
  publish(packs: readonly Pack[]): void {
    const names = packs.map((pack) => pack.file!.slice(this.folder.length + 1));
    const temporary = `${this.folder}/.tmp-${newId()}`;
    Deno.writeTextFileSync(temporary, JSON.stringify({ version: VERSION, packs: names }));
    Deno.renameSync(temporary, `${this.folder}/${MANIFEST}`);
    this.#seen = this.#stamp();
    for (const entry of Deno.readDirSync(this.folder)) {
      const isOld = entry.name.endsWith(".pack") && !names.includes(entry.name);
      if (isOld || entry.name.startsWith(".tmp-")) remove(`${this.folder}/${entry.name}`);
    }
  }

  /** Removes all of it. */
  drop(): void {
    try {
      for (const entry of Deno.readDirSync(this.folder)) {
        if (entry.name.endsWith(".pack") || entry.name === MANIFEST) remove(`${this.folder}/${entry.name}`);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    this.#seen = "";
  }

  /** Waits until nobody else writes. Undefined where nothing can be written at all. */
  async lock(signal?: AbortSignal): Promise<Disposable | undefined> {
    let file: Deno.FsFile;
    try {
      Deno.mkdirSync(this.folder, { recursive: true });
      file = Deno.openSync(`${this.folder}/lock`, { write: true, create: true });
    } catch {
      return undefined;
    }
    try {
      // Older runtimes only have the lock that waits, which no signal ends.
      if (typeof file.tryLockSync !== "function") await file.lock(true);
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
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Another one was faster, or it is not ours to remove.
  }
}

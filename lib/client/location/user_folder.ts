import { createHash } from "node:crypto";
import { DbxError, messageOf } from "../../base/errors.ts";
import { join } from "node:path";
import { replaceUserFile } from "../../fs/files/atomic_file.ts";
import { isAbsent, syncFolder, temporaryIn } from "../../fs/files/file_operations.ts";

/** Bytes of a file at most. */
const MAX_FILE_BYTES = 64 * 1024;

/**
 * Small files of JSON in a folder of the user, one for each key: no other user may read them, each is written as a
 * whole, and programs that change different keys at once do not disturb each other.
 */
export class UserFolder {
  /** `path`: absolute; it need not be there yet. */
  constructor(readonly path: string) {}

  /** What is kept under a key; undefined where there is nothing. Throws for a file that others may read. */
  get(key: string): unknown {
    return this.#read(`${this.path}/${nameOf(key)}`);
  }

  /** All that is kept. */
  list(): unknown[] {
    let names: string[];
    try {
      names = Array.from(Deno.readDirSync(this.path), ({ name }) => name).filter((name) =>
        /^[0-9a-f]{32}\.json$/.test(name)
      );
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
    return names.sort().flatMap((name) => this.#read(`${this.path}/${name}`) ?? []);
  }

  /** Keeps something under a key. */
  set(key: string, json: unknown): void {
    Deno.mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const path = join(this.path, nameOf(key));
    replaceUserFile(path, join(this.path, temporaryIn("")), JSON.stringify(json, null, 2) + "\n", { mode: 0o600 });
    syncFolder(this.path);
  }

  /** Forgets what is kept under a key. Returns whether there was something. */
  remove(key: string): boolean {
    try {
      Deno.removeSync(`${this.path}/${nameOf(key)}`);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  #read(path: string): unknown {
    try {
      const { mode, size, isFile } = Deno.statSync(path);
      if (!isFile || size > MAX_FILE_BYTES) throw new Error("it is not a small file");
      if (((mode ?? 0) & 0o077) !== 0) {
        throw new Error("others may read or write it: chmod 600 it, and treat its token as compromised");
      }
      return JSON.parse(Deno.readTextFileSync(path));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw new DbxError(`Cannot use "${path}": ${messageOf(error)}`);
    }
  }
}

function nameOf(key: string): string {
  return `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`;
}

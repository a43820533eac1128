import { NotFoundError } from "../../base/errors.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { readRange } from "../../store/local/files/read_range.ts";
import type { LogFile } from "../state/listed_log.ts";
import type { Store } from "../../store/store.ts";

/** Where logs are read: a store, or no more of one on a disk than its folder. */
export interface LogSource extends Pick<Store, "read"> {
  readonly folder?: unknown;
}

/** The logs in a folder, for a thread that needs nothing else of its store, which would take its time to load. */
export class DiskLogs implements LogSource {
  readonly folder: RootFolder;

  /** `location`: the absolute path of the folder. */
  constructor(location: string) {
    this.folder = new RootFolder(location);
  }

  read(
    name: string,
    { offset = 0, length = Infinity }: { readonly offset?: number; readonly length?: number } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.try(() => {
      using file = this.folder.open(name);
      return readRange(file, offset, length);
    });
  }
}

/** Reads logs from start to end, one at a time: of a disk by one open file each, into a buffer that is used again. */
export class LogBytes {
  #path = "";
  #position = 0;
  #file: Deno.FsFile | undefined;
  #buffer = new Uint8Array();

  constructor(readonly store: LogSource) {}

  /** Turns to a log, until what is returned is disposed. Throws `NotFoundError` where there is no such file. */
  open(log: LogFile): Disposable {
    this.#path = log.path;
    this.#position = 0;
    const { folder } = this.store;
    const file = this.#file = folder instanceof RootFolder ? openFile(folder, log) : undefined;
    return { [Symbol.dispose]: () => file?.close() };
  }

  /** Bytes of the log from an offset on, fewer only at the end; they are good until the next ones are read. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#file;
    if (file === undefined) return await this.store.read(this.#path, { offset, length, listed: true });
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length);
    if (this.#position !== offset) file.seekSync(offset, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < length) {
      const count = file.readSync(this.#buffer.subarray(filled, length));
      if (count === null) break;
      filled += count;
    }
    this.#position = offset + filled;
    return this.#buffer.subarray(0, filled);
  }
}

function openFile(folder: RootFolder, { path, seen }: LogFile): Deno.FsFile {
  try {
    return (seen && folder.openSeen(path, seen)) ?? folder.open(path);
  } catch (error) {
    if (isAbsent(error)) throw new NotFoundError(`Cannot read "${path}": no such file in ${folder.path}`);
    throw error;
  }
}

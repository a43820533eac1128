import { type OpenOptions, RootFolder } from "../../lib/fs/folders/root_folder.ts";

/** What goes wrong on a disk, and when. A test may change each of these at any time. */
export interface DiskFaults {
  /** Whether the disk refuses to make a file durable (`EIO`), by its name. */
  flush?: (name: string) => boolean;
  /** What becomes of the times of files and folders: all the same, as coarse as those of an old disk, or behind. */
  time?: (at: Date) => Date;
}

/**
 * A folder on a disk that goes wrong on purpose, as `faults` say; for `new LocalStore(path, { folder })`. `log`: in order, what was
 * made durable (`sync NAME`; of a folder: `sync NAME/`) and what got its name (`place NAME`, `rename NAME`).
 */
export class FaultFolder extends RootFolder {
  readonly log: string[] = [];

  constructor(path: string, readonly faults: DiskFaults = {}) {
    super(path);
  }

  override open(name: string, options?: OpenOptions): Deno.FsFile {
    const file = super.open(name, options);
    const [syncSync, sync] = [file.syncSync.bind(file), file.sync.bind(file)];
    const flush = (): void => {
      this.log.push(`sync ${name}`);
      if (this.faults.flush?.(name)) throw new Error("Input/output error (os error 5)");
    };
    file.syncSync = () => (flush(), syncSync());
    file.sync = async () => (flush(), await sync());
    return file;
  }

  override place(from: string, to: string): void {
    super.place(from, to);
    this.log.push(`place ${to}`);
  }

  override rename(from: string, to: string): void {
    super.rename(from, to);
    this.log.push(`rename ${to}`);
  }

  override syncNames(folder: string): void {
    this.log.push(`sync ${folder}/`);
    super.syncNames(folder);
  }

  override async sync(folder: string): Promise<void> {
    this.log.push(`sync ${folder}/`);
    await super.sync(folder);
  }

  override look(name: string): Deno.FileInfo | undefined {
    return this.#timed(super.look(name));
  }

  override lstat(name: string): Deno.FileInfo | undefined {
    return this.#timed(super.lstat(name));
  }

  #timed(info: Deno.FileInfo | undefined): Deno.FileInfo | undefined {
    const { time } = this.faults;
    if (info === undefined || time === undefined) return info;
    return { ...info, mtime: info.mtime && time(info.mtime), ctime: info.ctime && time(info.ctime) };
  }
}

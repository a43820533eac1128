import { NotFoundError } from "../../base/errors.ts";
import { lastSegment } from "../../base/paths.ts";

/** A file or folder of a source, as it is now. */
export interface SourceEntry {
  /** Absolute. */
  readonly path: string;
  /** Below what is imported, with `/`; the last part of the path for the file that is imported itself. */
  readonly name: string;
  readonly size: number;
  /** Milliseconds since the Unix epoch, 0 where it is not known. */
  readonly modifiedAt: number;
}

/**
 * The files at or below a path whose names a test takes, ordered by name. Links to files are followed, links to folders are
 * not; folders that begin with a dot are passed over.
 *
 * @throws {NotFoundError} Where there is nothing at the path.
 */
export async function sourceFiles(path: string, takes: (name: string) => boolean): Promise<SourceEntry[]> {
  const info = await statOrUndefined(path);
  if (info === undefined) throw new NotFoundError(`Cannot read "${path}": there is no such file or folder`);
  if (!info.isDirectory) return takes(lastSegment(path)) ? [entry(path, lastSegment(path), info)] : [];
  const found: SourceEntry[] = [];
  await collect(path, "", takes, found);
  return found.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** What is at a path now, links followed; undefined where nothing is. */
export async function sourceEntry(path: string, name: string = lastSegment(path)): Promise<SourceEntry | undefined> {
  const info = await statOrUndefined(path);
  return info?.isFile ? entry(path, name, info) : undefined;
}

/** Whether there is a folder at a path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statOrUndefined(path))?.isDirectory === true;
}

/** The contents of a file of few bytes, undefined where there is none. */
export async function readSmallFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

/** The first bytes of a file, fewer where it is shorter. */
export async function readHead(path: string, count: number): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(count);
  return buffer.subarray(0, await fill(file, buffer));
}

/** The bytes of a file from an offset on, in pieces of at most `pieceSize`. Each piece is a buffer of its own. */
export async function* readPieces(
  path: string,
  offset = 0,
  { pieceSize = 256 * 1024, signal }: { readonly pieceSize?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  using file = await Deno.open(path);
  if (offset > 0) await file.seek(offset, Deno.SeekMode.Start);
  while (true) {
    signal?.throwIfAborted();
    const buffer = new Uint8Array(pieceSize);
    const count = await fill(file, buffer);
    if (count > 0) yield buffer.subarray(0, count);
    if (count < pieceSize) return;
  }
}

async function fill(file: Deno.FsFile, buffer: Uint8Array): Promise<number> {
  let count = 0;
  while (count < buffer.length) {
    const more = await file.read(buffer.subarray(count));
    if (more === null) break;
    count += more;
  }
  return count;
}

async function collect(
  folder: string,
  name: string,
  takes: (name: string) => boolean,
  found: SourceEntry[],
): Promise<void> {
  for await (const item of Deno.readDir(folder)) {
    const path = `${folder}/${item.name}`;
    const below = name === "" ? item.name : `${name}/${item.name}`;
    if (item.isDirectory) {
      if (!item.name.startsWith(".")) await collect(path, below, takes, found);
    } else if (takes(below)) {
      const info = await statOrUndefined(path);
      if (info?.isFile) found.push(entry(path, below, info));
    }
  }
}

async function statOrUndefined(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

function entry(path: string, name: string, info: Deno.FileInfo): SourceEntry {
  return { path, name, size: info.size, modifiedAt: info.mtime?.getTime() ?? 0 };
}

/** The bytes of a file, links followed; undefined where there is none. */
export async function openSource(path: string): Promise<ReadableStream<Uint8Array> | undefined> {
  if ((await statOrUndefined(path))?.isFile !== true) return undefined;
  return (await Deno.open(path)).readable;
}

/** Whether something is at a path. */
export async function pathExists(path: string): Promise<boolean> {
  return await statOrUndefined(path) !== undefined;
}

import { collectedObjects, markCollected } from "../../lib/store/local/files/collected_objects.ts";
import { INCOMING } from "../../lib/store/local/files/uploads.ts";
import { RootFolder } from "../../lib/fs/folders/root_folder.ts";
import { type Bytes, fromVector, toVector } from "./pieces.ts";

/** A file as vectors describe it: its bytes, and its time in milliseconds, unless that is the one of its writing. */
export type FileState = Bytes & { readonly time?: number };

/** What a copy holds; null: there is none. */
export interface State {
  readonly files: Readonly<Record<string, FileState>>;
  /** What has arrived of large files, by the SHA-256 of the whole. */
  readonly incoming?: Readonly<Record<string, Bytes>>;
  /** The SHA-256 of objects that a collection removed. */
  readonly collected?: readonly string[];
}

/** Files of vectors have times before this one; what is written while they are made or replayed has a later one. */
const LATER = 1_200_000_000_000;

/** The time that stands for all of those. */
export const WRITTEN = 1_100_000_000_000;

/** Makes a copy in a folder that is not there yet. */
export async function writeState(folder: string, state: State | null): Promise<void> {
  if (state === null) return;
  await Deno.mkdir(folder);
  for (const [name, file] of Object.entries(state.files)) {
    await write(`${folder}/${name}`, fromVector(file));
    const time = new Date(file.time ?? WRITTEN);
    await Deno.utime(`${folder}/${name}`, time, time);
  }
  for (const [sha256, bytes] of Object.entries(state.incoming ?? {})) {
    await write(`${folder}/${INCOMING}/${sha256}`, fromVector(bytes));
  }
  markCollected(
    new RootFolder(folder),
    state.collected?.map((sha256) => `objects/${sha256.slice(0, 2)}/${sha256}`) ?? [],
  );
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(path, bytes);
}

/** What a copy holds. Files that were written since {@linkcode writeState} have no time. */
export async function readState(folder: string): Promise<State | null> {
  const files: Record<string, FileState> = {};
  try {
    stamp(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  for (const path of namesIn(folder).sort()) {
    const time = (await Deno.stat(`${folder}/${path}`)).mtime!.getTime();
    const bytes = toVector(await Deno.readFile(`${folder}/${path}`));
    files[path] = { ...bytes, ...(time !== WRITTEN && { time }) };
  }
  const incoming: Record<string, Bytes> = {};
  try {
    for (const name of namesIn(`${folder}/${INCOMING}`).sort()) {
      incoming[name] = toVector(await Deno.readFile(`${folder}/${INCOMING}/${name}`));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const collected = [...collectedObjects(new RootFolder(folder))].map((name) => name.slice(-64)).sort();
  return {
    files,
    ...(Object.keys(incoming).length > 0 && { incoming }),
    ...(collected.length > 0 && { collected }),
  };
}

/** Gives all that was just written one and the same time, so that its description is the same each time. */
export function stamp(folder: string): void {
  const time = new Date(WRITTEN);
  for (const name of namesIn(folder)) {
    const path = `${folder}/${name}`;
    if (Deno.statSync(path).mtime!.getTime() >= LATER) Deno.utimeSync(path, time, time);
  }
}

/** The files below a folder, but for what belongs to this copy only. */
function namesIn(folder: string, inside = ""): string[] {
  return Array.from(Deno.readDirSync(folder + (inside && `/${inside}`))).flatMap(({ name, isDirectory }) => {
    const path = inside === "" ? name : `${inside}/${name}`;
    if (path.startsWith(".")) return [];
    return isDirectory ? namesIn(folder, path) : [path];
  });
}

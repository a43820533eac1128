import { createHash } from "node:crypto";
import { replaceFile } from "../../../fs/files/atomic_file.ts";
import { RootFolder } from "../../../fs/folders/root_folder.ts";
import { START_UP_FILES } from "../../../python/start_up_files.ts";
import { pythonFolder } from "./python_folder.ts";

/**
 * Writes the files that Python finds at its start, and returns the variable that leads it to them; nothing where their folder
 * cannot be written. Python writes whole lines at once into a terminal, and blocks of 8 KiB into a pipe. PYTHONUNBUFFERED would
 * write a text and its line feed apart, so that parallel processes tear each other's lines; `sitecustomize.py` makes the two
 * streams line-buffered instead. The others are modules that a script may import.
 *
 * Whatever else lies in a folder on PYTHONPATH is run under the name of a module, so it is never one of a repository, which
 * others may have made, but one that no other user can write, with nothing else in it. Its name is the hash of the files: each
 * version of dbx has its own, and none changes under a process that still imports from it.
 */
export async function pythonHook(
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const above = pythonFolder(env);
  if (above === undefined) return {};
  const folder = `${above}/${hashOf(START_UP_FILES)}`;
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    if (!isOwn(above) || !fill(folder, START_UP_FILES)) return {};
  } catch {
    return {};
  }
  const given = env.PYTHONPATH;
  return { PYTHONPATH: given === undefined || given === "" ? folder : `${folder}:${given}` };
}

function hashOf(files: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
}

/** Whether it is a folder of this user's that no other user can write. */
function isOwn(folder: string): boolean {
  const { uid, mode, isDirectory } = Deno.lstatSync(folder);
  return isDirectory && uid === Deno.uid() && ((mode ?? 0) & 0o022) === 0;
}

/** What Python itself puts beside modules, and a temporary file of a `dbx run` that was killed. */
const OTHER_NAMES = /^(__pycache__|\.tmp-[0-9a-z]{13})$/;

/** Sees that a folder holds these files. Returns whether it may be used: it holds no others, and is the user's own. */
function fill(folder: string, files: Readonly<Record<string, string>>): boolean {
  if (!isOwn(folder)) return false;
  const below = Map.groupBy(Object.keys(files), (path) => path.includes("/") ? path.replace(/\/.*/, "") : "");
  const plain = below.get("") ?? [];
  const there = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  if (there.some((name) => !plain.includes(name) && !below.has(name) && !OTHER_NAMES.test(name))) return false;
  for (const name of plain) {
    // A crash of the machine may have left an empty one.
    if (there.includes(name) && Deno.readTextFileSync(`${folder}/${name}`) === files[name]) continue;
    replaceFile(new RootFolder(folder), name, files[name], { durable: false });
  }
  below.delete("");
  return [...below].every(([name, paths]) => {
    // Recursive: another `dbx run` may make it at the same time. Each fills the folder itself before it uses it.
    if (!there.includes(name)) Deno.mkdirSync(`${folder}/${name}`, { recursive: true, mode: 0o700 });
    const inside = paths.map((path) => [path.slice(name.length + 1), files[path]]);
    return fill(`${folder}/${name}`, Object.fromEntries(inside));
  });
}

import { lastSegment } from "../../base/paths.ts";
import { Yielder } from "../../base/yielder.ts";
import { isIdV0 } from "../../base/ids.ts";
import { messageOf } from "../../base/errors.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { LOCAL_FOLDER, RUNS_FOLDER } from "../../format/layout/names.ts";
import { parsePath } from "../../format/layout/parse_path.ts";
import { References } from "../../format/layout/object_references.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { filesBelow, readReferences } from "../../store/local/files/gc_files.ts";
import type { SecretMatcher } from "./matcher.ts";

/** Where a secret was found. */
export interface SecretPlace {
  /** Relative to the root. */
  readonly file: string;
  /** The names of the rules that found it; `text`: what was looked for. */
  readonly rules: readonly string[];
}

/** What holds a secret. */
export interface FoundSecrets {
  /** By the id of the experiment or run that is to go. */
  readonly owners: ReadonlyMap<string, readonly SecretPlace[]>;
  /** Objects that nothing refers to. */
  readonly waste: readonly SecretPlace[];
  /** Files that belong to no experiment: a person must remove them. */
  readonly others: readonly SecretPlace[];
  /** What could not be looked into, and why. */
  readonly unread: readonly { readonly file: string; readonly message: string }[];
}

/** What holds nothing but what is derived, and goes with each purge. */
const DERIVED = [`${LOCAL_FOLDER}/index`, `${LOCAL_FOLDER}/trash`, `${LOCAL_FOLDER}/purging`];

/** Looks for a secret in every file of a folder: definitions, notes, logs, objects, and what stands beside. */
export async function findSecrets(
  root: RootFolder,
  matcher: SecretMatcher,
  options: { readonly signal?: AbortSignal; readonly onFile?: () => void } = {},
): Promise<FoundSecrets> {
  const yielder = new Yielder(options.signal);
  const owners = new Map<string, SecretPlace[]>();
  const objects = new Map<string, SecretPlace>();
  const others: SecretPlace[] = [];
  const unread: { file: string; message: string }[] = [];
  const owned = (id: string, place: SecretPlace) => owners.set(id, [...owners.get(id) ?? [], place]);
  for (const { name, kind } of filesBelow(root, "", (folder) => !DERIVED.includes(folder))) {
    options.onFile?.();
    if (kind === "closed") unread.push({ file: name, message: "a folder that cannot be listed" });
    if (kind !== "file") continue;
    try {
      const rules = await rulesIn(root, name, matcher, yielder);
      if (rules === "large") {
        unread.push({
          file: name,
          message: "the rules are not applied to an object this large; search for the text itself",
        });
        continue;
      }
      if (rules.length === 0) continue;
      const place = { file: name, rules };
      const owner = ownerOf(name);
      if (classifyPath(name) === "object") objects.set(name, place);
      else if (owner === undefined) others.push(place);
      else owned(owner, place);
    } catch (error) {
      options.signal?.throwIfAborted();
      unread.push({ file: name, message: messageOf(error) });
    }
  }
  if (objects.size === 0) return { owners, waste: [], others, unread };
  const users = await usersOf(root, new Set(objects.keys()), yielder);
  for (const [name, ids] of users) for (const id of ids) owned(id, objects.get(name)!);
  const waste = [...objects.values()].filter(({ file }) => !users.has(file));
  return { owners, waste, others, unread };
}

async function rulesIn(
  root: RootFolder,
  name: string,
  matcher: SecretMatcher,
  yielder: Yielder,
): Promise<string[] | "large"> {
  const rules = new Set<string>(matcher.inName(name) ? ["name"] : []);
  const kind = classifyPath(name);
  const isText = kind === "definition" || kind === "log" || kind === "registry";
  using file = root.open(name);
  if (!isText && file.statSync().size > matcher.mostOfObject) return "large";
  const looked = matcher.begin(isText);
  const buffer = new Uint8Array(1024 * 1024);
  for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
    for (const rule of looked.push(buffer.subarray(0, count))) rules.add(rule);
    await yielder.checkpoint();
  }
  for (const rule of looked.end()) rules.add(rule);
  // A definition is one value, whatever its lines say.
  if (kind === "definition" && rules.size === 0) {
    const whole = matcher.begin(true);
    const bytes = root.readFile(name);
    for (const rule of whole.push(bytes.map((byte) => (byte === 10 ? 32 : byte)))) rules.add(rule);
    for (const rule of whole.end()) rules.add(rule);
  }
  return [...rules];
}

/** The id of the run or experiment that a file goes with. */
function ownerOf(name: string): string | undefined {
  const place = parsePath(name);
  if (place !== undefined && "run" in place) return place.run;
  if (place !== undefined && "experiment" in place) {
    return lastSegment(place.experiment);
  }
  const parts = name.split("/");
  if (parts[0] === LOCAL_FOLDER) {
    return ["pipes", "files"].includes(parts[1]) && isIdV0(parts[2] ?? "") ? parts[2] : undefined;
  }
  // Files that the format does not know belong to the run or experiment in whose folder they are.
  const runs = parts.lastIndexOf(RUNS_FOLDER);
  if (runs > 0 && isIdV0(parts[runs + 1] ?? "") && isIdV0(parts[runs - 1])) return parts[runs + 1];
  return parts.slice(0, -1).findLast(isIdV0);
}

/** Which runs and experiments refer to objects. */
async function usersOf(
  root: RootFolder,
  objects: ReadonlySet<string>,
  yielder: Yielder,
): Promise<Map<string, Set<string>>> {
  const users = new Map<string, Set<string>>();
  let current: { readonly name: string; readonly references: References } | undefined;
  const take = () => {
    const owner = current && ownerOf(current.name);
    if (owner === undefined) return;
    for (const object of objects) {
      if (current!.references.has(object)) users.set(object, (users.get(object) ?? new Set()).add(owner));
    }
  };
  const into = (name: string): References => {
    if (current?.name !== name) {
      take();
      current = { name, references: new References() };
    }
    return current.references;
  };
  for (const _ of readReferences(root, into)) await yielder.checkpoint();
  take();
  return users;
}

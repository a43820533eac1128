import { parentOf } from "../../base/paths.ts";
import { closeSync, constants, fchmodSync, fstatSync, openSync } from "node:fs";
import { isAbsent } from "../files/file_operations.ts";
import { type Identity, isSame } from "../files/file_identity.ts";
import { LinkError } from "../links/link_error.ts";
import { lstatIfThere } from "../files/lstat.ts";
import type { VerifiedFolder } from "../links/verified_folder.ts";

/** The users besides the owner who may write to a shared repository. */
export type SharedWith = "group" | "all";

/** Bits that a shared repository adds to the modes of new files and folders. */
export interface SharedMode {
  readonly file: number;
  readonly folder: number;
}

/** The file of a copy that says with whom it is shared. */
const FILE = ".dbx/shared";

/** Folders get the set-group-ID bit, so that what is made in them belongs to their group. */
const MODES: Readonly<Record<SharedWith, SharedMode>> = {
  group: { file: 0o660, folder: 0o2770 },
  all: { file: 0o664, folder: 0o2775 },
};

/** By root. A process that writes to very many repositories asks the disk again. */
const known = new Map<string, SharedMode | undefined>();
const MAX_KNOWN = 1000;

/**
 * What a shared repository adds to the modes of new files and folders: undefined where it is private. `root`: the
 * absolute path of the repository. The answer is kept for the life of the process. Needs read permission.
 */
export function readSharedMode(root: string): SharedMode | undefined {
  if (known.has(root)) return known.get(root);
  let mode: SharedMode | undefined;
  try {
    const isPlain = Deno.lstatSync(`${root}/.dbx`).isDirectory && Deno.lstatSync(`${root}/${FILE}`).isFile;
    const text = isPlain ? Deno.readTextFileSync(`${root}/${FILE}`).trim() : "";
    mode = text === "group" || text === "all" ? MODES[text] : undefined;
  } catch {
    mode = undefined;
  }
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(root, mode);
  return mode;
}

/**
 * Makes a new repository a shared one, for all later writers of this copy: the folders that are there already get their
 * bits now. Needs write permission on it.
 */
export function shareRepository(root: string, shared: SharedWith): void {
  const mode = MODES[shared];
  Deno.mkdirSync(`${root}/.dbx`, { recursive: true });
  if (!Deno.lstatSync(`${root}/.dbx`).isDirectory) throw new LinkError(".dbx");
  // A new file follows no link.
  Deno.writeTextFileSync(`${root}/${FILE}`, shared + "\n", {
    createNew: lstatIfThere(`${root}/${FILE}`)?.isFile !== true,
  });
  known.set(root, mode);
  for (const folder of [root, `${root}/.dbx`]) addBits(folder, mode.folder);
  addBits(`${root}/${FILE}`, mode.file);
}

/** Gives something new in a repository the mode that all of a shared one have. `name`: relative to its root. */
export function shareNew(root: VerifiedFolder, name: string, what: "file" | "folder"): void {
  const shared = readSharedMode(root.path);
  if (shared === undefined) return;
  try {
    addBits(root.pathOf(name), shared[what], () => {
      root.verify(parentOf(name));
      return root.look(name);
    });
  } catch (error) {
    // This process may only write further down.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}

/**
 * Adds the bits to a file or a folder that was just made: what the umask took away comes back. Another user's file is
 * left as it is. Systems without such bits are left alone. `seen`: what has to be there, once it is open.
 */
export function addBits(path: string, bits: number, seen?: () => Identity | undefined): void {
  if (Deno.build.os === "windows") return;
  let open: number;
  try {
    open = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isRefused(error)) return;
    throw error;
  }
  try {
    const own = fstatSync(open);
    const there = seen?.();
    if (seen !== undefined && (there === undefined || !isSame(own, there))) return;
    // By what is open: the path may lead elsewhere by now.
    if ((own.mode & bits) !== bits) fchmodSync(open, (own.mode & 0o7777) | bits);
  } catch (error) {
    if (!isRefused(error)) throw error;
  } finally {
    closeSync(open);
  }
}

function isRefused(error: unknown): boolean {
  if (error instanceof Deno.errors.PermissionDenied || isAbsent(error)) return true;
  return ["EACCES", "EPERM", "ENOENT", "ELOOP", "ENOTSUP"].includes((error as { code?: string }).code ?? "");
}

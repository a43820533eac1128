import { parentOf } from "../../base/paths.ts";
import { rmdirSync } from "node:fs";
import { newId } from "../../base/ids.ts";
import {
  isAbsent,
  placeSync,
  removeSync,
  syncFolder,
  TEMPORARY_PREFIX,
  temporaryBeside,
} from "../files/file_operations.ts";
import { type Identity, isSame } from "../files/file_identity.ts";
import { lstatIfThere } from "../files/lstat.ts";
import { VerifiedFolder } from "../links/verified_folder.ts";
import { moveBack, removeMisplacedFolder } from "./misplaced.ts";
import { shareNew } from "../access/shared_mode.ts";

/** Names that cannot be guessed: those of files that are still being written, and of what is being removed. */
const UNFORESEEN = /(?:^|\/)\.tmp-(?:gone-)?[0-9a-z]{13}$/;

/** How the names of what is being removed start. */
const GOING_PREFIX = `${TEMPORARY_PREFIX}gone-`;

/** Whether something has the name of what is being removed: a process that finds it later may remove it. */
export function isGoing(name: string): boolean {
  return name.startsWith(GOING_PREFIX, name.lastIndexOf("/") + 1);
}

/**
 * A folder, and what is made, moved and removed below it by relative names.
 *
 * The runtime has no call that goes on from an open folder (`openat`), so that an attacker may swap a folder for a link
 * between the check and the change. What is changed therefore has a name at that moment which cannot be guessed, in the
 * folder where it stands already: behind a link there is nothing of that name. What has another name gets such a one
 * first; if that went wrong, it gets its own back.
 */
export class WritableFolder extends VerifiedFolder {
  /** Whether a name cannot be guessed. */
  protected isUnforeseen(name: string): boolean {
    return UNFORESEEN.test(name);
  }

  /** Makes a folder and those above it, each one durably; the root too. */
  makeFolder(folder: string): void {
    for (const changed of this.makeFolderLater(folder)) syncFolder(this.pathOf(changed));
  }

  /** The same, but not durably yet: the names of the folders that the caller has to sync. */
  makeFolderLater(folder: string): string[] {
    if (folder === "") {
      if (this.lstat("") === undefined) Deno.mkdirSync(this.path, { recursive: true });
      return [];
    }
    const missing: string[] = [];
    for (let name = folder; name !== "" && !this.#isFolder(name); name = parentOf(name)) missing.unshift(name);
    if (missing.length === 0) return [];
    try {
      for (const name of missing) this.#makeOne(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      // At once: a process may hold a permission for the last folder only.
      Deno.mkdirSync(this.pathOf(folder), { recursive: true });
      this.verify(folder);
    }
    for (const name of missing) shareNew(this, name, "folder");
    return missing.map(parentOf);
  }

  #makeOne(name: string): void {
    try {
      Deno.mkdirSync(this.pathOf(name));
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists && this.#isFolder(name)) return; // Another process was faster.
      // Below the root, each folder above is there by now.
      if (!(error instanceof Deno.errors.NotFound) || parentOf(name) !== "") throw error;
      return Deno.mkdirSync(this.pathOf(name), { recursive: true });
    }
    try {
      this.verify(name);
    } catch (error) {
      removeMisplacedFolder(this.pathOf(name));
      throw error;
    }
  }

  #isFolder(name: string): boolean {
    try {
      this.verify(name);
      if (!Deno.lstatSync(this.pathOf(name)).isDirectory) throw this.noFolder(name);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  /** Removes a file, if it is there. A link is removed itself, never what it points to. */
  remove(name: string): void {
    const taken = this.#take(name);
    if (taken !== undefined) removeSync(this.pathOf(taken));
  }

  /** Removes a folder with all that is in it, if it is there. Links in it go, not what they point to. */
  removeFolder(folder: string): void {
    if (this.lstat(folder)?.isSymlink) throw this.meet(folder);
    const taken = this.#take(folder);
    if (taken !== undefined) Deno.removeSync(this.pathOf(taken), { recursive: true });
  }

  /** Removes a folder that holds nothing; whether there was one. */
  removeEmptyFolder(folder: string): boolean {
    try {
      this.verify(folder);
      // This call removes nothing else.
      rmdirSync(this.pathOf(folder));
      return true;
    } catch (error) {
      if (isAbsent(error) || ["ENOENT", "ENOTEMPTY", "EEXIST"].includes((error as { code?: string }).code ?? "")) {
        return false;
      }
      throw error;
    }
  }

  /**
   * Removes the folder itself with all that is in it. Where the root is a link, only that goes. It gets another name first: what
   * others still do below its own one finds nothing, and cannot bring it back.
   */
  removeAll(): void {
    if (isGoing(this.path)) return removeGoing(this.path);
    const going = `${parentOf(this.path)}/${GOING_PREFIX}${newId()}`;
    try {
      Deno.renameSync(this.path, going);
    } catch (error) {
      if (isAbsent(error)) throw error;
      // A user who may change only this folder, or on Windows has a file in it open.
      return Deno.removeSync(this.path, { recursive: true });
    }
    removeGoing(going);
  }

  /** Gives a file another name, which may be taken by a file. Throws as `open` does. */
  rename(from: string, to: string): void {
    const seen = this.#seenBoth(from, to);
    const isBeside = parentOf(from) === parentOf(to);
    if (isBeside && this.isUnforeseen(from)) return Deno.renameSync(this.pathOf(from), this.pathOf(to));
    if (this.isUnforeseen(to)) return this.#move(from, to, seen);
    const between = temporaryBeside(to);
    this.#placeProved(from, between, seen);
    try {
      Deno.renameSync(this.pathOf(between), this.pathOf(to));
    } catch (error) {
      this.#moveBack(between, from);
      throw error;
    }
    // Not before the file has its new name: a process that is killed in between leaves it with both.
    const taken = this.#take(from, seen);
    if (taken !== undefined) removeSync(this.pathOf(taken));
  }

  /** Gives a file a second name. Throws `Deno.errors.AlreadyExists` where that is taken, and as `open` does. */
  place(from: string, to: string): void {
    const seen = this.#seenBoth(from, to);
    if (this.isUnforeseen(from) && parentOf(from) === parentOf(to)) {
      return placeSync(this.pathOf(from), this.pathOf(to));
    }
    const between = temporaryBeside(to);
    this.#placeProved(from, between, seen);
    try {
      placeSync(this.pathOf(between), this.pathOf(to));
    } catch (error) {
      this.#moveBack(between, from);
      throw error;
    }
    removeSync(this.pathOf(between));
  }

  /** Gives a file a second name that cannot be guessed; where there are no hard links, its only one. */
  #placeProved(from: string, to: string, seen: Deno.FileInfo): void {
    placeSync(this.pathOf(from), this.pathOf(to));
    this.#proveMoved(from, to, seen);
  }

  #move(from: string, to: string, seen: Deno.FileInfo): void {
    Deno.renameSync(this.pathOf(from), this.pathOf(to));
    this.#proveMoved(from, to, seen);
  }

  #seenBoth(from: string, to: string): Deno.FileInfo {
    this.verify(parentOf(from));
    this.verify(parentOf(to));
    const seen = Deno.lstatSync(this.pathOf(from));
    this.checkFile(from, seen);
    return seen;
  }

  /**
   * Gives what is to be removed a name that cannot be guessed; undefined where there is nothing. `seen`: what it has to
   * be, if not whatever is there.
   */
  #take(name: string, seen?: Deno.FileInfo): string | undefined {
    try {
      this.verify(parentOf(name));
      if (this.isUnforeseen(name)) return name;
      const there = Deno.lstatSync(this.pathOf(name));
      if (seen !== undefined && !isSame(there, seen)) return undefined;
      const taken = temporaryBeside(name, GOING_PREFIX);
      this.#move(name, taken, there);
      return taken;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** Throws where what was moved is not what was looked at, or went behind a link; it is then moved back. */
  #proveMoved(from: string, to: string, seen: Deno.FileInfo): void {
    let problem: unknown = new Deno.errors.NotFound(`"${from}" in ${this.path} was replaced`);
    try {
      if (this.isAt(to, seen)) return;
    } catch (error) {
      problem = error;
    }
    this.#moveBack(to, from);
    throw problem;
  }

  /** Whether what is seen at a name is what is wanted, on a way without links. */
  protected isAt(name: string, wanted: Identity): boolean {
    const parent = parentOf(name);
    // Before and after: an attacker who swaps a folder at one moment and back at the next has to be in time twice.
    this.verify(parent);
    const there = lstatIfThere(this.pathOf(name));
    this.verify(parent);
    return there !== undefined && isSame(there, wanted);
  }

  #moveBack(name: string, to: string): void {
    moveBack(this.pathOf(name), this.pathOf(to));
  }
}

/** Removes what has been given up, as far as that is possible: a process that finds the rest later tries again. */
function removeGoing(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch {
    // Its old name is free, which is what was asked for.
  }
}

import { NEWLINE } from "../../../base/lines/lines_in.ts";
import { writeAllSync } from "../../../fs/files/file_operations.ts";
import { areEqual, concat } from "../../../base/bytes.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import type { WriteGuard } from "../../write_guard.ts";
import { showing, shownIn } from "../files/show_change.ts";
import { endOfLastLine, readAt } from "../../../fs/files/last_line.ts";

/** What a log is to hold. */
export interface Extension {
  /** The log's file, relative to the store; for the guard. */
  readonly name: string;
  /** Where the bytes belong; undefined: at the end of its whole lines. */
  readonly offset?: number;
  readonly bytes: Uint8Array;
  readonly guard?: WriteGuard;
  /** Whether the guard was asked already, by {@linkcode askFirst}. */
  readonly isAsked?: boolean;
  /** The folder of the store. */
  readonly root: RootFolder;
}

/** What became of it. `size`: bytes that the log has now. */
export type Growth =
  /** `there`: bytes that it had from the offset on, of which none differ. */
  | { readonly kind: "grown"; readonly size: number; readonly added: number; readonly there: number }
  /** It does not reach to where the bytes begin. */
  | { readonly kind: "gap"; readonly size: number }
  /** It has other bytes there. */
  | { readonly kind: "diverged"; readonly size: number; readonly at: number }
  /** A torn tail has other bytes there, and stays until a whole line comes for its place. */
  | { readonly kind: "torn"; readonly size: number; readonly at: number };

/**
 * Extends a log idempotently, under a lock that the caller holds: what is there already is compared, and only what follows is
 * written. A torn tail that differs gives way to a line that is whole. This is the one way in which logs of strangers grow: the guard sees whole lines as
 * they will stand, however the bytes were split on the way.
 */
export function growLog(file: Deno.FsFile, { name, offset, bytes, root, ...asking }: Extension): Growth {
  const info = file.statSync();
  const before = info.size;
  // What another process began meanwhile is looked at again, with its contents.
  const guard = asking.isAsked && before === 0 ? undefined : asking.guard;
  const at = offset ?? endOfLastLine(file, before);
  if (at > before) return { kind: "gap", size: before };
  let size = before;
  let there = before - at;
  if (there > 0) {
    const common = Math.min(there, bytes.length);
    if (!areEqual(readAt(file, at, common), bytes.subarray(0, common))) {
      // Whole lines must be the same. A torn tail gives way, because no reader has taken it for an event.
      const whole = Math.max(at, endOfLastLine(file, before));
      there = whole - at;
      if (there > common || !areEqual(readAt(file, at, there), bytes.subarray(0, there))) {
        return { kind: "diverged", size: before, at };
      }
      if (!bytes.subarray(there).includes(NEWLINE)) return { kind: "torn", size: before, at };
      size = whole;
    }
  }
  const rest = bytes.subarray(Math.min(there, bytes.length));
  if (rest.length === 0) {
    // It may have been made just now.
    if (before === 0) guard?.torn(name, 0, 0, 0);
    return { kind: "grown", size: before, added: 0, there };
  }
  if (guard !== undefined) ask(guard, file, name, size, rest);
  showing(root, shownIn(root, name, info), () => {
    if (size < before) file.truncateSync(size);
    try {
      writeAllSync(file, rest);
    } catch (error) {
      file.truncateSync(size);
      throw error;
    }
  });
  return { kind: "grown", size: size + rest.length, added: rest.length, there };
}

/** Asks a guard about all bytes of a log that is not made yet, so that a refusal leaves no empty one. */
export function askFirst(guard: WriteGuard, name: string, bytes: Uint8Array): void {
  if (bytes.includes(NEWLINE)) guard.log(name, bytes, 0, bytes.length);
  else guard.torn(name, 0, bytes.length, bytes.length);
}

/** Asks a guard about the bytes that follow the first `size` ones of a log. */
function ask(guard: WriteGuard, file: Deno.FsFile, name: string, size: number, rest: Uint8Array): void {
  const start = endOfLastLine(file, size);
  // As long as it has no end, a line is not read again for each piece of it.
  if (!rest.includes(NEWLINE)) return guard.torn(name, start, size - start + rest.length, rest.length);
  guard.log(name, start === size ? rest : concat([readAt(file, start, size - start), rest]), start, rest.length);
}

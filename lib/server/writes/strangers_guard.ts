import { kindOfName } from "../../format/kinds.ts";
import type { WriteGuard } from "../../store/guard.ts";
import { Refusal } from "../refusal.ts";
import { type Caller, may } from "../roles.ts";
import { checkLog, checkNotes } from "./lines.ts";

/** Whether a name is that of notes. */
export function isNotes(name: string): boolean {
  return /\/notes\/[^/]+$/.test(name);
}

/**
 * Decides over what a token may write to a repository, by the bytes as they will stand in the file: however they were split,
 * packed or written before, what readers will read there is what was looked at.
 */
export function guardOf(caller: Caller): WriteGuard {
  const lines = (name: string, bytes: Uint8Array) =>
    isNotes(name) ? checkNotes(name, bytes, caller) : checkLog(bytes, caller);
  return {
    begin() {},
    log: lines,
    torn(name) {
      // What a line will ask for is not known before its end.
      if (!isNotes(name) || may(caller, "others")) return;
      throw new Refusal(400, `"${name}" does not end with a whole line`);
    },
    file(name, _size, read) {
      if (kindOfName(name) === "log") lines(name, read());
    },
    part() {},
    maySettle: () => true,
  };
}

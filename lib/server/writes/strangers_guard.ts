import { messageOf } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { parseExperiment, parseRun } from "../../format/definition.ts";
import { kindOfName } from "../../format/kinds.ts";
import { placeOf } from "../../format/place.ts";
import type { WriteGuard } from "../../store/guard.ts";
import { Refusal } from "../refusal.ts";
import { type Caller, LACKING, may } from "../roles.ts";
import { checkLog, checkNotes } from "./lines.ts";

/** Whether a definition says no time, which version 0 need not. */
function isOld(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) && json.createdAt === undefined;
  } catch {
    return false;
  }
}

/** What is said of a file that experiments of version 1 do not have. */
const NO_PLACE = "this token may not write it: it is no file of an experiment of version 1";
const NO_VERSION_0 =
  "this token may not write it: it belongs to an experiment of version 0, whose files may have any name; send those with a " +
  "token of the role control (dbx token add NAME --role control on the server), and the others with --where or --id";

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
  const isFree = may(caller, "others");
  return {
    begin(name) {
      if (kindOfName(name) === "tombstone") {
        if (may(caller, "purge")) return;
        throw new Refusal(403, `this token may not ${LACKING.purge}: a token with the role control may`);
      }
      const place = isFree ? undefined : placeOf(name);
      if (isFree || (place !== undefined && place.kind !== "old")) return;
      throw new Refusal(403, place === undefined ? NO_PLACE : NO_VERSION_0);
    },
    log: lines,
    torn(name) {
      // What a line will ask for is not known before its end.
      if (!isNotes(name) || isFree) return;
      throw new Refusal(400, `"${name}" does not end with a whole line`);
    },
    file(name, _size, read) {
      if (kindOfName(name) === "log") lines(name, read());
      else if (!isFree) checkDefinition(name, read);
    },
    part() {},
    maySettle: () => true,
  };
}

/** Refuses a definition that is none, or that of something else than its folder. */
function checkDefinition(name: string, read: () => Uint8Array): void {
  const place = placeOf(name);
  if (place?.kind !== "experiment" && place?.kind !== "run") return;
  let why: string | undefined;
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(read());
    if (place.kind === "run") {
      if (parseRun(text, { path: name }).id !== place.run) why = "its id is not that of its folder";
    } else {
      const { id, name: folder } = parseExperiment(text, { path: name });
      if (id !== place.id || folder !== place.name) why = "its id and name are not those of its folder";
    }
  } catch (error) {
    why = isOld(text) ? NO_VERSION_0 : messageOf(error);
  }
  if (why !== undefined) throw new Refusal(400, `"${name}" is refused: ${why}`);
}

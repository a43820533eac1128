import { Buffer } from "node:buffer";
import { linesIn, NEWLINE } from "../../base/lines/lines_in.ts";
import { messageOf } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import { encodeEvent } from "../../format/events/encode_event.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { isPlainJson } from "../../format/json/plain_json.ts";
import { HttpError } from "../http/http_error.ts";
import { type Caller, LACKING, may } from "../access/roles.ts";
import { RIGHTS, ROLES } from "../../protocol/roles.ts";
import { type Needed, neededInLog, NOTES } from "./event_rights.ts";

/** Bytes of a line of notes. */
const MAX_NOTE_BYTES = 256 * 1024;

/** The writer of notes, and whether the experiment is their own. */
export interface Noting {
  readonly caller: Caller;
  readonly isOwn: () => boolean;
}

/** Refuses a note that the caller may not write. */
export function checkNote(event: string, { caller, isOwn }: Noting): void {
  const needed: Needed = Object.hasOwn(NOTES, event) ? NOTES[event] : "others";
  const isGranted = needed === "own" ? may(caller, "others") || (may(caller, "write") && isOwn()) : may(caller, needed);
  if (!isGranted) throw lacking(event, needed);
}

/**
 * Refuses notes with a line that the caller may not write. `bytes`: as they will stand in the file, from the start of a
 * line.
 *
 * A client that may not send copies as they are writes notes in one way only, the one in which dbx itself writes them:
 * then all readers read the same in it, and nothing else.
 */
export function checkNotes(name: string, bytes: Uint8Array, noting: Noting): void {
  const isFree = may(noting.caller, "others");
  if (!isFree && bytes[bytes.length - 1] !== NEWLINE) {
    throw new HttpError(400, `"${name}" does not end with a whole line`);
  }
  let number = 0;
  for (const { text } of linesIn(bytes)) {
    number++;
    const parsed = text === undefined ? undefined : parsedOrNot(text);
    if (parsed === undefined) {
      if (!isFree) throw new HttpError(400, `line ${number} of "${name}" is not an event`);
      continue;
    }
    const { event } = parsed;
    if (!isFree) checkForm(name, number, text!);
    checkNote(event, noting);
  }
}

/** The only event of some lines; undefined where there are more, or none. */
export function onlyEvent(bytes: Uint8Array): string | undefined {
  const [line, more] = linesIn(bytes);
  if (line?.text === undefined || more !== undefined || line.end !== bytes.length) return undefined;
  return parsedOrNot(line.text)?.event;
}

/**
 * Refuses lines that the caller may not write to the log of a run. Lines that are not events are accepted, because logs
 * may have such lines.
 */
export function checkLog(bytes: Uint8Array, caller: Caller): void {
  const data = bytesOf(bytes);
  // A name that begins with `dbx/` holds `dbx`, or an escape of one of its letters.
  if (!data.includes("dbx") && !data.includes("\\u")) return;
  for (const { text } of linesIn(bytes)) {
    if (text === undefined || !(text.includes("dbx") || text.includes("\\u"))) continue;
    const parsed = parsedOrNot(text);
    if (parsed === undefined) continue;
    const needed = neededInLog(parsed.event, parsed.data);
    if (needed !== undefined && !may(caller, needed)) throw lacking(parsed.event, needed);
  }
}

/** Refuses a line of notes that is not as dbx writes it, byte by byte. */
function checkForm(name: string, number: number, line: string): void {
  const why = formProblem(line);
  if (why !== undefined) throw new HttpError(400, `line ${number} of "${name}" is not a well-formed note: ${why}`);
}

function formProblem(line: string): string | undefined {
  if (line.length > MAX_NOTE_BYTES) return `it has more than ${MAX_NOTE_BYTES} characters`;
  let json: unknown;
  try {
    json = JSON.parse(line);
    const { event, ts, ...data } = json as { event: string; ts: number } & JsonObject;
    if (typeof ts !== "number" || !Number.isSafeInteger(ts) || ts < 0) return "`ts` is not whole milliseconds";
    if (!isPlainJson(data)) return "its data are not plain JSON";
    if (encodeEvent(event, ts, data) === line + "\n") return undefined;
  } catch (error) {
    return messageOf(error);
  }
  return "it is not the shortest JSON with `event` and `ts` first";
}

function lacking(event: string, needed: Needed): HttpError {
  const what = needed === "own"
    ? "only delete and restore experiments that it created, in which no other token has runs"
    : `not ${LACKING[needed]}`;
  const who = needed === "own" ? "" : `; a token of the role ${ROLES.find((role) => RIGHTS[role].has(needed))} may`;
  return new HttpError(403, `this token may ${what}${who} ("${event.slice(0, 40)}" is refused)`);
}

function parsedOrNot(line: string): { readonly event: string; readonly data: JsonObject } | undefined {
  try {
    return parseEvent(line);
  } catch {
    return undefined; // It is not an event, so it requests nothing.
  }
}

function bytesOf(bytes: Uint8Array): { includes(text: string): boolean } {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

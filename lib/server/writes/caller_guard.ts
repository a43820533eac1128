import { isNotesFile } from "../../format/layout/name_tests.ts";
import { isId } from "../../base/ids.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { parsePath, type Place } from "../../format/layout/parse_path.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { EXPIRED_EVENT } from "../../repo/logs/claim_events.ts";
import type { WriteGuard } from "../../store/write_guard.ts";
import { HttpError } from "../http/http_error.ts";
import { type Caller, LACKING, may } from "../access/roles.ts";
import { checkDefinition, NO_VERSION_0 } from "./definitions.ts";
import { checkLog, checkNotes, onlyEvent } from "./lines.ts";
import type { Ownership } from "./ownership.ts";
import type { Quotas } from "./quotas.ts";

/** What the rules of a repository are decided by. */
export interface Rules {
  readonly root: RootFolder;
  readonly ownership: Ownership;
  readonly quotas: Quotas;
}

/**
 * Decides over what one request may write to a repository, by the bytes as they will stand in the file: however they were split,
 * packed or written before, what readers will read there is what was looked at. Every route that writes goes through it.
 */
export class CallerGuard implements WriteGuard {
  readonly #isFree: boolean;
  /** Runs whose definitions are on their way in this request. */
  readonly #coming = new Set<string>();
  /** Whether experiments are the caller's own, as far as this request asked. */
  readonly #own = new Map<string, boolean>();

  constructor(readonly rules: Rules, readonly caller: Caller) {
    this.#isFree = may(caller, "others");
  }

  begin(name: string): void {
    const { rules: { ownership, quotas }, caller } = this;
    if (classifyPath(name) === "tombstone") {
      if (may(caller, "purge")) return;
      throw new HttpError(403, `this token may not ${LACKING.purge}: a token with the role control may`);
    }
    const place = this.#isFree ? parsePath(name) : this.#placeOf(name);
    if (place !== undefined && !ownership.allows(place, caller)) {
      // What is there and does not change is skipped, regardless of its owner; what changes is looked at when it does.
      if (this.#isThere(name)) return;
      const isComing = place.kind === "log" && this.#coming.has(place.run) && ownership.isNobodys(place);
      if (!isComing && !ownership.isExpiredClaim(place, caller)) ownership.check(place, caller);
      if (place.kind === "notes") ownership.checkCopies(place, caller);
      if (place.kind === "run") this.#coming.add(place.run);
    }
    if (quotas.isFull(caller) && !this.#isThere(name)) quotas.checkRoom(caller);
  }

  log(name: string, bytes: Uint8Array, from: number, added: number): void {
    const place = parsePath(name);
    const isFirst = from === 0 && added === bytes.length;
    const { ownership } = this.rules;
    const isSettled = place !== undefined && isFirst && onlyEvent(bytes) === EXPIRED_EVENT &&
      ownership.isExpiredClaim(place, this.caller);
    if (!isSettled) this.#check(place);
    this.#checkLines(name, place, bytes);
    this.rules.quotas.add(this.caller, added, isFirst ? 1 : 0);
    if (!isSettled) this.#claim(place);
  }

  torn(name: string, from: number, length: number, added: number): void {
    const place = parsePath(name);
    this.#check(place);
    // What a line will ask for is not known before its end.
    if (isNotesFile(name) && !this.#isFree && length > 0) {
      throw new HttpError(400, `"${name}" does not end with a whole line`);
    }
    this.rules.quotas.add(this.caller, added, from === 0 && length === added ? 1 : 0);
    this.#claim(place);
  }

  file(name: string, size: number | undefined, read: () => Uint8Array): void {
    const place = parsePath(name);
    this.#check(place);
    if (classifyPath(name) === "log") this.#checkLines(name, place, read());
    else if (!this.#isFree && (place?.kind === "experiment" || place?.kind === "run")) {
      const run = checkDefinition(name, place, read());
      if (place.kind === "run") this.rules.ownership.checkAgent(place, run?.extra.agent, this.caller);
    }
    if (size !== undefined) this.rules.quotas.add(this.caller, size, 1);
    this.#claim(place);
  }

  part(_name: string, bytes: number, isFirst: boolean): void {
    this.rules.quotas.add(this.caller, bytes, isFirst ? 1 : 0);
  }

  maySettle(name: string): boolean {
    const place = parsePath(name);
    return place === undefined ? this.#isFree : this.rules.ownership.allows(place, this.caller);
  }

  /** The place of a file of the format; refuses any other. */
  #placeOf(name: string): Place {
    const place = parsePath(name);
    if (place === undefined) {
      throw new HttpError(403, "this token may not write it: it is not a file of a v1 experiment");
    }
    if (place.kind === "old") throw new HttpError(403, NO_VERSION_0);
    if (place.kind === "notes" && !isId(place.replica)) {
      throw new HttpError(403, "this token may not write it: notes are named by the id of a replica");
    }
    return place;
  }

  #check(place: Place | undefined): void {
    if (place !== undefined) this.rules.ownership.check(place, this.caller);
  }

  #claim(place: Place | undefined): void {
    if (place !== undefined) this.rules.ownership.claim(place, this.caller);
  }

  #checkLines(name: string, place: Place | undefined, bytes: Uint8Array): void {
    const { caller } = this;
    if (!isNotesFile(name)) return checkLog(bytes, caller);
    const isOwn = () => place?.kind === "notes" && this.#isOwn(place.experiment);
    checkNotes(name, bytes, { caller, isOwn });
  }

  /** To find that out takes a look at all runs. */
  #isOwn(experiment: string): boolean {
    let isOwn = this.#own.get(experiment);
    if (isOwn === undefined) {
      this.#own.set(experiment, isOwn = this.rules.ownership.isOwnExperiment(experiment, this.caller));
    }
    return isOwn;
  }

  #isThere(name: string): boolean {
    try {
      return this.rules.root.lstat(name) !== undefined;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }
}

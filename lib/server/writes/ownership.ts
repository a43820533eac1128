import { lastSegment } from "../../base/paths.ts";
import { ID_LENGTH } from "../../base/ids.ts";
import { parseRun } from "../../format/definitions/definition.ts";
import { definitionFile, notesFile, notesFolder, runFolder, runsFolder } from "../../format/layout/names.ts";
import { parsePath, type Place } from "../../format/layout/parse_path.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { CLAIM_MS } from "../../repo/control/attempts.ts";
import { HttpError } from "../http/http_error.ts";
import { type Caller, may } from "../access/roles.ts";
import type { Owned, Owners } from "./owners.ts";
import type { QueuedStarts } from "./queued_starts.ts";

/**
 * Whose something is: the id of a token; of the owner of the folder; or without an owner, because it does not exist
 * yet.
 */
type Requester = { readonly token: string } | "holder" | "nobody";

/** Copies of which one token may bring notes to one experiment. */
const MAX_COPIES = 64;

/** What the rules look at. */
export interface OwnershipOptions {
  readonly root: RootFolder;
  readonly owners: Owners;
  readonly starts: QueuedStarts;
  /** The name of a token that is there. */
  readonly nameOf: (id: string) => string | undefined;
  /** The id under which this copy itself writes notes. */
  readonly ownReplica: () => string | undefined;
}

/**
 * Whose experiments, runs and notes are, and who may write to them. An experiment and a run belong to the token that
 * made them, by whatever way; the notes of a copy to the token by which the first of them came. What no token made
 * belongs to the owner of the folder. Others write there only with the right `others`; but everybody who may write adds
 * runs and notes of their own to any experiment.
 */
export class Ownership {
  constructor(readonly options: OwnershipOptions) {}

  /** Refuses to write to a place, or to make what stands there. */
  check(place: Place, caller: Caller): void {
    if (may(caller, "others")) return;
    const whose = this.#whose(place);
    if (whose === undefined || isOwn(whose, caller)) return;
    if (whose !== "nobody") throw new HttpError(403, this.#why(place, whose));
    if (place.kind === "log") {
      throw new HttpError(409, `the run "${place.run}" does not exist; send its definition before its logs`);
    }
    if (place.kind === "run" && this.#isStart(place, caller)) return;
    // The same id for something else would make it ambiguous.
    const token = this.options.owners.anyOf(keyOf(place)!.id);
    if (token === undefined || token === caller.id) return;
    throw new HttpError(403, `the id "${keyOf(place)!.id}" belongs to what another token made`);
  }

  /** Whether a run is that of a queued start; refuses it to clients that may not take that. */
  #isStart({ experiment, run }: Place & { readonly kind: "run" }, caller: Caller): boolean {
    const start = this.options.starts.of(experiment, run);
    if (start === undefined) return false;
    if (!may(caller, "claim")) {
      throw new HttpError(
        403,
        `the run "${run}" belongs to a queued start, which only a token with the role agent can take`,
      );
    }
    const { agents } = start;
    if (agents === undefined || agents.includes(caller.name ?? "")) return true;
    throw new HttpError(403, `the queued start of the run "${run}" is for other agents: ${agents.join(", ")}`);
  }

  /** Refuses the run of a queued start in which an agent calls itself otherwise than its token does. */
  checkAgent({ experiment, run }: Place & { readonly kind: "run" }, agent: unknown, caller: Caller): void {
    if (may(caller, "others") || agent === caller.name) return;
    if (this.options.starts.of(experiment, run) === undefined) return;
    throw new HttpError(403, `the run "${run}" belongs to a queued start; its "agent" must be "${caller.name ?? ""}"`);
  }

  /** Refuses notes of a further replica if a client has sent those of very many: creating a run reads all of them. */
  checkCopies({ experiment }: Place & { readonly kind: "notes" }, { id }: Caller): void {
    const { root, owners } = this.options;
    let names: readonly Deno.DirEntry[];
    try {
      names = root.list(notesFolder(experiment));
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    const own = names.filter(({ name }) => owners.of({ id: name.slice(0, ID_LENGTH) }) === id);
    if (own.length >= MAX_COPIES) {
      throw new HttpError(
        403,
        `this token has sent the notes of ${MAX_COPIES} replicas to the experiment, which is the limit`,
      );
    }
  }

  /** Whether the client owns a file, or may change it. */
  allows(place: Place, caller: Caller): boolean {
    if (may(caller, "others")) return true;
    const whose = this.#whose(place);
    return whose === undefined || isOwn(whose, caller);
  }

  /** Whether what stands at a place is still to be made. */
  isNobodys(place: Place): boolean {
    return this.#whose(place) === "nobody";
  }

  /** Makes the caller the owner of what has none. Refuses where another one was faster. */
  claim(place: Place, caller: Caller): void {
    const key = keyOf(place);
    const { id } = caller;
    if (id === undefined || key === undefined || this.options.owners.of(key) !== undefined) return;
    if (this.#whose(place) !== "nobody") return;
    const token = this.options.owners.claim(key, id);
    if (token !== id && !may(caller, "others")) throw new HttpError(403, this.#why(place, { token }));
  }

  /** Whether an experiment and all runs in it belong to the caller, so that others do not lose what it deletes. */
  isOwnExperiment(experiment: string, caller: Caller): boolean {
    const { root, owners } = this.options;
    if (caller.id === undefined || owners.of(ownedFolder(experiment)) !== caller.id) return false;
    try {
      return root.list(runsFolder(experiment)).every(({ name, isDirectory }) =>
        !isDirectory || owners.of(ownedFolder(runFolder(experiment, name))) === caller.id
      );
    } catch (error) {
      if (isAbsent(error)) return true;
      throw error;
    }
  }

  /**
   * Whether a place is the log `dbx` of the run of a queued start that an agent claimed and never began, so that another agent may
   * write there that the claim has expired.
   */
  isExpiredClaim(place: Place, caller: Caller): boolean {
    if (place.kind !== "log" || place.log !== "dbx" || !may(caller, "claim")) return false;
    const { root, starts } = this.options;
    if (starts.of(place.experiment, place.run) === undefined) return false;
    try {
      const path = definitionFile(place.folder);
      if (!(Date.now() - parseRun(root.readText(path), { path }).createdAt > CLAIM_MS)) return false;
      return root.list(place.folder).every(({ name }) => {
        const log = parsePath(`${place.folder}/${name}`)?.kind === "log";
        return !log || root.lstat(`${place.folder}/${name}`)?.size === 0;
      });
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  /** Undefined: files without an owner, such as objects. */
  #whose(place: Place): Requester | undefined {
    const key = keyOf(place);
    if (key === undefined) return undefined;
    const { root, owners, ownReplica } = this.options;
    const token = owners.of(key);
    if (token !== undefined) return { token };
    if (place.kind === "notes" && place.replica === ownReplica()) return "holder";
    return filesOf(place).some((name) => isThere(root, name)) ? "holder" : "nobody";
  }

  #why(place: Place, whose: Exclude<Requester, "nobody">): string {
    const what = place.kind === "experiment"
      ? `the experiment "${place.id}"`
      : place.kind === "notes"
      ? `the notes of the replica "${place.replica}"`
      : `the run "${"run" in place ? place.run : ""}"`;
    if (whose === "holder") {
      return `${what} was made without a token, by the owner of the repository; a token with the role control may write there`;
    }
    const name = this.options.nameOf(whose.token);
    return name === undefined
      ? `${what} was made by a token that was removed; dbx token add NAME --inherit OLD makes one that takes it over`
      : `${what} belongs to the token "${name}"; only it, and tokens with the role control, may write there`;
  }
}

function isOwn(whose: Requester, { id }: Caller): boolean {
  return typeof whose === "object" && id !== undefined && whose.token === id;
}

/** An experiment or a run by its folder, which ends with its id. */
function ownedFolder(folder: string): Owned {
  return { id: lastSegment(folder), folder };
}

/** What a place belongs to. */
function keyOf(place: Place): Owned | undefined {
  switch (place.kind) {
    case "experiment":
      return ownedFolder(place.experiment);
    case "run":
    case "log":
      return ownedFolder(place.folder);
    case "notes":
      return { id: place.replica };
  }
}

/** The files of which one is there where something was made. */
function filesOf(place: Place): readonly string[] {
  switch (place.kind) {
    case "experiment":
      return [definitionFile(place.experiment)];
    case "run":
    case "log":
      return [definitionFile(place.folder)];
    case "notes":
      return [notesFile(place.experiment, place.replica)];
    default:
      return [];
  }
}

function isThere(root: RootFolder, name: string): boolean {
  try {
    return root.lstat(name) !== undefined;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

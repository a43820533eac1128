import { lastSegment } from "../../base/paths.ts";
import {
  describeUnportable,
  foldedName,
  type Unportable,
  unportablePath,
  unportableSegment,
} from "../../format/layout/portable_names.ts";
import { withBulkFallback } from "../../store/bulk_fallback.ts";
import type { Checking } from "./checking.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** Names that other systems cannot hold or keep apart, of all that a synchronisation copies. */
export async function* checkPortable({ store }: Repository, { options }: Checking): AsyncIterableIterator<Problem> {
  if (!options.portable) return;
  const names = new Names();
  for await (const batch of withBulkFallback(store).listFiles({ signal: options.signal })) {
    for (const { name, kind } of batch) {
      // Hashes and ids fit everywhere.
      if (kind !== "object" && kind !== "tombstone") yield* names.add(name);
    }
  }
}

/** The names of files and folders that were met. */
class Names {
  /** What stands in a folder under a key on systems that distinguish less. */
  readonly #byKey = new Map<string, string>();
  readonly #seen = new Set<string>();

  /** Goes down to a file; each folder and file on the way is reported once. */
  *add(path: string): Generator<Problem> {
    for (let end = path.indexOf("/"), start = 0;; end = path.indexOf("/", start)) {
      const part = end < 0 ? path : path.slice(0, end);
      if (!this.#seen.has(part)) {
        this.#seen.add(part);
        yield* this.#look(part, part.slice(start));
      }
      if (end < 0) return;
      start = end + 1;
    }
  }

  *#look(path: string, segment: string): Generator<Problem> {
    const above = path.slice(0, path.length - segment.length);
    for (const found of unportableSegment(segment)) yield unportable(path, found);
    // Of what is in a folder that is too long itself nothing more is to be said.
    const long = above === "" || unportablePath(above.slice(0, -1)) === undefined ? unportablePath(path) : undefined;
    if (long !== undefined) yield unportable(path, long);
    const key = above + foldedName(segment);
    const other = this.#byKey.get(key);
    if (other === undefined) this.#byKey.set(key, path);
    else yield unportable(path, twinOf(segment, other.slice(above.length)));
  }
}

function twinOf(segment: string, other: string): Unportable {
  const isSameText = segment.normalize("NFC") === other.normalize("NFC");
  const why = `it differs from ${JSON.stringify(other)} beside it only in ${
    isSameText ? "how letters are composed" : "case"
  }, so both are one there`;
  return { why, systems: isSameText ? ["macOS"] : ["Windows", "macOS"] };
}

function unportable(path: string, found: Unportable): Problem {
  const message = describeUnportable(lastSegment(path), found);
  return { ...problem("unportable", { path, message }), systems: found.systems };
}

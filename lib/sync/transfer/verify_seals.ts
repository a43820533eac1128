import { runOfLifeLog } from "../../format/layout/name_tests.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { closingSeal, parseSeal, SEAL_EVENT, sealedFile } from "../../format/events/seal.ts";
import { HeldLines } from "../../base/lines/held_lines.ts";
import { linesIn } from "../../base/lines/lines_in.ts";
import type { BulkOptions, BulkStore, FileChunk, FileIssue } from "../../store/store.ts";

/** What a run says of the first bytes of one of its files. */
interface Sealed {
  readonly size: number;
  readonly sha256: string;
  /** Of a definition: all of it. */
  readonly isWhole: boolean;
}

/** So many of the latest seals of a file are kept: of those that are ahead of what was sent, an earlier one counts. */
const KEPT = 8;

/** A line of the log `dbx` that is longer is not a seal. */
const MAX_SEAL_BYTES = 1024 * 1024;

/** Notes the seals in the logs `dbx` that are transferred, and compares what is at the target with them afterwards. */
export class SealComparison {
  /** By the name of the file, from the oldest on. */
  readonly #seals = new Map<string, Sealed[]>();
  /** What came of a line that is not over, and where it begins in its log. */
  #rest: { readonly name: string; readonly at: number; readonly held: HeldLines } | undefined;

  /** Looks at a part that goes by. */
  note({ name, offset, bytes }: FileChunk): void {
    const run = runOfLifeLog(name);
    if (run === undefined || bytes.length === 0) return;
    const before = this.#rest;
    const isNext = before?.name === name && before.at + before.held.length === offset;
    const { at, held } = isNext ? before : { at: offset, held: new HeldLines() };
    const lines = held.push(bytes);
    for (const { text, start, end } of linesIn(lines)) {
      this.#line(name, run, at + start, text ?? lenient.decode(lines.subarray(start, end - 1)));
    }
    this.#rest = held.length > MAX_SEAL_BYTES ? undefined : { name, at: at + lines.length, held };
  }

  /**
   * The files of which the target's bytes are not those that were sealed. Costs one question for all files that have new seals,
   * and nothing where none came.
   */
  async differing(target: BulkStore, options: BulkOptions = {}): Promise<FileIssue[]> {
    const setbacks: FileIssue[] = [];
    let open = [...this.#seals];
    for (let back = 1; open.length > 0; back++) {
      const asked = open.map(([name, seals]) => ({ name, seals, seal: seals[seals.length - back] }));
      const extents = asked.map(({ name, seal }) => ({ name, length: seal.isWhole ? undefined : seal.size }));
      const proofs = await target.hashPrefixes(extents, options);
      open = [];
      for (const [at, { name, seals, seal }] of asked.entries()) {
        const proof = proofs[at];
        if (proof === undefined) continue; // It was not meant to come, or is on its way.
        if (proof.sha256 === undefined) {
          if (seals.length > back) open.push([name, seals]);
        } else if (proof.sha256 !== seal.sha256 || (seal.isWhole && proof.size !== seal.size)) {
          setbacks.push({
            name,
            kind: "damaged",
            message:
              `in ${target.location} its first ${seal.size} bytes differ from those that its run sealed when it wrote them`,
          });
        }
      }
    }
    return setbacks;
  }

  #line(log: string, run: string, at: number, text: string): void {
    if (text.includes(SEAL_EVENT)) return this.#seal(run, text);
    // What ends a run seals the log that it stands in.
    const closing = closingSeal(text);
    if (closing === undefined || !text.startsWith(`{"event":"dbx/end"`)) return;
    const head = new TextEncoder().encode(closing.head).length;
    this.#add(log, { size: at + head, sha256: closing.sha256, isWhole: false });
  }

  #seal(run: string, text: string): void {
    try {
      const { event, data } = parseEvent(text);
      const seal = event === SEAL_EVENT ? parseSeal(data) : undefined;
      if (seal === undefined) return;
      const name = sealedFile(run, seal);
      const isWhole = seal.log === undefined;
      if (classifyPath(name) === (isWhole ? "definition" : "log")) this.#add(name, { ...seal, isWhole });
    } catch {
      // It is not an event.
    }
  }

  #add(name: string, seal: Sealed): void {
    const own = this.#seals.get(name) ?? [];
    own.push(seal);
    if (own.length > KEPT) own.shift();
    this.#seals.set(name, own);
  }
}

const lenient = new TextDecoder();

import { NotFoundError } from "../../base/errors.ts";
import type { Store } from "../../store/store.ts";
import { checksum } from "../encoding/encoding.ts";
import type { IndexedLog } from "./indexed_logs.ts";
import type { LogFile } from "./listed_log.ts";

/** How many bytes at either end of a part prove that a log is still the same, where more costs too much. */
const PROOF = 4096;
/** Sections of a log are read together up to so many bytes. */
const MAX_READ_BYTES = 4 * 1024 * 1024;
/** A log that is longer is compared in full only now and then: comparing takes at most one part in ten of the time. */
const LONG_LOG = 32 * 1024 * 1024;
const SHARE = 10;

/** The checksums of the first and of the last bytes of what a log holds up to a place. */
export async function proofOf(
  store: Pick<Store, "read">,
  path: string,
  to: number,
): Promise<{ head: number; tail: number }> {
  const length = Math.min(PROOF, to);
  const head = checksum(await store.read(path, { length }));
  const tail = checksum(await store.read(path, { offset: to - length, length }));
  return { head, tail };
}

/** The same of bytes that start a log. `all`: their checksum. */
export function proofOfBytes(bytes: Uint8Array, all?: number): { head: number; tail: number } {
  if (all !== undefined && bytes.length <= PROOF) return { head: all, tail: all };
  return {
    head: checksum(bytes.subarray(0, PROOF)),
    tail: checksum(bytes.subarray(Math.max(0, bytes.length - PROOF))),
  };
}

/** The checksums of either end of a piece of a log; undefined if the piece is too short to decide. */
export function endsOf(piece: Uint8Array): { head: number; tail: number } | undefined {
  if (piece.length < PROOF) return undefined;
  return { head: checksum(piece.subarray(0, PROOF)), tail: checksum(piece.subarray(piece.length - PROOF)) };
}

/** What the last comparison of a log found. */
interface Compared {
  readonly size: number;
  readonly modifiedAt: number;
  readonly to: number;
  readonly isStill: boolean;
  /** When a long log may be compared in full again, by the clock of this process. */
  readonly again: number;
}

/**
 * Finds out whether logs that have another length or time than when they were indexed still begin with what was indexed.
 * On a disk all of that is read and compared by its checksums: nothing else shows a change in the middle of a log that
 * has grown, too. Behind a network, where this would cost as much as reading the log again, both ends have to do.
 */
export class PrefixProof {
  readonly #compared = new Map<string, Compared>();

  constructor(readonly store: Store) {}

  async isStill(known: IndexedLog, log: LogFile, signal?: AbortSignal): Promise<boolean> {
    if (log.size < known.to) return false;
    const before = this.#compared.get(log.path);
    const isSame = before?.size === log.size && before.modifiedAt === log.modifiedAt && before.to === known.to;
    // Where its times prove nothing yet, it is compared each time.
    const isYoung = log.modifiedAt < 0;
    if (isSame && !isYoung) return before.isStill;
    const from = performance.now();
    let [isStill, again] = [false, before?.again ?? 0];
    try {
      if (this.store.capabilities.remote) isStill = log.size !== known.size && await this.#endsAre(known, log);
      else if (known.to > LONG_LOG && (log.size !== known.size || isYoung) && from < again) {
        isStill = await this.#endsAre(known, log);
      } else {
        isStill = await this.#sectionsAre(known, log, signal);
        const now = performance.now();
        again = now + (now - from) * SHARE;
      }
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
    const { size, modifiedAt } = log;
    this.#compared.set(log.path, { size, modifiedAt, to: known.to, isStill, again });
    return isStill;
  }

  async #endsAre(known: IndexedLog, { path }: LogFile): Promise<boolean> {
    const { head, tail } = await proofOf(this.store, path, known.to);
    return head === known.head && tail === known.tail;
  }

  async #sectionsAre(known: IndexedLog, { path }: LogFile, signal?: AbortSignal): Promise<boolean> {
    let start = 0;
    let bytes: Uint8Array = new Uint8Array();
    let offset = 0;
    for (const { pack, part } of known.parts) {
      const { parts, sections } = pack.directory;
      for (let at = parts.sectionsFrom[part]; at < parts.sectionsTo[part]; at++) {
        const to = sections.to[at];
        if (to > offset + bytes.length) {
          signal?.throwIfAborted();
          offset = start;
          const length = Math.min(Math.max(MAX_READ_BYTES, to - start), known.to - start);
          bytes = await this.store.read(path, { offset, length, listed: true });
          if (bytes.length < length) return false;
        }
        if (checksum(bytes.subarray(start - offset, to - offset)) !== sections.check[at]) return false;
        start = to;
      }
    }
    return start === known.to;
  }
}

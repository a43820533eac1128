import { NEWLINE } from "../../base/lines/lines_in.ts";
import { DamageError } from "../../base/errors.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import type { FileChunk } from "../../store/store.ts";

/** Compares what a peer gives with what was asked for: a liar must neither send other files, nor leave half a line behind. */
export class ReceivedCheck {
  /** Of the files of which more is to come: what they said of their length, and their last byte. */
  readonly #open = new Map<string, { readonly size: number; readonly last: number | undefined }>();

  /** `who`: the peer, for messages. */
  constructor(readonly who: string) {}

  /**
   * Only what was asked for, from there on, in order; of what does not grow, no second version after the first; of a log, whole
   * lines.
   *
   * @throws {DamageError}
   */
  check({ name, offset, bytes, size, end, error }: FileChunk, asked: ReadonlyMap<string, number>): void {
    const refuse = (why: string): never => {
      throw new DamageError(`Cannot read what ${this.who} sends: "${name}" ${why}`);
    };
    if (asked.get(name) !== offset) return refuse(`at ${offset} was not requested`);
    if (error !== undefined) return;
    const isLog = classifyPath(name) === "log";
    const before = this.#open.get(name);
    if (!isLog && before !== undefined && before.size !== size) {
      return refuse("changed while it was sent; try again");
    }
    const last = bytes.at(-1) ?? before?.last;
    if (isLog && end && last !== undefined && last !== NEWLINE) return refuse("ends within a line");
    if (end) this.#open.delete(name);
    else this.#open.set(name, { size, last });
  }
}

import { classifyPath } from "../format/layout/file_kind.ts";
import type { FileChunk } from "../store/store.ts";

/** The file whose frames are coming. */
interface Open {
  readonly name: string;
  readonly size: number;
  readonly sha256: string | undefined;
  /** Up to where its bytes have come. */
  readonly at: number;
}

/**
 * Follows a stream of frames, and says where it breaks the rules of their order: the same ones for sender and receiver.
 */
export class FrameOrder {
  #open: Open | undefined;
  readonly #seen = new Set<string>();

  /** What is wrong with a part as such, or undefined. */
  static fault({ name, offset, bytes, size, end, error }: FileChunk): string | undefined {
    const at = offset + bytes.length;
    const quoted = JSON.stringify(name).slice(0, 200);
    if (at > size) return `${quoted} continues beyond its ${size} bytes`;
    if (end && error === undefined && at < size) return `${quoted} ends at ${at}, before its ${size} bytes`;
    if (error !== undefined && !end) return `${quoted} has an error but no end`;
  }

  /** Where the next part does not follow the one before: what is wrong, or undefined. */
  next({ name, offset, bytes, size, sha256, end, error }: FileChunk): string | undefined {
    const open = this.#open;
    const at = offset + bytes.length;
    const quoted = JSON.stringify(name).slice(0, 200);
    if (open !== undefined && open.name !== name) return `${JSON.stringify(open.name).slice(0, 200)} has no end`;
    if (open === undefined && this.#seen.has(name)) return `${quoted} was sent twice`;
    if (open !== undefined && offset !== open.at) return `${quoted} continues at ${offset}, not at ${open.at}`;
    if (open !== undefined && error === undefined) {
      // What was the tail of a log when its frames began may turn out to be torn.
      const isShorter = classifyPath(name) === "log" && end && size < open.size;
      if (size !== open.size && !isShorter) return `${quoted} changed its length from ${open.size} to ${size}`;
      if (sha256 !== open.sha256) return `${quoted} changed its SHA-256`;
    }
    this.#seen.add(name);
    this.#open = end ? undefined : { name, size, sha256, at };
  }
}

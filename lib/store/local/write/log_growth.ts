import type { FileChunk } from "../../store.ts";
import { askFirst, growLog } from "../logs/grow_log.ts";
import { PartialLine } from "../logs/partial_line.ts";
import type { WriteTarget } from "./write_target.ts";
import type { WrittenGroup } from "./written_group.ts";

/** Lets logs grow in place, each under a lock that only one call holds. */
export class LogGrowth {
  /** The beginning of a line for the place of a torn tail. */
  #line: PartialLine | undefined;

  constructor(readonly target: WriteTarget, readonly group: WrittenGroup) {}

  grow(piece: FileChunk): void {
    const chunk = this.#line?.first.name === piece.name ? this.#line.with(piece) : piece;
    if (chunk === undefined) return;
    const { name, offset, bytes, end } = chunk;
    if (offset > 0 && bytes.length === 0 && !end) return;
    const { guard, root, folders } = this.target;
    const isAsked = guard !== undefined && offset === 0 && root.lstat(name) === undefined;
    if (isAsked) askFirst(guard, name, bytes);
    if (offset === 0) folders.makeFor(name);
    const file = root.open(name, { read: true, append: true, create: offset === 0 });
    let isKept = false;
    try {
      file.lockSync(true);
      try {
        isKept = this.#growOpen(file, chunk, isAsked);
      } finally {
        file.unlockSync();
      }
    } finally {
      if (!isKept) file.close();
    }
  }

  /** Whether the file stays open, as it is not durable yet. */
  #growOpen(file: Deno.FsFile, chunk: FileChunk, isAsked: boolean): boolean {
    const { name, offset, bytes, end, modifiedAt } = chunk;
    const { guard, root, report } = this.target;
    const growth = growLog(file, { name, offset, bytes, guard, isAsked, root });
    this.#line = growth.kind === "torn" && !end ? new PartialLine(chunk) : undefined;
    if (this.#line?.hasRoom) return false;
    if (growth.kind === "gap") report.addGap(chunk, growth.size);
    else if (growth.kind === "torn") this.#leaveTail(chunk);
    else if (growth.kind === "diverged") report.add(chunk, "diverged", `it differs after byte ${offset}`);
    else {
      const { added, there } = growth;
      report.addBytes(added);
      if (!end) return false;
      if (added > 0) report.addFile();
      // Of what it did not change, a stranger does not change the time either.
      const maySettle = added > 0 || guard?.maySettle(name) !== false;
      if (added === 0 && (modifiedAt === undefined || !maySettle)) return false;
      const time = there > bytes.length ? undefined : modifiedAt;
      this.group.add({ file, name, kind: "log", bytes: bytes.length, modifiedAt: time });
      return true;
    }
    return false;
  }

  /** Nothing of a line that has begun is waited for. */
  forget(): void {
    this.#line = undefined;
  }

  /** All has come. */
  finish(): void {
    if (this.#line !== undefined) this.#leaveTail({ name: this.#line.first.name, end: true });
  }

  #leaveTail(chunk: Pick<FileChunk, "name" | "end">): void {
    this.#line = undefined;
    this.target.report.add(
      chunk,
      "retry",
      "it ends in the middle of a line, and no whole line arrived to replace that",
    );
  }
}

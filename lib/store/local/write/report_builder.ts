import type { FileChunk, FileIssue, WriteReport } from "../../store.ts";

/** What is being written, as the report says it at the end. */
export class ReportBuilder {
  readonly #issues: FileIssue[] = [];
  readonly #changedAt = new Map<string, number>();
  #files = 0;
  #bytes = 0;
  /** The file whose further chunks are skipped. */
  #skipped: string | undefined;

  /**
   * Says what became of a chunk that is not written; those that follow of its file are skipped. `size`: bytes that are
   * there.
   */
  add(chunk: Pick<FileChunk, "name" | "end">, kind: FileIssue["kind"], message: string, size?: number): void {
    this.#issues.push({ name: chunk.name, kind, message, ...size !== undefined && { size } });
    this.skipRest(chunk);
  }

  /** Less is there than would be needed for what came to follow it. */
  addGap(chunk: FileChunk, size: number): void {
    this.add(chunk, "retry", `${size} bytes of it exist, fewer than ${chunk.offset}`, size);
  }

  /** The further chunks of this file are skipped. */
  skipRest({ name, end }: Pick<FileChunk, "name" | "end">): void {
    if (!end) this.#skipped = name;
  }

  /** Whether a chunk is to be skipped, as its file is. */
  skips({ name, end }: FileChunk): boolean {
    const isSkipped = this.isSkipping(name);
    if (!isSkipped || end) this.#skipped = undefined;
    return isSkipped;
  }

  isSkipping(name: string): boolean {
    return this.#skipped === name;
  }

  addFile(): void {
    this.#files++;
  }

  addBytes(count: number): void {
    this.#bytes += count;
  }

  /** How a file was left. */
  setChangedAt(name: string, at: number): void {
    this.#changedAt.set(name, at);
  }

  get report(): WriteReport {
    return { files: this.#files, bytes: this.#bytes, setbacks: this.#issues, changedAt: this.#changedAt };
  }
}

/**
 * Decides over what is about to be written, on the bytes as they will stand in the file. Every method throws to refuse. What
 * is written follows at once: nothing else of this process comes between, and of a log its lock is held.
 */
export interface WriteGuard {
  /** A client wants to write to a file, or to create it; nothing of it is opened or made yet. */
  begin(name: string): void;
  /**
   * A log is about to have these bytes from `from`, where a line starts, to its end. The last `added` of them are new, those
   * before them are a line that was torn.
   */
  log(name: string, bytes: Uint8Array, from: number, added: number): void;
  /**
   * A log is about to end with a line that is not complete yet, or to be made empty: where that line begins, bytes of it that there
   * will be, and those that are new.
   */
  torn(name: string, from: number, length: number, added: number): void;
  /** Another file is about to get its name. `size`: undefined where it came in parts. `read`: its bytes. */
  file(name: string, size: number | undefined, read: () => Uint8Array): void;
  /** So many bytes of a file that is not whole yet are about to be kept. `isFirst`: nothing of it was kept before. */
  part(name: string, bytes: number, isFirst: boolean): void;
  /** Whether the time of a file may be changed. */
  maySettle(name: string): boolean;
}

/** Whether a guard, with an error that it threw, refuses all else of the same request too. */
export function stopsAll(error: unknown): boolean {
  return error instanceof Error && "stopsAll" in error && error.stopsAll === true;
}

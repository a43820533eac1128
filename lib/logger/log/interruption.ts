/** What others did to a file of a run while the run was written. */
export interface Interruption {
  /** The file's name in the folder of the run, or above it. */
  readonly file: string;
  /** `moved`: with its folder, and it is written where it is now. Everything else was mended. */
  readonly kind: "removed" | "replaced" | "shortened" | "moved";
  /** Lines that were in the file, and now are nowhere. */
  readonly lost: number;
}

/** Interruptions in one sentence. */
export function describeInterruptions(list: readonly Interruption[]): string {
  const parts = ["removed", "replaced", "shortened", "moved"].flatMap((kind) => {
    const files = [...new Set(list.filter((item) => item.kind === kind).map(({ file }) => file))];
    return files.length === 0 ? [] : [`${kind} (${files.join(", ")})`];
  });
  const lost = list.reduce((sum, item) => sum + item.lost, 0);
  const then = lost > 0
    ? `${lost} lines that they held are lost`
    : parts.every((part) => part.startsWith("moved"))
    ? "they are written where they are now"
    : "they were created again, and no logged line is lost";
  return `files of this run were ${parts.join(" and ")} while it was written; ${then}`;
}

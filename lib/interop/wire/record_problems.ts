import type { SourceEntry } from "../files/source_files.ts";
import type { ProblemRecord } from "../foreign.ts";

/** A place in a file that cannot be read; reading goes on behind it. `offset`: in bytes. */
export function damaged({ name: file }: SourceEntry, offset: number, what: string): ProblemRecord {
  const at = { unit: "byte", number: offset } as const;
  return { type: "problem", file, at, what, advice: "it is left out, and what follows is imported" };
}

/** A file whose last record is not whole, as while it is being written. `offset`: where that record begins, in bytes. */
export function torn({ name: file }: SourceEntry, offset: number): ProblemRecord {
  const at = { unit: "byte", number: offset } as const;
  const what = "the file ends within a record";
  return { type: "problem", file, at, what, advice: "another import goes on from there if it grows", isWaiting: true };
}

import { UsageError } from "../../base/errors.ts";
import type { Repository } from "../../repo/repository.ts";
import type { Asking } from "../asking.ts";
import { metricRows } from "./metric_rows.ts";
import { type DiffRow, factRows } from "./rows.ts";
import { readSubject, type Subject } from "./subject.ts";

/** Experiments or runs side by side. */
export interface Diff {
  readonly subjects: readonly Subject[];
  readonly rows: readonly DiffRow[];
}

/** Compares experiments or runs by the beginnings of their ids: all that is known of them, and their metrics; with `system` those of the machine. */
export async function diffOf(
  repository: Repository,
  asking: Asking,
  ids: readonly string[],
  { now, system }: { readonly now: number; readonly system?: boolean },
): Promise<Diff> {
  const subjects: Subject[] = [];
  for (const id of ids) subjects.push(await readSubject(repository, id, now));
  const keys = subjects.map(({ experiment, run, isRun }) => isRun ? `${experiment}/${run}` : experiment);
  const again = keys.findIndex((key, at) => keys.indexOf(key) < at);
  if (again >= 0) throw new UsageError(`Cannot compare "${ids[again]}" with itself: ${keys[again]} is named twice`);
  return { subjects, rows: [...factRows(subjects), ...await metricRows(asking, subjects, { system })] };
}

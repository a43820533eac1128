import { lastSegment, parentOf } from "../../../base/paths.ts";
import { FILES_LOG, keptVersion } from "../../../format/events/file_event.ts";
import { LogReader } from "../../../repo/logs/log_reader.ts";
import type { LocalStore } from "../../../store/local/local_store.ts";

/** The folders of the other runs of an experiment. `folder`: that of one of its runs. */
export function otherRuns(store: LocalStore, folder: string): string[] {
  const runs = parentOf(folder);
  return store.listNow(runs)
    .filter(({ name, kind }) => kind === "folder" && !name.startsWith(".") && name !== lastSegment(folder))
    .map(({ name }) => `${runs}/${name}`);
}

/**
 * Finds whether a file that is there when a run begins is none of the experiment's, or was kept by an earlier run of it: a run
 * that was killed may not have come to keep what it wrote last. `folder`: that of the run that begins.
 */
export async function wasKeptBefore(
  store: LocalStore,
  folder: string,
): Promise<(name: string, modifiedAt: number) => boolean> {
  let begun = Infinity;
  const keptAt = new Map<string, number>();
  for (const earlier of otherRuns(store, folder)) {
    for await (const { ts } of new LogReader(store, earlier, "dbx").read()) {
      begun = Math.min(begun, ts ?? Infinity);
      break;
    }
    for await (const event of new LogReader(store, earlier, FILES_LOG).read()) {
      const kept = keptVersion(event);
      if (kept !== undefined) keptAt.set(kept.name, Math.max(keptAt.get(kept.name) ?? 0, event.ts ?? 0));
    }
  }
  return (name, modifiedAt) => modifiedAt < begun || (keptAt.get(name) ?? -Infinity) >= modifiedAt;
}

import { CAPTURED_EVENT, isCaptureLog } from "../../format/events/captured_event.ts";
import { logNameOf } from "../../format/layout/names.ts";
import { appendNote } from "../../logger/notes.ts";
import type { Redactor } from "../../redact/redactor.ts";
import { LogReader } from "../../repo/logs/log_reader.ts";
import type { LocalStore } from "../../store/local/local_store.ts";

/** Where a run is. */
export interface CapturedRun {
  readonly store: LocalStore;
  /** The folders of the experiment and of the run, relative to the store. */
  readonly experiment: string;
  readonly folder: string;
  readonly redactor: Redactor;
}

/** Notes the tags and remarks that packages such as wandb were given, as --tag and --note do. */
export async function noteCaptured({ store, experiment, folder, redactor }: CapturedRun): Promise<void> {
  const tags = new Set<string>();
  const notes = new Set<string>();
  for await (const { kind, name } of store.list(folder)) {
    const log = kind === "file" ? logNameOf(name) : undefined;
    if (log === undefined || !isCaptureLog(log)) continue;
    for await (const { event, data } of new LogReader(store, folder, log).read()) {
      if (event !== CAPTURED_EVENT) continue;
      for (const tag of Array.isArray(data.tags) ? data.tags : []) if (isTag(tag)) tags.add(redactor.text(tag));
      if (typeof data.notes === "string" && data.notes !== "") notes.add(redactor.text(data.notes));
    }
  }
  for (const tag of tags) await appendNote(store, experiment, "dbx/tag", { tag });
  for (const text of notes) await appendNote(store, experiment, "dbx/note", { text });
}

/** What `dbx tag` would take. */
function isTag(tag: unknown): tag is string {
  // deno-lint-ignore no-control-regex
  return typeof tag === "string" && tag !== "" && tag.length <= 200 && !/[\x00-\x1f\x7f-\x9f]/.test(tag);
}

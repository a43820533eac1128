import type { Json } from "../../../base/json.ts";
import type { Batch } from "../../vectors/vector.ts";
import { PlacedRows } from "./placed_rows.ts";
import type { Scan } from "../scan.ts";
import { runOf } from "../../../repo/logs/notes.ts";
import { ascendingInts } from "../../vectors/value_vector.ts";
import { valueOf, wholeValue } from "../../values/json_values.ts";

/** What the events of notes say. */
const WORDS: Readonly<Record<string, string>> = {
  "dbx/tag": "tag",
  "dbx/note": "note",
  "dbx/rename": "rename",
  "dbx/delete": "delete",
  "dbx/restore": "restore",
};

/** The rows of `notes`, in the order of experiments, copies and lines. */
export async function* scanNotes(scan: Scan): AsyncGenerator<Batch> {
  const { experiments } = scan.places.snapshot;
  const rows = await PlacedRows.of(scan, "experiments");
  for (const number of await scan.choose("experiments") ?? ascendingInts(experiments.length)) {
    const { experiment } = experiments.at(number);
    if (!experiment.mayHaveNotes) continue;
    for (const log of await experiment.noteLogs()) {
      for await (const batch of log.batches({ onProblem: scan.options.onProblem, signal: scan.options.signal })) {
        for (const { event, ts, data } of batch) {
          const isRemoved = data.remove === true && (event === "dbx/tag" || event === "dbx/note");
          const what = (isRemoved ? "un" : "") + (WORDS[event] ?? event);
          rows.add(number, {
            replica: log.name,
            ts: wholeValue(ts),
            what,
            text: textOf(data.tag ?? data.text ?? data.name),
            run: runOf(data),
          });
        }
        if (rows.isFull) yield* rows.take();
      }
    }
    await scan.yielder.checkpoint();
  }
  yield* rows.take();
}

/** A value in a column of texts. */
function textOf(json: Json | undefined): string | null {
  const value = valueOf(json);
  return value === null ? null : String(value);
}

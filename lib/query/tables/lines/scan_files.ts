import type { Json } from "../../../base/json.ts";
import type { LogEvent } from "../../../format/events/event.ts";
import { parseEvent } from "../../../format/events/parse_event.ts";
import { FILE_EVENT, FILES_LOG, UNKEPT_EVENT, unkeptVersion, versionKey } from "../../../format/events/file_event.ts";
import { isExpfile, isRefFile } from "../../../format/json/special_values.ts";
import type { Batch } from "../../vectors/vector.ts";
import type { Value } from "../../values/value.ts";
import { PlacedRows } from "./placed_rows.ts";
import type { Scan } from "../scan.ts";
import { ascendingInts } from "../../vectors/value_vector.ts";
import { wholeValue } from "../../values/json_values.ts";
import { decodeUtf8, linesIn } from "../../../base/lines/lines_in.ts";
import { wholeLines } from "./log_lines.ts";

/** What a line that names a file holds; or it holds an escape that may stand for a letter of these. */
const MARKS = ["expfile", "reffile", UNKEPT_EVENT, "\\u"];

const MAX_DEPTH = 32;

/** The rows of `files`, in the order of logs and events. */
export async function* scanFiles(scan: Scan): AsyncGenerator<Batch> {
  const { logs } = scan.places.snapshot;
  const { signal, report } = scan.options;
  const rows = await PlacedRows.of(scan, "logs");
  const chosen = await scan.choose("logs") ?? ascendingInts(logs.length);
  if (report !== undefined) [report.chosen, report.of] = [chosen.length, logs.length];
  for (const number of chosen) {
    const { name, file, run, times } = logs.at(number);
    if (name === "stdout") continue;
    const { store } = run.run.log(name);
    const files = name === FILES_LOG ? new KeptRows() : undefined;
    for await (const { bytes, offset } of wholeLines(store, file.path, file.size, signal)) {
      if (report !== undefined) report.bytes += bytes.length;
      const all = decodeUtf8(bytes);
      if (all !== undefined && !MARKS.some((mark) => all.includes(mark))) continue;
      for (const { text, start } of linesIn(bytes)) {
        if (text === undefined || !MARKS.some((mark) => text.includes(mark))) continue;
        const event = eventOf(text, file.version);
        if (event === undefined) continue;
        const ts = wholeValue(event.ts ?? times?.at(offset + start));
        files?.drop(event);
        filesOf(event, (row) => {
          const whole = { kept: 1n, ...row, ts };
          if (files === undefined) rows.add(number, whole);
          else files.add(whole);
        });
      }
      if (rows.isFull) yield* rows.take();
    }
    for (const row of files?.rows ?? []) {
      rows.add(number, row);
      if (rows.isFull) yield* rows.take();
    }
    await scan.yielder.checkpoint();
  }
  yield* rows.take();
}

/** The rows of a log whose later lines say which files of earlier ones need not be kept. */
class KeptRows {
  readonly rows: Record<string, Value>[] = [];
  readonly #kept = new Map<string, Record<string, Value>[]>();

  add(row: Record<string, Value>): void {
    this.rows.push(row);
    const key = versionKey({ name: String(row.name), sha256: String(row.sha256) });
    const same = this.#kept.get(key);
    if (same === undefined) this.#kept.set(key, [row]);
    else same.push(row);
  }

  drop(event: LogEvent): void {
    const version = unkeptVersion(event);
    if (version === undefined) return;
    const key = versionKey(version);
    for (const row of this.#kept.get(key) ?? []) row.kept = 0n;
    this.#kept.delete(key);
  }
}

function eventOf(line: string, version: 0 | 1): LogEvent | undefined {
  try {
    return parseEvent(line, version);
  } catch {
    return undefined;
  }
}

/** The files that an event names. */
function filesOf({ event, data }: LogEvent, add: (row: Record<string, Value>) => void): void {
  const visit = (value: Json, depth: number, name?: string, size?: Json): void => {
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
    const bytes = typeof size === "number" ? wholeValue(size) : null;
    if (isExpfile(value)) {
      add({ name: name ?? value.name, held: 1n, sha256: value.sha256, size: bytes });
    } else if (isRefFile(value)) {
      const { path, hostname, sha256 } = value;
      add({ name: name ?? path, held: 0n, sha256, size: bytes, path, hostname });
    } else for (const item of Object.values(value)) visit(item, depth + 1);
  };
  if (event === FILE_EVENT && data.file !== undefined) {
    visit(data.file, 0, typeof data.name === "string" ? data.name : undefined, data.size);
  } else visit(data, 0);
}

import { GrowingLines } from "../files/whole_lines.ts";
import type { ForeignData, ForeignRecord, ReadOptions } from "../foreign.ts";
import { parseForeignObject } from "../values.ts";
import type { Mapping } from "./mapping.ts";
import { type TableFile, TableRuns } from "./table_runs.ts";

/** Reads a file of lines, each of which is a JSON object. */
export async function* readJsonLines(
  path: string,
  about: TableFile,
  mapping: Mapping,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const { name } = about;
  const file = new GrowingLines(path, options.signal);
  const runs = new TableRuns(about, mapping);
  // Where a column names the runs, all lines are read again to find them.
  const start = await file.placeOf(mapping.run === undefined ? options.positions.get(name) : undefined);
  yield [{ type: "source", source: name, restarts: start.line === 0 }];
  if (start.line > 0) yield runs.row(await firstRow(file)).slice(0, 1);
  let place = start;
  for await (const { lines, end } of file.read(start)) {
    const records: ForeignRecord[] = [];
    for (const { text, number } of lines) {
      if (text.trim() === "") continue;
      const fields = parseForeignObject(text);
      if (fields !== undefined) records.push(...runs.row(fields));
      else {
        const what = "the line is not a JSON object";
        records.push({ type: "problem", file: name, at: { unit: "line", number }, what, advice: "it is left out" });
      }
    }
    place = end;
    yield records;
  }
  if (place.offset > start.offset) yield [{ type: "position", state: await file.stateOf(place) }];
  if (file.tornBytes === 0) return;
  // An object is whole when it is closed, line end or not.
  const fields = parseForeignObject(await file.torn());
  if (fields !== undefined) return yield runs.row(fields);
  const what = "the last line is not whole";
  const at = { unit: "line", number: place.line + 1 } as const;
  yield [{ type: "problem", file: name, at, what, advice: "it is read when it is", isWaiting: true }];
}

async function firstRow(file: GrowingLines): Promise<ForeignData> {
  for await (const { lines } of file.read({ offset: 0, line: 0 })) {
    for (const { text } of lines) {
      const fields = parseForeignObject(text);
      if (fields !== undefined) return fields;
    }
  }
  return {};
}

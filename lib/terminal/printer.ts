import type { Json } from "../base/json.ts";
import type { RowValue } from "../base/rows/rows_text.ts";
import { encodeValue } from "../format/json/value.ts";
import { chosenFields } from "./fields.ts";
import type { Output } from "./output.ts";
import { printRows } from "./print_rows.ts";
import type { ListResult, PrintStyle, RecordResult, Result, RowsResult } from "./result.ts";
import { printTable } from "./table.ts";

/** Where results go. */
interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Prints a result in the wanted style: the one place where text, JSON, CSV and the like are made. Returns the exit code. */
export async function printResult(outputs: Outputs, style: PrintStyle, result: Result): Promise<number> {
  switch (result.kind) {
    case "rows":
      return await printRowsResult(outputs, style, result);
    case "list":
      return await printList(outputs, style, result);
    case "record":
      return printRecord(result.out ?? outputs.stdout, style, result);
  }
}

async function printRowsResult({ stdout, stderr }: Outputs, style: PrintStyle, result: RowsResult): Promise<number> {
  try {
    const isEmpty = result.empty !== undefined && Array.isArray(result.chunks) && result.chunks.flat().length === 0;
    if (isEmpty && style.format === "table") stderr.line(`dbx: ${result.empty}`);
    else await printRows(result.out ?? stdout, style, result);
    return 0;
  } finally {
    result.close?.();
  }
}

async function printList({ stdout, stderr }: Outputs, style: PrintStyle, list: ListResult): Promise<number> {
  const fields = chosenFields(style.fields, list.fields as readonly string[]);
  const object = (item: object) => {
    const all = item as Readonly<Record<string, unknown>>;
    return encodeValue(Object.fromEntries(fields.map((name) => [name, all[name]])));
  };
  if (style.format === "table" && !style.quiet) await printForPeople(stdout, stderr, style, list);
  else if (style.format === "jsonl" && !style.quiet) { for await (const item of list.items) stdout.json(object(item)); }
  else if (style.format === "json" && !style.quiet) {
    let count = 0;
    for await (const item of list.items) {
      stdout.jsonText((count++ === 0 ? "[\n" : ",\n") + JSON.stringify(object(item)));
    }
    stdout.jsonText(count === 0 ? "[]\n" : "\n]\n");
  } else if (list.columns !== undefined || list.line !== undefined) {
    const rows = async function* (): AsyncGenerator<RowValue[][]> {
      for await (const item of list.items) {
        const all = item as Readonly<Record<string, Json | undefined>>;
        yield [fields.map((name) => all[name] ?? null)];
      }
    };
    await printRows(stdout, { ...style, fields: undefined }, { fields, chunks: rows() });
  }
  const { exitCode, line } = list.end?.() ?? { exitCode: 0 };
  if (line !== undefined && style.format === "table" && !style.quiet) stdout.line(line);
  return exitCode;
}

async function printForPeople(stdout: Output, stderr: Output, style: PrintStyle, list: ListResult): Promise<void> {
  const { columns, line, items, empty } = list;
  if (line !== undefined) {
    let count = 0;
    for await (const item of items) {
      stdout.line(...line(item));
      count++;
    }
    if (count === 0 && empty !== undefined) stderr.line(`dbx: ${empty}`);
    return;
  }
  if (columns === undefined) return;
  const all: object[] = [];
  for await (const item of items) all.push(item);
  if (all.length === 0 && empty !== undefined) return stderr.line(`dbx: ${empty}`);
  printTable(stdout, columns.map(({ head }) => head), all.map((item) => columns.map(({ text }) => text(item))), {
    colour: (at, text) => columns[at].colour?.(text),
    header: style.header,
  });
}

/** Prints one object. Returns the exit code. */
export function printRecord(
  stdout: Output,
  style: PrintStyle,
  { record, text, exitCode = 0 }: RecordResult,
): number {
  const { format, fields, quiet } = style;
  if (format === "json" || format === "jsonl") {
    const names = chosenFields(fields, Object.keys(record));
    const chosen = Object.fromEntries(names.map((name) => [name, record[name]]));
    stdout.json(encodeValue(chosen), format === "json" ? 2 : undefined);
  } else if (!quiet) text?.(stdout);
  return exitCode;
}

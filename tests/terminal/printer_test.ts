import { UsageError } from "../../lib/base/errors.ts";
import { type PrintOptions, printStyle } from "../../lib/cli/print_options.ts";
import { printResult } from "../../lib/terminal/printer.ts";
import { listResult, recordResult, type Result } from "../../lib/terminal/result.ts";
import { assertEquals, assertRejects, assertThrows } from "../assert.ts";
import { keptOutputs } from "./sink.ts";

const none = { permissions: "none" } as const;

/** What a result prints, on both outputs together, and its exit code. */
async function printed(result: Result, options: PrintOptions = {}): Promise<[code: number, text: string]> {
  const outputs = keptOutputs({ isTerminal: false, colour: false });
  const code = await printResult(outputs, printStyle(options), result);
  return [code, outputs.take()];
}

const TOKENS = [
  { name: "ann", role: "read", limits: { bytes: 5 }, used: 1e21 },
  { name: "=bob, jr", role: "write", limits: undefined, used: NaN },
];

function tokens(items: readonly (typeof TOKENS)[number][] = TOKENS): Result {
  return listResult({
    items,
    fields: ["name", "role", "limits", "used"],
    columns: [{ head: "who", text: ({ name }) => name }, { head: "may", text: ({ role }) => `may ${role}` }],
    empty: "there are no tokens",
  });
}

Deno.test("printResult: a list as a table, JSON, JSON lines, CSV and names alone", none, async () => {
  assertEquals(await printed(tokens()), [0, "who       may\nann       may read\n=bob, jr  may write\n"]);
  assertEquals(await printed(tokens(), { "no-header": true }), [0, "ann       may read\n=bob, jr  may write\n"]);
  assertEquals(await printed(tokens(), { quiet: true }), [0, "ann\n=bob, jr\n"]);
  const ann = '{"name":"ann","role":"read","limits":{"bytes":5},"used":1e+21}';
  const bob = '{"name":"=bob, jr","role":"write","used":{"_dbx":"nan"}}';
  assertEquals(await printed(tokens(), { json: true }), [0, `[\n${ann},\n${bob}\n]\n`]);
  assertEquals(await printed(tokens(), { jsonl: true }), [0, `${ann}\n${bob}\n`]);
  assertEquals(await printed(tokens(), { json: "role, name" }), [
    0,
    '[\n{"role":"read","name":"ann"},\n{"role":"write","name":"=bob, jr"}\n]\n',
  ]);
  assertEquals(await printed(tokens(), { format: "csv" }), [
    0,
    'name,role,limits,used\nann,read,"{""bytes"":5}",1e+21\n"=bob, jr",write,,nan\n',
  ]);
  assertEquals(await printed(tokens(), { format: "csv", safe: true, "no-header": true }), [
    0,
    'ann,read,"{""bytes"":5}",1e+21\n"\'=bob, jr",write,,nan\n',
  ]);
});

Deno.test("printResult: an empty list is said on stderr, and is an empty array", none, async () => {
  assertEquals(await printed(tokens([])), [0, "dbx: there are no tokens\n"]);
  assertEquals(await printed(tokens([]), { json: true }), [0, "[]\n"]);
  assertEquals(await printed(tokens([]), { jsonl: true }), [0, ""]);
  assertEquals(await printed(tokens([]), { quiet: true }), [0, ""]);
});

Deno.test("printResult: rows of values, in all formats, of which fields can be chosen", none, async () => {
  let closed = 0;
  const rows = (): Result => ({
    kind: "rows",
    fields: ["id", "n"],
    chunks: [[["a", 1]], [["b", null]]],
    close: () => closed++,
  });
  assertEquals(await printed(rows()), [0, "id  n\na   1\nb   NULL\n"]);
  assertEquals(await printed(rows(), { json: "n" }), [0, '[\n{"n":1},\n{"n":null}\n]\n']);
  assertEquals(await printed(rows(), { quiet: true }), [0, "a\nb\n"]);
  assertEquals(await printed(rows(), { format: "markdown", "no-header": true }), [0, "| a | 1 |\n| b |  |\n"]);
  await assertRejects(() => printed(rows(), { json: "nn" }), UsageError, 'does not have it; did you mean "n"?');
  assertEquals(closed, 5, "what is read is closed, also where it cannot be printed");
});

Deno.test("printResult: a report as text, JSON, some of its fields, and not at all", none, async () => {
  const report = recordResult({ files: 2, bytes: 5 }, { exitCode: 1, text: (out) => out.line("2 files") });
  assertEquals(await printed(report), [1, "2 files\n"]);
  assertEquals(await printed(report, { quiet: true }), [1, ""]);
  assertEquals(await printed(report, { json: true }), [1, '{\n  "files": 2,\n  "bytes": 5\n}\n']);
  assertEquals(await printed(report, { jsonl: true }), [1, '{"files":2,"bytes":5}\n']);
  assertEquals(await printed(report, { json: "bytes" }), [1, '{\n  "bytes": 5\n}\n']);
  await assertRejects(() => printed(report, { json: "size" }), UsageError, "the fields are files, bytes");
});

Deno.test("printResult: what was said while it was done is printed again only for machines", none, async () => {
  const done = (): Result =>
    listResult({ items: [{ id: "a", gone: true }], fields: ["id", "gone"], end: () => ({ exitCode: 1 }) });
  assertEquals(await printed(done()), [1, ""]);
  assertEquals(await printed(done(), { quiet: true }), [1, ""]);
  assertEquals(await printed(done(), { jsonl: true }), [1, '{"id":"a","gone":true}\n']);
});

Deno.test("printStyle: what cannot be meant together is refused", none, () => {
  assertThrows(() => printStyle({ json: true, jsonl: true }), UsageError, "--json and --jsonl");
  assertThrows(() => printStyle({ safe: true }), UsageError, "it is for csv and tsv");
});

Deno.test("printResult: numbers of rows have six digits on a terminal, and all of them elsewhere", none, async () => {
  const rows: Result = { kind: "rows", fields: ["x"], chunks: [[[1 / 3], [1796056307676], [123456.75], [2e-5]]] };
  const outputs = keptOutputs({ isTerminal: true });
  await printResult(outputs, printStyle({}), rows);
  const short = ["x", "0.333333", "1796056307676", "123457", "2e-5"];
  assertEquals(outputs.take().split("\n").map((line) => line.trim()), [...short, ""]);
  await printResult(outputs, printStyle({ format: "csv" }), rows);
  const exact = "x\n0.3333333333333333\n1796056307676\n123456.75\n0.00002\n";
  assertEquals(outputs.take(), exact);
  assertEquals((await printed(rows))[1].replaceAll(/^ +/gm, ""), exact);
});

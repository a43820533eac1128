import type { ForeignReader, ForeignRecord } from "../../../lib/interop/foreign.ts";
import { reader as csv } from "../../../lib/interop/csv/reader.ts";
import { reader as jsonl } from "../../../lib/interop/jsonl/reader.ts";
import { reader as keras } from "../../../lib/interop/keras/reader.ts";
import { reader as lightning } from "../../../lib/interop/lightning/reader.ts";
import { cellsOf, CsvRows } from "../../../lib/interop/tables/csv_rows.ts";
import { mappingOf, timeOfValue } from "../../../lib/interop/tables/mapping.ts";
import { valueOfCell, valueOfPythonText } from "../../../lib/interop/python_text.ts";
import { assertEquals, assertThrows } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { definitionsOf, importInto, linesOf } from "../import_into.ts";

const none = { permissions: "none" } as const;
const json = (value: unknown) => JSON.parse(JSON.stringify(value === undefined ? "nothing" : value));

Deno.test("valueOfPythonText: what Python prints for a value is that value, any other text stays", none, () => {
  const cases: [string, unknown][] = [
    ["0.1", 0.1],
    ["1e-05", 1e-5],
    ["1e+16", 1e16],
    ["3", 3],
    ["-3", -3],
    ["True", true],
    ["None", null],
    ["nan", { _dbx: "nan" }],
    ["-inf", { _dbx: "-inf" }],
    ["123456789012345678901", "123456789012345678901"],
    ...["1.10", "007", "1e5", "0.00001", "-0", "0x1f", " 1", "true", "", "1_000", "9".repeat(50)].map((
      text,
    ): [string, unknown] => [text, text]),
  ];
  for (const [text, value] of cases) assertEquals(json(valueOfPythonText(text)), value, text);
});

Deno.test("valueOfCell: numbers in any notation; digits behind a zero stay a text", none, () => {
  const cells = ["1", "+2", ".5", "1.", "1E3", "NaN", "-Infinity", "TRUE", "007", "a b", " 3 ", ""];
  assertEquals(cells.map((cell) => json(valueOfCell(cell))), [
    1,
    2,
    0.5,
    1,
    1000,
    { _dbx: "nan" },
    { _dbx: "-inf" },
    true,
    "007",
    "a b",
    3,
    "nothing",
  ]);
});

Deno.test("CsvRows: quotes hold separators, quotes and line feeds", none, () => {
  assertEquals(cellsOf('a,"b,""c""",,"d"', ","), ["a", 'b,"c"', "", "d"]);
  assertEquals(cellsOf('"never closed', ","), ["never closed"]);
  const rows = new CsvRows(",");
  assertEquals(rows.push('1,"two', 5), undefined);
  assertEquals([rows.isOpen, rows.line], [true, 5]);
  assertEquals(rows.push('lines",3', 6), { cells: ["1", "two\nlines", "3"], line: 5 });
  const long = "x".repeat(1024 * 1024);
  assertThrows(() => {
    rows.push('"', 7);
    for (let line = 8; line < 40; line++) rows.push(long, line);
  }, RangeError);
  assertEquals(rows.push("a,b", 40), { cells: ["a", "b"], line: 40 });
});

Deno.test("mappings: what they may say, and times in any unit", none, () => {
  assertThrows(() => mappingOf({ map: ["stop=epoch"] }), Error, 'Cannot map to "stop"');
  assertThrows(() => mappingOf({ param: ["lr"] }), Error, 'must be two words with "="');
  assertThrows(() => mappingOf({ created: ["soon"] }), Error, "is not a time");
  assertEquals(json(mappingOf({ param: ["lr=0.1", "__proto__=x"] }).given), JSON.parse('{"lr":0.1,"__proto__":"x"}'));
  const times = [1700000000, 1700000000000, 1700000000000000, 1700000000000000000, "2023-11-14T22:13:20Z"];
  assertEquals(times.map(timeOfValue), Array(5).fill(1700000000000));
  assertEquals([timeOfValue("soon"), timeOfValue(true)], [undefined, undefined]);
});

/** What is read of files: runs by name with their params, events, problems. */
async function read(
  reader: ForeignReader,
  files: Record<string, string>,
  settings: Record<string, string[]> = {},
  path = "",
) {
  await using folder = await scratch();
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder.path}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
  }
  const options = { positions: new Map(), settings, scratch: () => Promise.resolve(folder.path) };
  const records: ForeignRecord[] = (await Array.fromAsync(reader.open(folder.path + path, options))).flat();
  return {
    runs: records.flatMap((record) =>
      record.type === "run" ? [[record.name, json(record.params), record.createdAt]] : []
    ),
    events: records.flatMap((record) => record.type === "event" ? [[record.name, record.ts, json(record.data)]] : []),
    problems: records.flatMap((record) =>
      record.type === "problem" ? [[record.file, record.at?.number, record.what]] : []
    ),
  };
}

Deno.test("csv: columns as they are mapped, empty cells left out, rows that do not fit reported", async () => {
  const text =
    'name,epoch,time,loss,note,lr\na,1,1700000000.5,0.50,"x, ""y""",0.1\n\nb,1,,nan,,0.2\na,2,,1e400,,0.1,extra\nb,2,,3';
  const settings = { map: ["run=name", "ts=time", "params.lr=lr"], param: ["data=cifar"], created: ["2026-01-31"] };
  assertEquals(await read(csv, { "x.csv": text }, settings), {
    runs: [["x/a", { data: "cifar", lr: 0.1 }, 1700000000500], ["x/b", { data: "cifar", lr: 0.2 }, 1769817600000]],
    events: [["log", 1700000000500, { step: 1, loss: 0.5, note: 'x, "y"' }], ["log", undefined, {
      step: 1,
      loss: { _dbx: "nan" },
    }]],
    problems: [["x.csv", 5, "the row has 7 cells, and there are 6 columns"], [
      "x.csv",
      6,
      "the last line has no line end, so it may not be whole",
    ]],
  });
});

Deno.test("csv: a tab or semicolon separates too, and columns without a name have one", async () => {
  const { events } = await read(csv, { "x.tsv": "step\ta\t\n1\t2\t3\n", "y.csv": "step;a\n1;2,5\n" });
  assertEquals(events.map(([, , data]) => data), [{ step: 1, a: 2, column_3: 3 }, { step: 1, a: "2,5" }]);
});

Deno.test("jsonl: every value with its type; broken lines reported; a last object without a line end is whole", async () => {
  const text =
    '{"epoch":1,"a":{"b":[1,2.0,NaN]},"step2":1}\nbroken\n[1]\n{"epoch":12345678901234567890,"a":1.0,"event":"eval"}\n{"epoch":3}';
  const { events, problems } = await read(jsonl, { "x.jsonl": text }, { map: ["event=event", "step=epoch"] });
  assertEquals(events, [
    ["log", undefined, { step: 1, a: { b: [1, 2, { _dbx: "nan" }] }, step2: 1 }],
    ["eval", undefined, { epoch: "12345678901234567890", a: 1 }],
    ["log", undefined, { step: 3 }],
  ]);
  assertEquals(problems, [["x.jsonl", 2, "the line is not a JSON object"], [
    "x.jsonl",
    3,
    "the line is not a JSON object",
  ]]);
});

Deno.test("keras: the rows of CSVLogger, where NA is no value", async () => {
  const { runs, events } = await read(keras, { "a/train.log": 'epoch,accuracy,odd\r\n0,0.5,"[1, 2]"\r\n1,nan,NA\r\n' });
  assertEquals(runs, [["a/train", {}, 0]]);
  assertEquals(events.map(([, , data]) => data), [{ step: 0, accuracy: 0.5, odd: "[1, 2]" }, {
    step: 1,
    accuracy: { _dbx: "nan" },
  }]);
});

const HPARAMS = "lr: 0.1\nlayers:\n- 1\nmodel: !!python/object:some.Model\n  width: 3\n";

Deno.test("lightning: versions with their hparams; broken YAML is reported, and the values are read", async () => {
  const { runs, events, problems } = await read(lightning, {
    "version_0/hparams.yaml": HPARAMS,
    "version_0/metrics.csv": "epoch,step,train_loss,val_loss\r\n0,9,0.5,\r\n0,9,,0.6\r\n",
    "version_1/hparams.yaml": "a: [",
    "version_1/metrics.csv": "epoch,step,train_loss\r\n0,9,0.5\r\n",
  });
  assertEquals(runs, [["version_0", { lr: 0.1, layers: [1], model: { width: 3 } }, 0], ["version_1", {}, 0]]);
  assertEquals(events.map(([, , data]) => data), [
    { step: 9, epoch: 0, train_loss: 0.5 },
    { step: 9, epoch: 0, val_loss: 0.6 },
    { step: 9, epoch: 0, train_loss: 0.5 },
  ]);
  assertEquals(problems, [["version_1/hparams.yaml", undefined, "it is not YAML with keys"]]);
});

Deno.test("lightning: rows come once as the file grows and is rewritten with another column; another training is another run", async () => {
  await using folder = await scratch();
  const file = `${folder.path}/logs/version_0/metrics.csv`;
  await Deno.mkdir(`${folder.path}/logs/version_0`, { recursive: true });
  const repository = `${folder.path}/output`;
  const events = async (text: string) => {
    await Deno.writeTextFile(file, text);
    const report = await importInto(repository, lightning, `${folder.path}/logs`);
    assertEquals(report.problems.filter(({ isWaiting }) => !isWaiting), []);
    return report.runs.map(({ isNew, events }) => [isNew, events]);
  };
  assertEquals(await events("step,loss\n1,0.5\n"), [[true, 1]]);
  assertEquals(await events("step,loss\n1,0.5\n"), []);
  assertEquals(await events("step,loss\n1,0.5\n2,0.4\n3,0."), [[false, 1]]);
  assertEquals(await events("step,acc,loss\n1,,0.5\n2,,0.4\n3,,0.3\n4,0.9,\n"), [[false, 2]]);
  const lines = await linesOf(repository, (name) => name === "log.jsonl");
  assertEquals(lines.map(({ step, loss, acc }) => [step, loss ?? acc]), [[1, 0.5], [2, 0.4], [3, 0.3], [4, 0.9]]);
  assertEquals(await events("step,loss\n1,0.7\n"), [[true, 1]]);
  assertEquals((await definitionsOf(repository)).length, 2);
});

import { assert, assertEquals } from "../../assert.ts";
import { specialNumber } from "../../../lib/format/json/special_values.ts";
import { reader } from "../../../lib/interop/tensorboard/reader.ts";
import { scratch } from "../../e2e/dbx.ts";
import { contentsOf, definitionsOf, importInto, type Line, linesOf } from "../import_into.ts";
import { runScript, testWithPackages } from "../python_packages.ts";

/** A value as the package reads it back. */
interface Row {
  readonly tag: string;
  readonly step: number;
  readonly ts: number;
  readonly value?: number | string;
  readonly shape?: readonly number[];
  readonly values?: readonly unknown[];
}

testWithPackages("tensorboard: every value is as the package reads it back, with step and time", async (python) => {
  await using folder = await scratch();
  const runs = `${folder.path}/runs`;
  await runScript(python, "make_tensorboard.py", ["write", `${runs}/lr 0.1/a`, "60"]);
  const [file] = Array.from(Deno.readDirSync(`${runs}/lr 0.1/a`));
  const read = await runScript(python, "make_tensorboard.py", ["read", `${runs}/lr 0.1/a/${file.name}`]);
  const rows: Row[] = read.trim().split("\n").map((line) => JSON.parse(line));
  const repository = `${folder.path}/output`;
  const report = await importInto(repository, reader, runs);
  assertEquals(report.problems, []);
  const lines = await linesOf(repository, (name) => name.startsWith("tfevents"));
  let compared = 0;
  for (const row of rows) {
    if (row.tag.startsWith("_hparams_")) continue;
    const line = lines.find(({ event, ts, step, ...data }) =>
      ts === row.ts && step === row.step && event !== "dbx/file" && (event === row.tag || row.tag in data)
    );
    assert(line !== undefined, JSON.stringify(row));
    const expected = row.value ?? row.values;
    if (expected === undefined) continue;
    if (row.tag === "new image") {
      assertEquals([(line.info as Line).width, (line.info as Line).height], [1, 1]);
    } else assertEquals(flat(valueOf(line, row.tag)), [expected].flat().map(numberIn), JSON.stringify(row));
    compared++;
  }
  assertEquals(compared, 60 * 2 + 20);
  const old = lines.find(({ event }) => event === "old histogram")!;
  assertEquals(old.histogram, { _dbx: "histogram", counts: [1, 0, 2], edges: [-1, 0, 1, 2] });
  const [definition] = await definitionsOf(repository);
  assertEquals(definition.name, "lr 0.1/a");
  const params = { gamma: { _dbx: "inf" }, layers: 3, lr: 0.1, nesterov: true, optimizer: "adam" };
  assertEquals(definition.params, params);
  // What has no fraction in the file, and is a float there, keeps one.
  const text = [...await contentsOf(repository)].filter(([name]) => name.includes("tfevents")).map(([, bytes]) =>
    new TextDecoder().decode(Uint8Array.fromBase64(bytes))
  ).join("");
  assert(text.includes('"step":0,"train/loss":1.0}') && text.includes('"step":-1,"negative":-0.0}'), text);
});

/** What a line says of a tag. */
function valueOf(line: Line, tag: string): unknown {
  if (tag in line) return line[tag];
  const { text, tensor, histogram } = line as Record<string, unknown>;
  return text ?? (tensor as Line | undefined)?.values ?? bucketsOf(histogram as Histogram);
}

interface Histogram {
  readonly _dbx: string;
  readonly counts: readonly number[];
  readonly edges: readonly number[];
}

/** A histogram as TensorBoard lists it: of each bucket its limits and its count. */
function bucketsOf({ _dbx, counts, edges }: Histogram): unknown[] {
  assertEquals([_dbx, edges.length], ["histogram", counts.length + 1]);
  return counts.map((count, at) => [edges[at], edges[at + 1], count]);
}

function flat(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(flat) : [specialNumber(value) ?? value];
}

/** A number that JSON lacks, as Python prints it. */
function numberIn(value: unknown): unknown {
  return value === "nan" ? NaN : value === "inf" ? Infinity : value === "-inf" ? -Infinity : value;
}

testWithPackages("tensorboard: images and sounds are files with the bytes that were logged", async (python) => {
  await using folder = await scratch();
  const runs = `${folder.path}/runs`;
  await runScript(python, "make_tensorboard.py", ["write", runs, "3"]);
  const repository = `${folder.path}/output`;
  await importInto(repository, reader, runs);
  const files = (await linesOf(repository, () => true)).filter(({ event }) => event === "dbx/file");
  const sizes = Object.fromEntries(files.map(({ name, size }) => [name, size]));
  assertEquals(sizes, {
    "old image/step-2.png": 67,
    "new image/step-2.png": 67,
    "new image/step-2-1.png": 68,
    "sound/step-2.wav": 8,
    "graph/graph_def.pb": 2,
  });
});

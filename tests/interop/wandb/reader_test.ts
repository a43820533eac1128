import { assertEquals } from "../../assert.ts";
import type { EventRecord } from "../../../lib/interop/foreign.ts";
import { reader } from "../../../lib/interop/wandb/reader.ts";
import { scratch } from "../../e2e/dbx.ts";
import { field, message, wandbExit, wandbFile, wandbHistory, wandbRun } from "../encode.ts";
import { contentsOf, importInto, linesOf, recordsOf } from "../import_into.ts";

const HISTORY = [0, 1, 2, 3].map((step) => wandbHistory(step, { loss: `${step}.5`, nan: "NaN", whole: "1.0" }));
const WHOLE = wandbFile([wandbRun("abc", { lr: "0.1" }), ...HISTORY, wandbExit(0)]);
/** Where each record ends: the run, four rows, the exit. */
const ENDS = [1, 2, 3, 4, 5, 6].map((count) => {
  return wandbFile([wandbRun("abc", { lr: "0.1" }), ...HISTORY, wandbExit(0)].slice(0, count)).length;
});

async function put(folder: string, bytes: Uint8Array, name = "offline-run-20260101_000000-abc/run-abc.wandb") {
  await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
  await Deno.writeFile(`${folder}/${name}`, bytes);
}

/** The steps that are read of a file of these bytes, and what is said of it. */
async function stepsOf(folder: string, bytes: Uint8Array) {
  const runs = await Deno.makeTempDir({ dir: folder });
  await put(runs, bytes);
  const records = await recordsOf(reader, runs);
  const steps = records.filter((record) => record.type === "event" && record.name === "log")
    .map((record) => JSON.parse((record as EventRecord).body!).step);
  const problems = records.filter((record) => record.type === "problem");
  return { steps, problems, hasEnded: records.some(({ type }) => type === "end") };
}

Deno.test("wandb: of a file that ends at any byte, all whole records are read, and a torn end waits", async () => {
  await using folder = await scratch();
  for (let length = 7; length <= WHOLE.length; length++) {
    const { steps, problems, hasEnded } = await stepsOf(folder.path, WHOLE.subarray(0, length));
    const whole = ENDS.filter((end) => end <= length).length;
    assertEquals(steps, [0, 1, 2, 3].slice(0, Math.max(0, whole - 1)), `${length} bytes`);
    assertEquals(hasEnded, whole === 6);
    const isTorn = whole > 0 && !ENDS.includes(length);
    assertEquals(problems.map(({ at, isWaiting }) => [at?.number, isWaiting]), isTorn ? [[ENDS[whole - 1], true]] : []);
  }
});

Deno.test("wandb: damage costs the rest of its block, of records of any length, and its place is said", async () => {
  await using folder = await scratch();
  const text = `"${"x".repeat(20_000)}"`;
  const rows = [0, 1, 2, 3, 4, 5].map((step) => wandbHistory(step, { text }));
  const whole = wandbFile([wandbRun("abc"), ...rows]);
  assertEquals((await stepsOf(folder.path, whole)).steps, [0, 1, 2, 3, 4, 5]);
  for (let at = 2000; at < whole.length; at += 3001) {
    const bytes = whole.slice();
    bytes[at] ^= 1;
    const { steps, problems } = await stepsOf(folder.path, bytes);
    assertEquals(problems.length >= 1 && steps.length >= 3 && steps.length < 6, true, `byte ${at}: ${steps}`);
    assertEquals(problems[0].at!.number <= at && problems[0].at!.number > at - 32768, true);
  }
});

Deno.test("wandb: a file that grows is read from where it ended; printed pieces become whole lines", async () => {
  await using folder = await scratch();
  const printed = (text: string) => message(field(13, message(field(1, 1), field(3, text))));
  const records = [
    wandbRun("abc"),
    printed("on"),
    printed("e\ntwo\n5%\r100%"),
    HISTORY[0],
    printed("\n"),
    HISTORY[1],
    printed("end"),
    wandbExit(255),
  ];
  const found: Map<string, string>[] = [];
  for (const isForgetful of [false, true]) {
    const runs = `${folder.path}/wandb`;
    const repository = `${folder.path}/output ${isForgetful}`;
    for (let count = 1; count <= records.length; count++) {
      await put(runs, wandbFile(records.slice(0, count)));
      await importInto(repository, reader, runs, { isForgetful, mayGrow: count < records.length });
    }
    assertEquals((await linesOf(repository, (name) => name === "stdout.log.jsonl")).map(({ text }) => text), [
      "one",
      "two",
      "100%",
      "end",
    ]);
    const life = await linesOf(repository, (name) => name === "dbx.log.jsonl");
    assertEquals(life.map(({ event }) => event).filter((event) => event !== "dbx/seal"), ["dbx/start", "dbx/end"]);
    assertEquals(life.at(-1)!.status, "killed");
    found.push(await contentsOf(repository));
  }
  assertEquals(found[0], found[1]);
});

Deno.test("wandb: numbers of the typed encoding and those of JSON keep their types", async () => {
  await using folder = await scratch();
  const item = (key: string, ...fields: Uint8Array[]) => field(1, message(field(1, key), ...fields));
  const number = { fixed: new Uint8Array(new Float64Array([2]).buffer) };
  const row = message(field(
    2,
    message(
      item("null", field(3, 0)),
      item("yes", field(4, 1)),
      item("integer", field(5, 3)),
      item("number", field(6, number)),
      item("text", field(7, "t")),
      item("json", field(8, "[1, 1.0, NaN]")),
      item("whole", field(16, "1.0")),
      item("long", field(16, "9007199254740993")),
      field(2, message(field(1, 9))),
    ),
  ));
  await put(folder.path, wandbFile([wandbRun("abc"), row]));
  const records = await recordsOf(reader, folder.path);
  const { body } = records.find((record) => record.type === "event") as EventRecord;
  assertEquals(
    body,
    '{"step":9,"null":null,"yes":true,"integer":-2,"number":2.0,"text":"t","json":[1,1.0,{"_dbx":"nan"}],"whole":1.0,"long":"9007199254740993"}',
  );
});

Deno.test("wandb: settings of a version before 0.19 stand in a file beside", async () => {
  await using folder = await scratch();
  await put(folder.path, WHOLE);
  await Deno.mkdir(`${folder.path}/offline-run-20260101_000000-abc/files`);
  const metadata = {
    program: "train.py",
    args: ["--x"],
    executable: "/usr/bin/python",
    host: "h",
    git: { commit: "c1" },
    gpu: "H100",
  };
  await Deno.writeTextFile(
    `${folder.path}/offline-run-20260101_000000-abc/files/wandb-metadata.json`,
    JSON.stringify(metadata),
  );
  const [run] = await recordsOf(reader, folder.path);
  assertEquals(run.type === "run" && [run.cmd, run.git?.commit, run.runExtra], [
    ["/usr/bin/python", "train.py", "--x"],
    "c1",
    { environment: { gpu: "H100" } },
  ]);
});

Deno.test("wandb: of links to saved files, those into the project are kept, and none that leads elsewhere", async () => {
  await using folder = await scratch();
  const runs = `${folder.path}/project/wandb`;
  await put(runs, WHOLE);
  const files = `${runs}/offline-run-20260101_000000-abc/files`;
  await Deno.mkdir(files);
  await Deno.writeTextFile(`${folder.path}/project/model`, "weights");
  await Deno.writeTextFile(`${folder.path}/secret`, "key");
  await Deno.symlink(`${folder.path}/project/model`, `${files}/model`);
  await Deno.symlink(`${folder.path}/secret`, `${files}/secret`);
  const repository = `${folder.path}/output`;
  const report = await importInto(repository, reader, runs);
  assertEquals((await linesOf(repository, (name) => name === "files.log.jsonl")).map(({ name }) => name), ["model"]);
  assertEquals(report.problems.map(({ file }) => file), ["secret"]);
});

Deno.test("wandb: a record of several pieces, of which only the first are there yet, is read when all are", async () => {
  await using folder = await scratch();
  const text = `"${"x".repeat(80_000)}"`;
  const whole = wandbFile([wandbRun("abc"), wandbHistory(0, { text }), wandbHistory(1, { loss: "1" })]);
  const runs = `${folder.path}/wandb`;
  const repository = `${folder.path}/output`;
  // Within the second piece, at its end, and within the third one.
  for (const length of [40_000, 65_536, 70_000, whole.length]) {
    await put(runs, whole.subarray(0, length));
    const { problems } = await importInto(repository, reader, runs);
    assertEquals(problems.filter(({ isWaiting }) => !isWaiting), []);
  }
  assertEquals((await linesOf(repository, (name) => name === "log.jsonl")).map(({ step }) => step), [0, 1]);
});

Deno.test("wandb: what surrounds a run that was followed, and did not end, comes with an import afterwards, once", async () => {
  await using folder = await scratch();
  const runs = `${folder.path}/wandb`;
  await put(runs, WHOLE.subarray(0, ENDS[3]));
  await Deno.mkdir(`${runs}/offline-run-20260101_000000-abc/files`);
  await Deno.writeTextFile(`${runs}/offline-run-20260101_000000-abc/files/output.log`, "text");
  const repository = `${folder.path}/output`;
  const filesOf = async (mayGrow: boolean) =>
    (await importInto(repository, reader, runs, { mayGrow })).runs.map(({ files }) => files);
  assertEquals([await filesOf(true), await filesOf(true), await filesOf(false), await filesOf(false)], [
    [0],
    [],
    [1],
    [],
  ]);
});

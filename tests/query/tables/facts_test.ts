import { QueryError } from "../../../lib/query/result/query_error.ts";
import type { Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { assertEquals, assertRejects } from "../../assert.ts";
import { scratch } from "../../e2e/dbx.ts";
import { rowsOf, scanOf, tablesOf } from "./scan_rows.ts";
import { idOf, lineOf, type SmallExperiment, smallRepository, sourceAt } from "./small_repository.ts";

/** The rows of a scan of a repository; experiments in the order in which they are written down. */
async function ask(
  experiments: readonly SmallExperiment[],
  table: string,
  names: readonly string[],
  where: readonly Scalar[] = [],
): Promise<Value[][]> {
  await using folder = await scratch();
  await smallRepository(`${folder.path}/r`, experiments);
  const tables = await tablesOf([await sourceAt(`${folder.path}/r`)], 5000);
  if (table !== "experiments") return await rowsOf(tables, scanOf(table, names, where));
  const rows = await rowsOf(tables, scanOf(table, [...names, "exp"], where));
  return rows.sort((a, b) => String(a.at(-1)) < String(b.at(-1)) ? -1 : 1).map((row) => row.slice(0, -1));
}

function equals(index: number, value: Value): Scalar {
  return { kind: "compare", op: "=", left: { kind: "input", index }, right: { kind: "constant", value } };
}

const end = (ts: number, durationMs: number, lost?: number) =>
  lineOf("dbx/end", ts, { status: "finished", durationMs, ...lost === undefined ? {} : { lost: { events: lost } } });

Deno.test("experiments: the status is that of the newest run", async () => {
  const ending = (status: string) => ({ logs: { dbx: [lineOf("dbx/end", 3000, { status, durationMs: 1 })] } });
  const experiments = [{ runs: [ending("failed"), ending("finished")] }, {
    runs: [ending("finished"), ending("killed")],
  }];
  assertEquals(await ask(experiments, "experiments", ["status"]), [["finished"], ["killed"]]);
});

Deno.test("experiments: facts of runs and notes", async () => {
  const experiments: SmallExperiment[] = [
    {
      runs: [
        { meta: { hostname: "old", git: { commit: "abc" } }, logs: { dbx: [end(3000, 700, 4)] } },
        { meta: { hostname: "new", cmd: ["python", "x.py"], env: { A: "1" } }, logs: { dbx: [end(4000, 50, 2)] } },
      ],
      notes: [lineOf("dbx/note", 10, { text: "first" }), lineOf("dbx/note", 20, { text: "second" })],
    },
    {},
    { runs: [{}] },
  ];
  const names = [
    "exp",
    "age_ms",
    "duration_ms",
    "hostname",
    "cmd",
    "git.commit",
    "env",
    "env.A",
    "note",
    "lost_events",
  ];
  assertEquals(await ask(experiments, "experiments", names), [
    [idOf("e", 0), 4000n, 750n, "new", '["python","x.py"]', null, '{"A":"1"}', "1", "second", 6n],
    [idOf("e", 1), 3999n, null, null, null, null, null, null, null, 0n],
    [idOf("e", 2), 3998n, null, null, null, null, null, null, null, 0n],
  ]);
});

const loss = (ts: number | undefined, value: number, event = "train") => lineOf(event, ts, { loss: value });

Deno.test("experiments: a statistic is over all runs, first and last are by time", async () => {
  const experiments: SmallExperiment[] = [
    {
      // The second run was made later, and logged earlier.
      runs: [
        { logs: { log: [loss(300, 5), loss(400, 1)], other: [loss(350, 9)] } },
        { logs: { log: [loss(100, 2), loss(200, 8)] } },
      ],
    },
    { runs: [{ logs: { log: [lineOf("train", 1, { loss: { _dbx: "nan" } }), loss(2, 3)] } }] },
    // Without times, the order of runs tells.
    { runs: [{ logs: { log: [loss(undefined, 1)] } }, { logs: { log: [loss(undefined, 2)] } }] },
    {},
  ];
  const names = ["first", "last", "min", "max", "mean", "count"].map((name) => `${name}:loss`);
  assertEquals(await ask(experiments, "experiments", names), [
    [2, 1, 1, 9, 5, 5n],
    [null, 3, 3, 3, 3, 2n],
    [1, 2, 1, 2, 1.5, 2n],
    [null, null, null, null, null, null],
  ]);
  assertEquals(await ask(experiments, "points", ["exp", "value", "max:loss"], [equals(2, 2)]), [
    [idOf("e", 2), 1, 2],
    [idOf("e", 2), 2, 2],
  ]);
});

Deno.test("experiments: a statistic names one series, or several by a glob", async () => {
  const experiments: SmallExperiment[] = [
    { meta: { kind: "eval" }, runs: [{ logs: { log: [loss(1, 1), loss(2, 2, "val"), loss(3, 3, "val/4")] } }] },
    { runs: [{ logs: { log: [loss(1, 7, "val")] } }] },
  ];
  const error = await assertRejects(() => ask(experiments, "experiments", ["max:loss"]), QueryError);
  assertEquals(
    error.message,
    'Cannot tell which series "loss" means: there are train:loss, val/*:loss, val:loss; give the whole name',
  );
  assertEquals(await ask(experiments, "experiments", ["max:val:loss", "max:*loss", "max:val*:loss"]), [[2, 3, 3], [
    7,
    7,
    7,
  ]]);
  // What else is asked leaves the doubtful experiment out.
  const isTrain = equals(1, "train");
  assertEquals(await ask(experiments, "experiments", ["max:loss", "kind"], [isTrain]), [[7, "train"]]);
  assertEquals(await ask(experiments, "experiments", ["max:loss", "kind"], [equals(0, 7), isTrain]), [[7, "train"]]);
});

Deno.test("SnapshotTables: two repositories with one experiment have its rows twice, each with its name", async () => {
  await using folder = await scratch();
  const experiments: SmallExperiment[] = [{ runs: [{ logs: { log: [loss(1, 1), loss(2, 2)] } }] }];
  for (const name of ["a", "b"]) await smallRepository(`${folder.path}/${name}`, experiments);
  const sources = [await sourceAt(`${folder.path}/a`, "a"), await sourceAt(`${folder.path}/b`, "b")];
  const tables = await tablesOf(sources);
  const exp = idOf("e", 0);
  assertEquals(await rowsOf(tables, scanOf("experiments", ["repo", "exp", "count:loss"])), [["a", exp, 2n], [
    "b",
    exp,
    2n,
  ]]);
  assertEquals(await rowsOf(tables, scanOf("metrics", ["repo", "exp", "count"])), [["a", exp, 2n], ["b", exp, 2n]]);
  assertEquals(await rowsOf(tables, scanOf("points", ["repo", "value"], [equals(0, "b")])), [["b", 1], ["b", 2]]);
  assertEquals((await rowsOf(tables, scanOf("events", ["repo", "line"]))).length, 4);
});

Deno.test("SnapshotTables: integers beyond 2^53 are exact", async () => {
  const big = "9007199254740993";
  const id = idOf("e", 0);
  const meta = `{"id":"${id}","kind":"k","name":"","params":{"seed":${big}},"createdAt":1,"custom":{"n":-${big}}}`;
  const lines = [`{"event":"a","ts":1,"n":${big},"x":{"y":[${big},1.5]}}`, `{"event":"a","n":NaN,"m":${big}}`];
  const experiments: SmallExperiment[] = [{ meta, runs: [{ logs: { log: lines } }] }];
  assertEquals(await ask(experiments, "experiments", ["params.seed", "params", "meta.custom.n"]), [
    [9007199254740993n, `{"seed":${big}}`, -9007199254740993n],
  ]);
  assertEquals(await ask(experiments, "events", ["data.n", "data.x.y", "data.m", "data", "experiments.params.seed"]), [
    [9007199254740993n, `[${big},1.5]`, null, `{"n":${big},"x":{"y":[${big},1.5]}}`, 9007199254740993n],
    [null, null, 9007199254740993n, `{"n":{"_dbx":"nan"},"m":${big}}`, 9007199254740993n],
  ]);
  assertEquals(await ask(experiments, "events", ["data.n", "line"], [equals(0, 9007199254740993n)]), [[
    9007199254740993n,
    1n,
  ]]);
});

Deno.test("SnapshotTables: infinities stay, NaN is NULL, a step that is missing is the index", async () => {
  const value = (x: unknown, more: Record<string, unknown> = {}) => lineOf("a", undefined, { x, ...more });
  const lines = [value({ _dbx: "inf" }), value({ _dbx: "-inf" }, { step: 7 }), value({ _dbx: "nan" }), value(2)];
  const experiments: SmallExperiment[] = [{ runs: [{ logs: { log: lines } }] }];
  const names = ["idx", "step", "value", "ts", "c0"];
  assertEquals(await ask(experiments, "points", names), [
    [0n, 0, Infinity, null, null],
    [1n, 7, -Infinity, null, null],
    [2n, 2, null, null, null],
    [3n, 3, 2, null, null],
  ]);
  assertEquals(await ask(experiments, "points", names, [equals(1, 7n)]), [[1n, 7, -Infinity, null, null]]);
});

Deno.test("files and notes: one row for each", async () => {
  const sha256 = "a".repeat(64);
  const held = { _dbx: "expfile", exp: "e", name: "model.bin", sha256 };
  const lines = [
    lineOf("a", 5, { x: 1 }),
    lineOf("dbx/file", 6, { name: "best", size: 12, file: held }),
    lineOf("a", undefined, { deep: [{ f: { _dbx: "reffile", path: "/x", hostname: "h", sha256 } }, held] }),
  ];
  const experiments: SmallExperiment[] = [{
    runs: [{ logs: { log: lines, stdout: [lineOf("printed", 1, { file: held })] } }],
    notes: [
      lineOf("dbx/tag", 1, { tag: "good" }),
      lineOf("dbx/tag", 2, { tag: "good", remove: true }),
      lineOf("dbx/note", 3, { text: "hm" }),
    ],
  }];
  const names = ["log", "ts", "name", "held", "sha256", "size", "path", "hostname"];
  assertEquals(await ask(experiments, "files", names), [
    ["log", 6n, "best", 1n, sha256, 12n, null, null],
    ["log", null, "/x", 0n, sha256, null, "/x", "h"],
    ["log", null, "model.bin", 1n, sha256, null, null, null],
  ]);
  assertEquals(await ask(experiments, "files", ["name"], [equals(0, "best")]), [["best"]]);
  assertEquals(await ask(experiments, "notes", ["exp", "replica", "ts", "what", "text"]), [
    [idOf("e", 0), idOf("n"), 1n, "tag", "good"],
    [idOf("e", 0), idOf("n"), 2n, "untag", "good"],
    [idOf("e", 0), idOf("n"), 3n, "note", "hm"],
  ]);
});

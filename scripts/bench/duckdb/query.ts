// Queries against DuckDB (two threads) over the same data, in turns. `--small` makes a tenth of the data, `--many N` the
// number of experiments of the last part (default 100,000; 0 leaves it out). The binary is timed where it is compiled.
// @ts-ignore -- mapped by the deno.json beside this file: 64 MB that running from source does not need
import { DuckDBInstance } from "@duckdb/node-api";
import { parseArgs } from "@std/cli/parse-args";
import { takeSnapshot } from "../../../lib/query/snapshot/snapshot.ts";
import { curvesOf } from "../../../lib/query/curves/curves.ts";
import { openSource } from "../../../lib/query/snapshot/source.ts";
import { query } from "../../../lib/query/query.ts";
import { QuerySession } from "../../../lib/query/session/session.ts";
import { measureProcess } from "../growth_process.ts";
import { binary, machine, median, timeCommand } from "../tools.ts";

const flags = parseArgs(Deno.args, { boolean: ["small"], string: ["many", "probe", "repo"] }) as {
  small: boolean;
  many?: string;
  probe?: string;
  repo?: string;
};
const NEEDS = { status: true, runs: true, runStatus: true, logs: true, columns: true };
const OVERALL = "SELECT count(*), avg(value), min(value), max(value) FROM points";
const PER_STEP = "SELECT step, avg(value), stddev_pop(value) FROM points WHERE key = 'loss' GROUP BY step";
const ROUNDS = 9;

if (flags.probe !== undefined) {
  await probe(flags.probe, flags.repo!);
  Deno.exit(0);
}

/** In a process of its own: one query, or warm ones, with the most memory that it had. */
async function probe(what: string, repo: string): Promise<void> {
  const from = performance.now();
  const source = await openSource(repo, { folder: `${repo}/.dbx/index` });
  for (let i = 0; i < (what === "warm" ? 10 : 1); i++) {
    for (const sql of what === "warm" ? [OVERALL, PER_STEP] : [OVERALL]) {
      using answer = await query([source], sql);
      await Array.fromAsync(answer);
    }
  }
  const ms = performance.now() - from;
  const peak = /VmHWM:\s+(\d+)/.exec(await Deno.readTextFile("/proc/self/status"))?.[1];
  console.log(JSON.stringify({ ms, peakMb: Number(peak) / 1024, read: source.index.bytesRead }));
}

async function probed(what: string, repo: string): Promise<{ ms: number; peakMb: number; read: number }> {
  const args = ["run", "-A", "--quiet", import.meta.url, "--probe", what, "--repo", repo];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

interface Shape {
  readonly experiments: number;
  readonly steps: number;
}

/** A repository of runs that log three numbers a step. */
function make(path: string, { experiments, steps }: Shape): void {
  Deno.mkdirSync(path, { recursive: true });
  const json = (value: unknown) => JSON.stringify(value) + "\n";
  Deno.writeTextFileSync(`${path}/dbx.json`, json({ dbx: 1, id: "benchbenchben", createdAt: 1.7e12 }));
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff;
  for (let e = 0; e < experiments; e++) {
    const [exp, run] = ["e", "r"].map((head) => head + String(e).padStart(12, "0"));
    const folder = `${path}/${exp}/runs/${run}`;
    Deno.mkdirSync(folder, { recursive: true });
    const createdAt = 1.7e12 + e * 1000;
    const params = { lr: 10 ** -(1 + e % 5), seed: e % 40 };
    Deno.writeTextFileSync(`${path}/${exp}/meta.json`, json({ id: exp, kind: "train", name: "", params, createdAt }));
    Deno.writeTextFileSync(`${folder}/meta.json`, json({ id: run, createdAt, cmd: ["train"] }));
    const lines: string[] = [];
    let loss = 2 + random();
    for (let s = 0; s < steps; s++) {
      loss *= 1 - 1 / steps;
      const data = { loss: loss + random() / 10, acc: 1 - loss / 4 + random() / 100, lr: params.lr * (1 - s / steps) };
      lines.push(
        JSON.stringify({ event: `train/step/${s}`, ts: createdAt + s * 50 + Math.floor(random() * 20), ...data }),
      );
    }
    Deno.writeTextFileSync(`${folder}/log.jsonl`, lines.join("\n") + "\n");
  }
  // What is as old as this is trusted by its time.
  const old = new Date(Date.now() - 60_000);
  for (const entry of Deno.readDirSync(path)) if (entry.isDirectory) Deno.utimeSync(`${path}/${entry.name}`, old, old);
}

const folder = await Deno.makeTempDir({ prefix: "dbx-bench-" });
const rows: [what: string, ours: string, theirs: string, ratio: string, target: string][] = [];
const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
function report(what: string, ours: number, theirs: number | undefined, target: string, name = "DuckDB"): void {
  const ratio = theirs === undefined ? "" : (ours / theirs).toFixed(2);
  rows.push([what, ms(ours), theirs === undefined ? "" : `${ms(theirs)}, ${name}`, ratio, target]);
  console.log(`  ${what}: ${rows.at(-1)!.slice(1).join("; ")}`);
}

const timeOf = async (f: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await f();
  return performance.now() - from;
};

/** Turns that warm, and do not count: the runtime compiles a loop better once it has run for a while. */
const WARMING = 10;

/** Medians of two that take turns, warm. */
async function turns(a: () => Promise<unknown>, b: () => Promise<unknown>, rounds = ROUNDS): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < WARMING + rounds; round++) {
    const pair = [await timeOf(a), await timeOf(b)];
    if (round >= WARMING) pair.forEach((time, at) => times[at].push(time));
  }
  return [median(times[0]), median(times[1])];
}

const shape = { experiments: 200, steps: flags.small ? 1000 : 10_000 };
const repo = `${folder}/repo`;
console.log(
  `queries, ${machine()}; ${shape.experiments} experiments of ${shape.steps} events of 3 numbers; medians of ${ROUNDS}`,
);
make(repo, shape);

const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const duck = await instance.connect();
const ask = async (sql: string) => (await duck.runAndReadAll(sql)).getRows();
const files = `read_json('${repo}/*/runs/*/log.jsonl', format = 'newline_delimited'`;
const per = (key: string) => `count(${key}), avg(${key}), min(${key}), max(${key})`;

// The first query: the index is made.
const first: number[] = [];
const firstDuck: number[] = [];
let peak = 0;
for (let round = 0; round < 3; round++) {
  await Deno.remove(`${repo}/.dbx`, { recursive: true }).catch(() => {});
  const built = await probed("first", repo);
  first.push(built.ms);
  peak = Math.max(peak, built.peakMb);
  firstDuck.push(await timeOf(() => ask(`SELECT ${["loss", "acc", "lr"].map(per)} FROM ${files})`)));
}
report("first query, index and all", median(first), median(firstDuck), "at most 4", "`read_json`");
const warm = await probed("warm", repo);
rows.push(["most memory of that process", `${peak.toFixed(0)} MB`, "", "", "1 GB"]);
rows.push(["most memory of warm queries", `${warm.peakMb.toFixed(0)} MB`, "", "", "600 MB"]);

await ask(`CREATE TABLE wide AS SELECT regexp_extract(filename, 'e[0-9]{12}') AS exp, ts, loss, acc, lr,
  regexp_extract(event, '[0-9]+$')::DOUBLE AS step FROM ${files}, filename = true)`);
await ask(
  ["loss", "acc", "lr"].map((key, at) =>
    `${
      at === 0 ? "CREATE TABLE points AS" : "UNION ALL"
    } SELECT exp, '${key}' AS key, step, ts, ${key} AS value FROM wide`
  ).join("\n"),
);
await ask(
  "CREATE TABLE experiments AS SELECT exp, 10.0 ** -(1 + right(exp, 12)::INT % 5) AS lr FROM (SELECT DISTINCT exp FROM wide)",
);

const source = await openSource(repo, { folder: `${repo}/.dbx/index` });
const run = (sql: string) => async () => {
  using answer = await query([source], sql);
  return await Array.fromAsync(answer);
};
const AGGREGATES = "count(*), avg(value), min(value), max(value)";
const shapes: [what: string, ours: string, theirs: string][] = [
  ["count, avg, min, max of all points", OVERALL, OVERALL],
  ["the same by experiment", ...both(`SELECT exp, ${AGGREGATES} FROM points GROUP BY exp`)],
  [
    "the same by params.lr",
    `SELECT params.lr, ${AGGREGATES} FROM points JOIN experiments USING (exp) GROUP BY 1`,
    `SELECT lr, ${AGGREGATES} FROM points JOIN experiments USING (exp) GROUP BY 1`,
  ],
  ["mean and deviation at each step", ...both(PER_STEP)],
  [
    "top 10 by least value",
    ...both("SELECT exp, min(value) AS m FROM points WHERE key = 'loss' GROUP BY exp ORDER BY m LIMIT 10"),
  ],
  [
    "with a filter on step and value",
    ...both(
      `SELECT exp, ${AGGREGATES} FROM points WHERE key = 'loss' AND step >= ${
        shape.steps / 2
      } AND value > 1 GROUP BY exp`,
    ),
  ],
  ["the 10 least points", ...both("SELECT exp, step, value FROM points WHERE key = 'loss' ORDER BY value LIMIT 10")],
];
function both(sql: string): [string, string] {
  return [sql, sql];
}
for (const [what, ours, theirs] of shapes) {
  const [a, b] = await turns(run(ours), () => ask(theirs));
  report(what, a, b, "at most 1.5");
}

// Curves for a plot.
const view = new QuerySession(await takeSnapshot([source], NEEDS, { now: Date.now() }));
const curves: number[] = [];
for (let round = 0; round < 7; round++) {
  curves.push(await timeOf(() => curvesOf(view, { series: "loss", points: 1000 })));
}
report(
  `${shape.experiments} curves, each reduced to 1,000 points`,
  median(curves.slice(1)),
  undefined,
  "at most 100 ms",
);

// A little news.
const log = (e: number) => `${repo}/e${String(e).padStart(12, "0")}/runs/r${String(e).padStart(12, "0")}/log.jsonl`;
const append = (e: number, lines: number) =>
  Deno.writeTextFileSync(log(e), `{"event":"train/step/1","ts":1700000000000,"loss":1}\n`.repeat(lines), {
    append: true,
  });
const [still] = await turns(run(PER_STEP), () => Promise.resolve());
const grown: number[] = [];
for (let round = 0; round < 7; round++) {
  append(round, 1);
  grown.push(await timeOf(run(PER_STEP)));
}
report("one event more, then a query", median(grown), still, "at most 1.3", "without");
for (let e = 10; e < 20; e++) append(e, 1000);
const ten = await timeOf(run(PER_STEP));
report("ten experiments with 1,000 events more each", ten, still, "in proportion", "without");
console.log(`  read for that: ${source.index.bytesRead} bytes`);

// The binary.
const lr = "SELECT params.lr, avg(value) FROM points JOIN experiments USING (exp) WHERE key = 'loss' GROUP BY 1";
try {
  await Deno.stat(binary());
  for (const [what, sql] of [["the binary, by params.lr", lr], ["the binary, at each step", PER_STEP]]) {
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      times.push(await timeCommand([binary(), "query", "--repo", repo, sql]));
    }
    report(what, median(times.slice(1)), undefined, "at most 250 ms");
  }
} catch (error) {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  console.log("  the binary is not timed: deno task compile makes it");
}

// Metrics of many experiments.
const wide = `${folder}/wide`;
make(wide, { experiments: flags.small ? 1000 : 10_000, steps: 10 });
const wideSource = await openSource(wide, { folder: `${wide}/.dbx/index` });
const wideView = new QuerySession(await takeSnapshot([wideSource], NEEDS, { now: Date.now() }));
const METRICS = "SELECT exp, min(min) AS best FROM metrics WHERE key = 'loss' GROUP BY exp ORDER BY best LIMIT 10";
{
  using answer = await wideView.query("SELECT exp, key, min, max, last FROM metrics");
  await ask("CREATE TABLE metrics (exp TEXT, key TEXT, min DOUBLE, max DOUBLE, last DOUBLE)");
  const values = (await Array.fromAsync(answer)).map((row) =>
    `(${row.map((cell) => typeof cell === "string" ? `'${cell}'` : cell)})`
  );
  for (let at = 0; at < values.length; at += 1000) {
    await ask(`INSERT INTO metrics VALUES ${values.slice(at, at + 1000)}`);
  }
}
const [ours, theirs] = await turns(async () => {
  using answer = await wideView.query(METRICS);
  await Array.fromAsync(answer);
}, () => ask(METRICS));
report(`best value of each of ${flags.small ? "1,000" : "10,000"} experiments, of a view`, ours, theirs, "below 1");

// Very many small experiments.
const many = Number(flags.many ?? (flags.small ? 0 : 100_000));
if (many > 0) {
  const path = `${folder}/many`;
  make(path, { experiments: many, steps: 10 });
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const built = await measureProcess([binary(), "query", OVERALL, "--repo", path]);
  rows.push([
    `index of ${many.toLocaleString("en")} experiments of 10 events`,
    `${(built.ms / 1000).toFixed(1)} s, ${built.peakMb.toFixed(0)} MB`,
    "",
    "",
    "10 s, 400 MB",
  ]);
  const times: number[] = [];
  for (let round = 0; round <= 3; round++) {
    times.push(await timeCommand([binary(), "ls", "--repo", path, "--kind", "none"]));
  }
  report("dbx ls of these, with a filter", median(times.slice(1)), undefined, "below 1 s");
}

console.log("\n| what | dbx | peer | ratio | target |\n| --- | ---: | ---: | ---: | ---: |");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
await Deno.remove(folder, { recursive: true });
